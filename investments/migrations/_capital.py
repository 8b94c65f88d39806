"""SQL of the triggers on what capital cost is made of: counted on its state, in one budget, and of that budget's years."""

from budgets.migrations._sql import statement_triggers

OF_BUDGET = "SELECT r.budget_id FROM ({rows}) AS r"
# Shared facts concern every draft.
OF_DRAFTS = "SELECT b.id AS budget_id FROM budgets_budget AS b WHERE b.status = 'draft' AND EXISTS ({rows})"
OF_RATE = "SELECT c.budget_id FROM ({rows}) AS r JOIN budgets_chosenrate AS c ON c.rate_id = r.id"


def count_capital(table: str, budgets: str = OF_BUDGET) -> str:
    """Counts a change on the capital cost of every budget touched, locked in one order."""
    body = f"""
    PERFORM FROM investments_capitalstate WHERE budget_id IN ({budgets}) ORDER BY budget_id FOR UPDATE;
    UPDATE investments_capitalstate SET changed = changed + 1 WHERE budget_id IN ({budgets});"""
    return statement_triggers("count_capital", table, body)


START_STATES = """
CREATE OR REPLACE FUNCTION start_capital_state() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO investments_capitalstate (budget_id) SELECT id FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER start_capital AFTER INSERT ON budgets_budget REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION start_capital_state();
CREATE OR REPLACE FUNCTION forget_capital_state() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM investments_capitalstate WHERE budget_id IN (SELECT id FROM old_rows);
    RETURN NULL;
END $$;
CREATE TRIGGER forget_capital AFTER DELETE ON budgets_budget REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION forget_capital_state();
INSERT INTO investments_capitalstate (budget_id) SELECT id FROM budgets_budget ON CONFLICT DO NOTHING;
"""

SAME_BUDGET = "".join(
    f"""
CREATE OR REPLACE FUNCTION {table}_in_own_budget() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT count(DISTINCT b) FROM unnest(ARRAY[NEW.budget_id, ({other})]) AS b) > 1 THEN
        RAISE EXCEPTION 'The rows of {table} belong to one budget.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{table}_in_own_budget';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_own_budget BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_in_own_budget();"""
    for table, other in {
        "investments_investmentitem": "SELECT budget_id FROM investments_investment WHERE id = NEW.investment_id",
        "investments_plannedloan": "SELECT budget_id FROM investments_investment WHERE id = NEW.investment_id",
        "investments_productclass": "SELECT budget_id FROM budgets_budgetproduct WHERE id = NEW.budget_product_id",
    }.items()
)

# At the end of the transaction: a copy to the next year drops the purchases of the year that has passed before that.
ITEM_OF_THE_YEARS = """
CREATE OR REPLACE FUNCTION check_item_year() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM investments_investmentitem AS i JOIN budgets_budget AS b ON b.id = i.budget_id
        WHERE i.id = NEW.id AND i.year NOT BETWEEN b.fiscal_year AND b.fiscal_year + 2
    ) THEN
        RAISE EXCEPTION 'A purchase is of one of its budget''s years.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_of_the_budget_years';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER item_of_the_years AFTER INSERT OR UPDATE OF year, budget_id ON investments_investmentitem
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_item_year();
"""

# Lives that a budget was decided with become its own, and a loan says which row it pays for: the owner's act, told by
# history as every change is, but neither refused by the freeze nor counted as a change that needs a roll-up.
OWN_LIVES = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE investments_investment DISABLE TRIGGER freeze_update;
ALTER TABLE investments_investment DISABLE TRIGGER count_update;
UPDATE investments_investment AS i SET useful_life_years = c.useful_life_years, assumed_life_years = c.assumed_life_years
    FROM investments_assetclass AS c
    WHERE c.id = i.asset_class_id AND (c.useful_life_years IS NOT NULL OR c.assumed_life_years IS NOT NULL);
ALTER TABLE investments_investment ENABLE TRIGGER freeze_update;
ALTER TABLE investments_investment ENABLE TRIGGER count_update;
ALTER TABLE investments_plannedloan DISABLE TRIGGER freeze_update;
ALTER TABLE investments_plannedloan DISABLE TRIGGER count_update;
UPDATE investments_plannedloan AS l SET investment_id = i.id FROM (
        SELECT min(id) AS id, budget_id, asset_class_id FROM investments_investment
        WHERE financing = 'loan' GROUP BY budget_id, asset_class_id HAVING count(*) = 1
    ) AS i WHERE i.budget_id = l.budget_id AND i.asset_class_id = l.asset_class_id;
ALTER TABLE investments_plannedloan ENABLE TRIGGER freeze_update;
ALTER TABLE investments_plannedloan ENABLE TRIGGER count_update;
SET CONSTRAINTS ALL DEFERRED;
"""
