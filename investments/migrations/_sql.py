"""SQL of the triggers that hold repayments to their loan, shares to their whole, and what is signed or sent (rule 8)."""

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

# A share is a part of the whole: together they are 100 %, checked at the end of the transaction.
WHOLE_SHARES = """
CREATE FUNCTION check_recourse_shares() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM investments_recourseparty WHERE agreement_id = COALESCE(NEW.agreement_id, OLD.agreement_id)
        GROUP BY agreement_id HAVING sum(share_percent) <> 100
    ) THEN
        RAISE EXCEPTION 'The shares of a recourse agreement are the whole together.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recourse_shares_are_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER whole_shares AFTER INSERT OR UPDATE OR DELETE ON investments_recourseparty
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_recourse_shares();
"""

# What somebody has signed is not changed afterwards; a signature may be entered, corrected or taken back.
KEEP_SIGNED = """
CREATE FUNCTION keep_signed_recourse() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    agreement bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.agreement_id ELSE OLD.agreement_id END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.agreement_id, NEW.municipality_id, NEW.share_percent)
            IS NOT DISTINCT FROM (OLD.agreement_id, OLD.municipality_id, OLD.share_percent) THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM FROM investments_recourseagreement WHERE id = agreement FOR SHARE;
    IF EXISTS (SELECT FROM investments_recourseparty WHERE agreement_id = agreement AND signed_on IS NOT NULL) THEN
        RAISE EXCEPTION 'A recourse agreement that somebody has signed keeps its shares.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'signed_recourse_is_kept';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_signed BEFORE INSERT OR UPDATE OR DELETE ON investments_recourseparty
    FOR EACH ROW EXECUTE FUNCTION keep_signed_recourse();
"""

# The text that the councils were sent is what they decide on: it is neither changed nor removed.
KEEP_SENT = """
CREATE FUNCTION keep_sent_package() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.text, NEW.framework_id, NEW.sent_at) IS NOT DISTINCT FROM (OLD.text, OLD.framework_id, OLD.sent_at) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A package that is sent keeps its text; propose another framework instead.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sent_package_is_kept';
END $$;
CREATE TRIGGER keep_sent BEFORE UPDATE OR DELETE ON investments_councilpackage
    FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION keep_sent_package();
CREATE FUNCTION check_package_is_frozen() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM investments_councilpackage WHERE id = NEW.package_id AND sent_at IS NOT NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'A package is frozen before it is sent to a council.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sent_package_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen_when_sent BEFORE INSERT OR UPDATE ON investments_packagecouncil
    FOR EACH ROW WHEN (NEW.sent_on IS NOT NULL) EXECUTE FUNCTION check_package_is_frozen();
"""

# Frameworks replace each other one by one: two that replace nothing would both be the most that may be owed. The lock
# makes two who enter one at once wait for each other.
ONE_CHAIN = """
CREATE FUNCTION keep_frameworks_in_a_chain() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('investments_borrowingframework.replaces'));
    IF NEW.replaces_id IS NULL AND EXISTS (
        SELECT FROM investments_borrowingframework WHERE replaces_id IS NULL AND id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'A framework replaces the one before it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'frameworks_do_not_overlap';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_a_chain BEFORE INSERT OR UPDATE OF replaces_id ON investments_borrowingframework
    FOR EACH ROW EXECUTE FUNCTION keep_frameworks_in_a_chain();
"""
