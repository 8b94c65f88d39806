"""SQL of the triggers that hold a loan to its days and terms (rule 8), at the end of the transaction."""

from budgets.migrations import _sql as counting

CHECK_TERMS = """
CREATE OR REPLACE FUNCTION refuse_loan_terms(what text, held text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation', CONSTRAINT = held;
END $$;
CREATE OR REPLACE FUNCTION check_terms_of_loan(checked bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    loan investments_loan%ROWTYPE;
BEGIN
    SELECT * INTO loan FROM investments_loan WHERE id = checked;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM investments_loaninstalment AS r WHERE r.loan_id = checked AND CASE
        WHEN loan.raised_on IS NULL THEN r.due_on IS NOT NULL
        WHEN r.due_on IS NULL THEN r.year NOT BETWEEN extract(year FROM loan.raised_on) AND extract(year FROM loan.matures_on)
        ELSE r.due_on <= loan.raised_on OR r.due_on > loan.matures_on END
    ) THEN
        PERFORM refuse_loan_terms('An instalment is before the loan or after its maturity.', 'instalments_are_within_the_loan');
    END IF;
    IF loan.plan <> 'own' AND EXISTS (SELECT FROM investments_loaninstalment WHERE loan_id = checked) THEN
        PERFORM refuse_loan_terms('Only a loan of own rows has instalments of its own.', 'instalments_are_of_own_rows');
    END IF;
    IF loan.raised_on IS NOT NULL
        AND (SELECT sum(amount_ore) FROM investments_loaninstalment WHERE loan_id = checked) > loan.principal_ore
    THEN
        PERFORM refuse_loan_terms('The instalments of a loan exceed it.', 'instalments_are_of_the_loan');
    END IF;
    IF EXISTS (SELECT FROM investments_loanterm AS t WHERE t.loan_id = checked HAVING count(*) > 0 AND (
        loan.raised_on IS NULL OR min(t.from_on) <> loan.raised_on OR max(t.from_on) >= loan.matures_on))
    THEN
        PERFORM refuse_loan_terms('The first rate of a loan is from the day that it is raised, the last before it matures.', 'loan_terms_are_within_it');
    END IF;
    IF EXISTS (SELECT FROM investments_loan AS o WHERE (o.id = loan.refinances_id AND o.matures_on IS DISTINCT FROM loan.raised_on)
        OR (o.refinances_id = loan.id AND o.raised_on IS DISTINCT FROM loan.matures_on))
    THEN
        PERFORM refuse_loan_terms('A loan refinances another on the day that the other matures.', 'loan_refinances_at_maturity');
    END IF;
    IF EXISTS (SELECT FROM investments_loan AS o WHERE (o.id = loan.part_of_id AND (o.debt_on IS NULL OR loan.raised_on > o.debt_on))
        OR (o.part_of_id = loan.id AND (loan.debt_on IS NULL OR o.raised_on > loan.debt_on)))
    THEN
        PERFORM refuse_loan_terms('A loan is part of a sum that is stated on its day or later.', 'loan_is_part_of_a_later_sum');
    END IF;
    IF EXISTS (SELECT FROM investments_loanstatement WHERE loan_id = checked AND stated_on < loan.raised_on) THEN
        PERFORM refuse_loan_terms('A loan is stated before it is raised.', 'loan_is_stated_after_it_is_raised');
    END IF;
END $$;
CREATE OR REPLACE FUNCTION check_loan_by_its_rows() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_terms_of_loan(CASE TG_OP WHEN 'DELETE' THEN OLD.loan_id ELSE NEW.loan_id END);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION check_loan_by_itself() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_terms_of_loan(NEW.id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION check_statement_has_come() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.stated_on > (now() AT TIME ZONE 'Europe/Stockholm')::date THEN
        PERFORM refuse_loan_terms('A statement is of a day that has come.', 'loan_is_stated_today_at_the_latest');
    END IF;
    RETURN NEW;
END $$;
CREATE CONSTRAINT TRIGGER terms_of_loan AFTER INSERT OR UPDATE ON investments_loan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_loan_by_itself();
CREATE CONSTRAINT TRIGGER terms_of_loan AFTER INSERT OR UPDATE ON investments_loaninstalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_loan_by_its_rows();
CREATE CONSTRAINT TRIGGER terms_of_loan AFTER INSERT OR UPDATE OR DELETE ON investments_loanterm
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_loan_by_its_rows();
CREATE CONSTRAINT TRIGGER terms_of_loan AFTER INSERT OR UPDATE ON investments_loanstatement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_loan_by_its_rows();
CREATE TRIGGER stated_by_today BEFORE INSERT OR UPDATE ON investments_loanstatement
    FOR EACH ROW EXECUTE FUNCTION check_statement_has_come();
"""
UNDO = """
DROP TRIGGER terms_of_loan ON investments_loan;
DROP TRIGGER terms_of_loan ON investments_loaninstalment;
DROP TRIGGER terms_of_loan ON investments_loanterm;
DROP TRIGGER terms_of_loan ON investments_loanstatement;
DROP TRIGGER stated_by_today ON investments_loanstatement;
DROP FUNCTION check_loan_by_its_rows(), check_loan_by_itself(), check_statement_has_come();
DROP FUNCTION check_terms_of_loan(bigint), refuse_loan_terms(text, text);
"""


def count_interest(table: str, budgets: str) -> str:
    """Counts a change of what interest is counted by on the forecasts of every draft touched."""
    drafts = f"SELECT b.id FROM budgets_budget AS b WHERE b.status = 'draft' AND b.id IN ({budgets})"
    body = f"""
    PERFORM FROM budgets_forecaststate WHERE budget_id IN ({drafts}) ORDER BY budget_id FOR UPDATE;
    UPDATE budgets_forecaststate SET changed = changed + 1 WHERE budget_id IN ({drafts});"""
    return counting.statement_triggers("count_interest", table, body)


OF_INTEREST = (
    "SELECT r.budget_id FROM ({rows}) AS r JOIN budgets_planningrate AS p ON p.id = r.rate_id WHERE p.kind = 'interest'"
)
OF_RATE = (
    "SELECT c.budget_id FROM ({rows}) AS r JOIN budgets_chosenrate AS c ON c.rate_id = r.id WHERE r.kind = 'interest'"
)
