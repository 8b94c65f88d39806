"""SQL of the triggers that freeze adopted budgets and count changes; also used by the apps above."""

# An adopted budget, or one of published figures only, is frozen. FOR SHARE waits for an adoption under way and then
# sees it, so that no concurrent write slips in beside it.
CHECK_BUDGETS = """
CREATE OR REPLACE FUNCTION refuse_frozen_budgets(budget_ids bigint[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    frozen text;
BEGIN
    PERFORM FROM budgets_budget WHERE id = ANY(budget_ids) ORDER BY id FOR SHARE;
    SELECT slug INTO frozen FROM budgets_budget WHERE id = ANY(budget_ids) AND status <> 'draft' LIMIT 1;
    IF frozen IS NOT NULL THEN
        RAISE EXCEPTION 'The budget % is adopted and can no longer be changed; make a revised budget instead.', frozen
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'adopted_budget_is_frozen';
    END IF;
END $$;
"""

FREEZE_BUDGET = """
CREATE OR REPLACE FUNCTION keep_budget_adopted() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'adopted' THEN
            RAISE EXCEPTION 'A budget starts as a draft; adopt it by a decision.'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'budget_starts_as_draft';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status <> 'draft' THEN
        RAISE EXCEPTION 'The budget % is adopted and can no longer be changed; make a revised budget instead.', OLD.slug
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'adopted_budget_is_frozen';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status = 'adopted' AND (
        EXISTS (SELECT FROM budgets_rollupstate s JOIN budgets_subbudget b ON b.id = s.sub_budget_id
                WHERE b.budget_id = OLD.id AND s.changed <> s.summed)
        OR EXISTS (SELECT FROM budgets_forecaststate WHERE budget_id = OLD.id AND changed <> computed)
    ) THEN
        RAISE EXCEPTION 'The budget % has changes that are not rolled up; roll it up before it is adopted.', OLD.slug
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'adopted_budget_is_rolled_up';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_adopted BEFORE INSERT OR UPDATE OR DELETE ON budgets_budget
    FOR EACH ROW EXECUTE FUNCTION keep_budget_adopted();
"""

ROWS = {
    "INSERT": "SELECT * FROM new_rows",
    "DELETE": "SELECT * FROM old_rows",
    "UPDATE": "SELECT * FROM new_rows UNION ALL SELECT * FROM old_rows",
}
TABLES = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
    "UPDATE": "REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows",
}


def statement_triggers(name: str, table: str, body: str) -> str:
    """Triggers on insert, update and delete of `table`, once a statement; `{rows}` in `body` is what it touched."""
    return "".join(statement_trigger(name, table, body, operation) for operation in ROWS)


