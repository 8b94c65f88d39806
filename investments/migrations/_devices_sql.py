"""SQL of the triggers that hold the device register together, checked at the end of the transaction."""

# A child has no children, so nothing is counted twice and no circle can be made.
CHECK_PARENTS = """
CREATE OR REPLACE FUNCTION check_asset_class_parents() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM investments_assetclass AS child JOIN investments_assetclass AS parent ON parent.id = child.parent_id
        WHERE parent.parent_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'An asset class that is part of another has no parts.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'asset_classes_have_one_level';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER one_level AFTER INSERT OR UPDATE OF parent_id ON investments_assetclass
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL)
    EXECUTE FUNCTION check_asset_class_parents();
"""
CHECK_CUSTOMERS = """
CREATE OR REPLACE FUNCTION check_device_customer() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM investments_devicebatch AS b JOIN investments_assetclass AS c ON c.id = b.asset_class_id
        WHERE b.id = NEW.id AND b.customer_id IS NULL AND c.is_device
    ) THEN
        RAISE EXCEPTION 'A device has a customer.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'device_has_a_customer';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION check_customers_of_class() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM investments_devicebatch WHERE asset_class_id = NEW.id AND customer_id IS NULL) THEN
        RAISE EXCEPTION 'A device has a customer.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'device_has_a_customer';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER device_has_customer AFTER INSERT OR UPDATE OF asset_class_id, customer_id
    ON investments_devicebatch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.customer_id IS NULL)
    EXECUTE FUNCTION check_device_customer();
CREATE CONSTRAINT TRIGGER devices_have_customers AFTER UPDATE OF is_device ON investments_assetclass
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.is_device) EXECUTE FUNCTION check_customers_of_class();
"""
# What is retired of a batch and what is left are the batch: never more than it holds, and nothing before its use.
CHECK_EVENTS = """
CREATE OR REPLACE FUNCTION check_events_of_batch(checked bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM investments_devicebatch AS b JOIN investments_deviceevent AS e ON e.batch_id = b.id
        WHERE b.id = checked GROUP BY b.id
        HAVING coalesce(sum(e.number), 0) >= b.number OR min(e.month_on) < b.taken_on
            OR max(e.month_on) > coalesce(b.retired_on, 'infinity')
    ) THEN
        RAISE EXCEPTION 'What is retired or written down of a batch exceeds it, precedes its use or comes after its end.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'events_are_of_the_batch';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION check_device_event() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_events_of_batch(NEW.batch_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION check_device_batch() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_events_of_batch(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER events_of_batch AFTER INSERT OR UPDATE ON investments_deviceevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_device_event();
CREATE CONSTRAINT TRIGGER events_of_batch AFTER UPDATE OF number, taken_on, retired_on ON investments_devicebatch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_device_batch();
"""
