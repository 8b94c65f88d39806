"""SQL of the decisions' trigger: what no constraint can check, since it needs other rows or today's date."""

# The lock makes two people who each close half of a circle wait for each other.
KEEP_DECISIONS = """
CREATE OR REPLACE FUNCTION keep_decisions_in_order() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Stockholm')::date;
BEGIN
    IF NEW.approved_on > today OR NEW.noticed_on > today THEN
        RAISE EXCEPTION 'Minutes are approved and put up today or earlier.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_minutes_not_ahead';
    END IF;
    IF NEW.supersedes_id IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('objects_decision.supersedes'));
        IF EXISTS (
            WITH RECURSIVE chain(id) AS (
                SELECT NEW.supersedes_id
                UNION
                SELECT d.supersedes_id FROM objects_decision AS d JOIN chain ON chain.id = d.id
                WHERE d.supersedes_id IS NOT NULL
            ) SELECT FROM chain WHERE id = NEW.id
        ) THEN
            RAISE EXCEPTION 'The decision would supersede itself.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_supersedes_another';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_in_order BEFORE INSERT OR UPDATE ON objects_decision
    FOR EACH ROW EXECUTE FUNCTION keep_decisions_in_order();
"""

# What is decided is never planned again and never removed; a later decision supersedes it.
KEEP_DECIDED = """
CREATE FUNCTION keep_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.stage = 'decided' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What is decided stays in the register; supersede it by a later decision instead.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'what_is_decided_stays';
END $$;
CREATE TRIGGER keep_decided BEFORE UPDATE OR DELETE ON objects_decision
    FOR EACH ROW WHEN (OLD.stage = 'decided') EXECUTE FUNCTION keep_decided();
"""
