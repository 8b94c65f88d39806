"""Triggers: the hardware strategies of an adopted budget are frozen, and a strategy's rows are of its budget."""

from django.db import migrations

from budgets.migrations._sql import freeze

SAME_BUDGET = """
CREATE OR REPLACE FUNCTION strategy_row_in_own_budget() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.budget_id <> (SELECT budget_id FROM investments_hardwarestrategy WHERE id = NEW.strategy_id) THEN
        RAISE EXCEPTION 'The rows of a strategy belong to its budget.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'strategy_row_in_own_budget';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_own_budget BEFORE INSERT OR UPDATE ON investments_strategyrow
    FOR EACH ROW EXECUTE FUNCTION strategy_row_in_own_budget();
"""


class Migration(migrations.Migration):
    dependencies = [("investments", "0022_hardware")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            freeze("investments_hardwarestrategy"),
            freeze("investments_strategyrow"),
            SAME_BUDGET,
        )
    ]