def statement_trigger(name: str, table: str, body: str, operation: str) -> str:
    function = f"{name}_{table}_{operation.lower()}"
    return f"""
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    {body.format(rows=ROWS[operation])}
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {name}_{operation.lower()} AFTER {operation} ON {table} {TABLES[operation]}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""


def freeze(table: str, budgets: str = "SELECT budget_id FROM ({rows}) AS r") -> str:
    """Refuses every change of `table` under a frozen budget; `budgets` selects the budgets of the rows touched."""
    return statement_triggers(
        "freeze", table, f"PERFORM refuse_frozen_budgets(ARRAY(SELECT DISTINCT f.budget_id FROM ({budgets}) AS f));"
    )


OF_SUB_BUDGET = "SELECT b.budget_id FROM ({rows}) AS r JOIN budgets_subbudget AS b ON b.id = r.sub_budget_id"


def count_sub_budgets(table: str, sub_budgets: str, check: str = "") -> str:
    """Counts a change on the roll-up state of every sub-budget touched, locked in one order against deadlock.

    `check` is a statement about what was `touched`, run under those locks.
    """
    body = f"""
    DECLARE
        touched bigint[] := ARRAY(SELECT DISTINCT t.sub_budget_id FROM ({sub_budgets}) AS t);
    BEGIN
        PERFORM FROM budgets_rollupstate WHERE sub_budget_id = ANY(touched) ORDER BY sub_budget_id FOR UPDATE;{check}
        UPDATE budgets_rollupstate SET changed = changed + 1 WHERE sub_budget_id = ANY(touched);
    END;"""
    return statement_triggers("count", table, body)


OF_LINES = "SELECT p.sub_budget_id FROM ({rows}) AS r JOIN budgets_budgetproduct AS p ON p.id = r.budget_product_id"
OF_PRODUCTS = "SELECT r.sub_budget_id FROM ({rows}) AS r"
COUNT_LINES = count_sub_budgets("budgets_costline", OF_LINES)


def count_forecasts(table: str, budgets: str = "SELECT budget_id FROM ({rows}) AS r") -> str:
    """Counts a change on the forecasts of every budget touched."""
    body = f"""
    PERFORM FROM budgets_forecaststate WHERE budget_id IN ({budgets}) ORDER BY budget_id FOR UPDATE;
    UPDATE budgets_forecaststate SET changed = changed + 1 WHERE budget_id IN ({budgets});"""
    return statement_triggers("count", table, body)


OF_RATE = "SELECT c.budget_id FROM ({rows}) AS r JOIN budgets_chosenrate AS c ON c.rate_id = r.id"


# What a foreign key would do, at a cost for each total that is stored.
FORGET_TOTALS = "".join(
    statement_trigger("forget_totals", table, body, "DELETE")
    for table, body in {
        "budgets_budgetproduct": """
    DELETE FROM budgets_producttotal WHERE budget_product_id IN (SELECT id FROM ({rows}) AS r);""",
        "budgets_subbudget": """
    DELETE FROM budgets_subbudgettotal WHERE sub_budget_id IN (SELECT id FROM ({rows}) AS r);""",
    }.items()
)

# The site may not delete a state: without one no change is counted. It goes with what it is of.
FORGET_STATES = "".join(
    statement_trigger("forget_states", table, body, "DELETE")
    for table, body in {
        "budgets_subbudget": "DELETE FROM budgets_rollupstate WHERE sub_budget_id IN (SELECT id FROM ({rows}) AS r);",
        "budgets_budget": "DELETE FROM budgets_forecaststate WHERE budget_id IN (SELECT id FROM ({rows}) AS r);",
    }.items()
)

DRAFTS = "SELECT id FROM budgets_budget WHERE status = 'draft' AND EXISTS ({rows})"

START_STATES = """
CREATE OR REPLACE FUNCTION start_roll_up_state() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO budgets_rollupstate (sub_budget_id) SELECT id FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER start_state AFTER INSERT ON budgets_subbudget REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION start_roll_up_state();
CREATE OR REPLACE FUNCTION start_forecast_state() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO budgets_forecaststate (budget_id) SELECT id FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER start_state AFTER INSERT ON budgets_budget REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION start_forecast_state();
"""

# A product stays in a sub-budget of its own budget, a line at a product of its own budget.
SAME_BUDGET = """
ALTER TABLE budgets_budgetproduct ADD CONSTRAINT product_in_own_budget FOREIGN KEY (sub_budget_id, budget_id)
    REFERENCES budgets_subbudget (id, budget_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE budgets_costline ADD CONSTRAINT line_in_own_budget FOREIGN KEY (budget_product_id, budget_id)
    REFERENCES budgets_budgetproduct (id, budget_id) DEFERRABLE INITIALLY DEFERRED;
"""

# A product's key is one of its own budget's; the single foreign key that this implies is not made.
KEY_OF_SAME_BUDGET = """
ALTER TABLE budgets_budgetproduct ADD CONSTRAINT product_key_in_own_budget FOREIGN KEY (allocation_key_id, budget_id)
    REFERENCES budgets_allocationkey (id, budget_id) DEFERRABLE INITIALLY DEFERRED;
"""

OF_KEY = "SELECT k.budget_id FROM ({rows}) AS r JOIN budgets_allocationkey AS k ON k.id = r.key_id"

# Single foreign keys that those above imply; each would cost a check a row, most of the time of copying a budget.
# A total's sub-budget is its product's, which has a key; where a product moved, the next sum mends it.
COVERED_KEYS = """
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT c.conrelid::regclass AS home, c.conname FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND (c.conrelid::regclass::text, a.attname) IN (
            ('budgets_budgetproduct', 'sub_budget_id'), ('budgets_budgetproduct', 'budget_id'),
            ('budgets_costline', 'budget_product_id'), ('budgets_costline', 'budget_id'),
            ('budgets_producttotal', 'sub_budget_id'))
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.home, found.conname);
    END LOOP;
END $$;
"""

# Locking takes the roll-up states first, as every edit does: an edit that waited for it sees the lock and is refused.
# Of an adopted budget the freeze speaks instead.
REFUSE_LOCKED = """
CREATE OR REPLACE FUNCTION refuse_locked_sub_budgets(sub_budget_ids bigint[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    locked text;
BEGIN
    SELECT s.slug INTO locked FROM budgets_subbudget AS s JOIN budgets_budget AS b ON b.id = s.budget_id
        WHERE s.id = ANY(sub_budget_ids) AND s.status = 'locked' AND b.status = 'draft' LIMIT 1;
    IF locked IS NOT NULL THEN
        RAISE EXCEPTION 'The sub-budget % is locked; the economist unlocks it before it is changed.', locked
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'locked_sub_budget_is_kept';
    END IF;
END $$;
"""
CHECK_LOCKED = """
        PERFORM refuse_locked_sub_budgets(touched);"""
# What the calculation writes is let through until the budget is proposed: rows that are calculated before and after.
CHECK_LOCKED_BUT_CALCULATED = """
        PERFORM refuse_locked_sub_budgets(ARRAY(
            SELECT DISTINCT p.sub_budget_id FROM ({rows}) AS r JOIN budgets_budgetproduct AS p ON p.id = r.budget_product_id
            JOIN budgets_budget AS b ON b.id = p.budget_id WHERE NOT r.is_calculated OR b.phase = 'proposed'));"""
COUNT_LINES_BUT_CALCULATED = count_sub_budgets("budgets_costline", OF_LINES, CHECK_LOCKED_BUT_CALCULATED)
COUNT_UNLOCKED_LINES = count_sub_budgets("budgets_costline", OF_LINES, CHECK_LOCKED)
COUNT_UNLOCKED_PRODUCTS = count_sub_budgets("budgets_budgetproduct", OF_PRODUCTS, CHECK_LOCKED)

STEP_OF_SAME_BUDGET = """
ALTER TABLE budgets_workflowstep ADD CONSTRAINT step_in_own_budget FOREIGN KEY (sub_budget_id, budget_id)
    REFERENCES budgets_subbudget (id, budget_id) DEFERRABLE INITIALLY DEFERRED;
"""

KEEP_STEPS = """
CREATE OR REPLACE FUNCTION keep_workflow_steps() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'A step of the workflow is never changed or deleted; take another step instead.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'workflow_steps_are_kept';
END $$;
CREATE TRIGGER keep_steps BEFORE UPDATE OR DELETE ON budgets_workflowstep
    FOR EACH ROW EXECUTE FUNCTION keep_workflow_steps();
"""
