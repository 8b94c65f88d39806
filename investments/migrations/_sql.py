"""SQL of the triggers that hold repayments to their loan (rule 8), checked at the end of the transaction."""

CHECK_PLANNED = """
CREATE OR REPLACE FUNCTION check_repayments_of_planned_loan(checked bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM investments_plannedloan AS l JOIN investments_plannedrepayment AS r ON r.planned_loan_id = l.id
        WHERE l.id = checked GROUP BY l.id HAVING sum(r.amount_ore) > l.principal_ore OR min(r.year) < l.year
    ) THEN
        RAISE EXCEPTION 'The repayments of a planned loan exceed it or precede it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'repayments_are_of_the_loan';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION check_planned_repayment() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_repayments_of_planned_loan(NEW.planned_loan_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION check_planned_loan() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_repayments_of_planned_loan(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER repayments_of_loan AFTER INSERT OR UPDATE ON investments_plannedrepayment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_planned_repayment();
CREATE CONSTRAINT TRIGGER repayments_of_loan AFTER UPDATE OF principal_ore, year ON investments_plannedloan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_planned_loan();
"""

# Of the year of the statement only the engine can tell what comes after its day.
CHECK_EXISTING = """
CREATE OR REPLACE FUNCTION check_instalments_of_loan(checked bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM investments_loan AS l JOIN investments_loaninstalment AS r ON r.loan_id = l.id
        WHERE l.id = checked AND r.year > extract(year FROM l.debt_on)
        GROUP BY l.id HAVING sum(r.amount_ore) > l.debt_ore
    ) THEN
        RAISE EXCEPTION 'The instalments of a loan exceed its debt.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_are_of_the_loan';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION check_loan_instalment() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_instalments_of_loan(NEW.loan_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION check_loan() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_instalments_of_loan(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER instalments_of_loan AFTER INSERT OR UPDATE ON investments_loaninstalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_loan_instalment();
CREATE CONSTRAINT TRIGGER instalments_of_loan AFTER UPDATE OF debt_ore, debt_on ON investments_loan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_loan();
"""
