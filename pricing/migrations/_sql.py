"""SQL of the triggers on posts and pools: frozen with their budget, and counted on its calculation."""

from budgets.migrations._sql import statement_triggers

OF_BUDGET = "SELECT r.budget_id FROM ({rows}) AS r"
OF_POST = "SELECT p.budget_id FROM ({rows}) AS r JOIN pricing_post AS p ON p.id = r.post_id"
OF_POOL = "SELECT p.budget_id FROM ({rows}) AS r JOIN pricing_costpool AS p ON p.id = r.pool_id"
OF_PART = "SELECT b.id AS budget_id FROM ({rows}) AS r JOIN pricing_postpart AS a ON a.id = r.part_id JOIN pricing_post AS p ON p.id = a.post_id JOIN budgets_budget AS b ON b.id = p.budget_id"
# An index of personnel raises pay in the years of every draft that no wage revision is dated in.
OF_DRAFTS = "SELECT b.id AS budget_id FROM budgets_budget AS b WHERE b.status = 'draft' AND EXISTS ({rows})"

START_STATES = """
CREATE OR REPLACE FUNCTION start_calculation_state() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO pricing_calculationstate (budget_id) SELECT id FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER start_calculation AFTER INSERT ON budgets_budget REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION start_calculation_state();
CREATE OR REPLACE FUNCTION forget_calculation_state() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM pricing_calculationstate WHERE budget_id IN (SELECT id FROM old_rows);
    RETURN NULL;
END $$;
CREATE TRIGGER forget_calculation AFTER DELETE ON budgets_budget REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION forget_calculation_state();
INSERT INTO pricing_calculationstate (budget_id) SELECT id FROM budgets_budget ON CONFLICT DO NOTHING;
"""


def count_calculations(table: str, budgets: str = OF_BUDGET) -> str:
    """Counts a change on the calculation of every budget touched, locked in one order."""
    body = f"""
    PERFORM FROM pricing_calculationstate WHERE budget_id IN ({budgets}) ORDER BY budget_id FOR UPDATE;
    UPDATE pricing_calculationstate SET changed = changed + 1 WHERE budget_id IN ({budgets});"""
    return statement_triggers("count_calculation", table, body)


# A post, a pool's weight and its product are of one budget; so are both ends of moved cost.
SAME_BUDGET = "".join(
    f"""
CREATE OR REPLACE FUNCTION {table}_in_own_budget() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT count(DISTINCT b) FROM unnest(ARRAY[{budgets}]) AS b) > 1 THEN
        RAISE EXCEPTION 'The rows of {table} belong to one budget.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{table}_in_own_budget';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_own_budget BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_in_own_budget();"""
    for table, budgets in {
        "pricing_postpart": """(SELECT budget_id FROM pricing_post WHERE id = NEW.post_id),
        (SELECT budget_id FROM pricing_costpool WHERE id = NEW.pool_id),
        (SELECT budget_id FROM budgets_budgetproduct WHERE id = NEW.budget_product_id)""",
        "pricing_poolweight": """(SELECT budget_id FROM pricing_costpool WHERE id = NEW.pool_id),
        (SELECT budget_id FROM pricing_costpool WHERE id = NEW.to_pool_id),
        (SELECT budget_id FROM budgets_budgetproduct WHERE id = NEW.budget_product_id)""",
        "pricing_poolproduct": """(SELECT budget_id FROM pricing_costpool WHERE id = NEW.pool_id),
        (SELECT budget_id FROM budgets_budgetproduct WHERE id = NEW.budget_product_id)""",
        "pricing_movedcost": """NEW.budget_id,
        (SELECT budget_id FROM budgets_budgetproduct WHERE id = NEW.from_product_id),
        (SELECT budget_id FROM budgets_budgetproduct WHERE id = NEW.to_product_id)""",
        "pricing_calculatedkind": "NEW.budget_id, (SELECT budget_id FROM budgets_budgetproduct WHERE id = NEW.budget_product_id)",
    }.items()
)
