"""SQL of the triggers that keep the digests of history."""

# Nobody changes a digest, not even the owner; who switches the trigger off is found by the chain and its head.
KEEP_DIGESTS = """
CREATE FUNCTION keep_history_digests() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Digests of history are never changed or removed.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'history_digests_are_kept';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON records_historydigest
    FOR EACH STATEMENT EXECUTE FUNCTION keep_history_digests();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON records_historypart
    FOR EACH STATEMENT EXECUTE FUNCTION keep_history_digests();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON records_historydisposal
    FOR EACH STATEMENT EXECUTE FUNCTION keep_history_digests();
"""

# Disposal empties what tells of single events; what they add up to stays.
KEEP_PARTS = """
CREATE FUNCTION keep_history_parts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.marks <> '' OR NEW.runs <> '[]' OR (to_jsonb(NEW) - '{marks,runs}'::text[]) <> (to_jsonb(OLD) - '{marks,runs}'::text[]) THEN
        RAISE EXCEPTION 'Digests of history are never changed or removed.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'history_digests_are_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_row BEFORE UPDATE ON records_historypart FOR EACH ROW EXECUTE FUNCTION keep_history_parts();
"""

# A digest follows the last one, and a part begins where its table's last one ended.
FOLLOW = """
CREATE FUNCTION follow_history_digest() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    last records_historydigest;
BEGIN
    SELECT * INTO last FROM records_historydigest ORDER BY number DESC LIMIT 1;
    IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous_hash <> COALESCE(last.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'A digest of history follows the last one, which is number %.', COALESCE(last.number, 0)
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'history_digest_follows_the_last';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow BEFORE INSERT ON records_historydigest FOR EACH ROW EXECUTE FUNCTION follow_history_digest();
CREATE FUNCTION follow_history_part() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ended bigint;
BEGIN
    SELECT p.last INTO ended FROM records_historypart AS p WHERE p."table" = NEW."table" ORDER BY p.after DESC LIMIT 1;
    IF NEW.after <> COALESCE(ended, (-9223372036854775808)::bigint) OR NEW.last < NEW.after THEN
        RAISE EXCEPTION 'A part of history begins where the last one of % ended.', NEW."table"
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'history_part_follows_the_last';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow BEFORE INSERT ON records_historypart FOR EACH ROW EXECUTE FUNCTION follow_history_part();
"""
