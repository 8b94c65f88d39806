"""Sums lines into totals, in SQL, and writes only what differs.

The job locks the sub-budget's roll-up state before it sums, and stores the `changed` it read under that lock:
a change that comes later raises the counter again and is summed by its own job or by the sweep.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from django.db import connection, transaction

from budgets.models import Budget
from engine.provenance import ORDER
from engine.years import AMOUNTS
from web.generics import SqlRow
from web.statements import Statement, execute_prepared, execute_together

Parameters: TypeAlias = dict[str, int | str | list[int] | list[str]]

RANKS = ("source_rank", "last_source_rank")
STORED = (*AMOUNTS, "provenance", "last_provenance")


def _each(template: str, names: Iterable[str] = STORED) -> str:
    """Return the names of what a total stores, each put into a piece of SQL."""
    return ", ".join(template.format(name) for name in names)


def _sources(totals: str) -> str:
    """Return the SQL of the words for two ranks; NULL for none."""
    return ", ".join(f"('{{{','.join(ORDER)}}}'::text[])[{totals}.{rank}]" for rank in RANKS)


COLUMNS = _each("{}")
COLUMNS_OF_PRODUCT = f"budget_product_id, sub_budget_id, cost_kind, {COLUMNS}"
COLUMNS_OF_KIND = f"sub_budget_id, cost_kind, {COLUMNS}"
# The weakest source has the highest rank (the rule: `engine.provenance.weakest`); the database keeps those of lines.
SUMS = f"""{_each("sum_ore(l.{0}) AS {0}", AMOUNTS)}, {_each("max(l.{0}) AS {0}", RANKS)}"""
FIGURES = f"""{_each("s.{}", AMOUNTS)}, {_sources("s")}"""
DIFFERS = f"({FIGURES}) IS DISTINCT FROM ({_each('t.{}')})"
HOW = "CASE WHEN t.id IS NULL THEN 'add' WHEN s.sub_budget_id IS NULL THEN 'delete' ELSE 'change' END"
WRONG = f"coalesce(s.sub_budget_id, t.sub_budget_id), s.cost_kind, {FIGURES}"


PRODUCTS = "budget_product_id = ANY(ARRAY(SELECT id FROM budgets_budgetproduct WHERE {}))"


def _find_wrong(of_products: str, product_totals: str, kind_totals: str) -> str:
    """Return the SQL of the totals that are wrong, and of how each is mended, for other parts of a statement to read.

    Lines are found by their products, since an index holds all that is summed of them in this order (migration 0014).
    """
    return f"""
    WITH product AS MATERIALIZED (
        SELECT p.sub_budget_id, s.* FROM (
            SELECT l.budget_product_id, l.cost_kind, {SUMS} FROM budgets_costline AS l WHERE l.{PRODUCTS.format(of_products)} GROUP BY 1, 2
        ) AS s JOIN (SELECT * FROM budgets_budgetproduct WHERE {of_products}) AS p ON p.id = s.budget_product_id
    ), kind AS (
        SELECT l.sub_budget_id, l.cost_kind, {SUMS} FROM product AS l GROUP BY 1, 2
    ), wrong (is_product, how, id, {COLUMNS_OF_PRODUCT}) AS (
        SELECT true, {HOW}, t.id, s.budget_product_id, {WRONG}
        FROM product AS s FULL JOIN (SELECT * FROM budgets_producttotal WHERE {product_totals}) AS t
            ON t.budget_product_id = s.budget_product_id AND t.cost_kind = s.cost_kind
        WHERE s.sub_budget_id IS DISTINCT FROM t.sub_budget_id OR {DIFFERS}
        UNION ALL
        SELECT false, {HOW}, t.id, NULL, {WRONG}
        FROM kind AS s FULL JOIN (SELECT * FROM budgets_subbudgettotal WHERE {kind_totals}) AS t
            ON t.sub_budget_id = s.sub_budget_id AND t.cost_kind = s.cost_kind
        WHERE {DIFFERS}
    )"""


# Those of one table that are mended in one way, their columns as arrays in texts: as the statement that mends them is given
# them, so that no value is looked at on the way.
AS_ARRAYS = f"""
    SELECT is_product, how, {_each("array_agg({})::text", ("id", *COLUMNS_OF_PRODUCT.split(", ")))} FROM wrong WHERE {{}}
    GROUP BY is_product, how ORDER BY is_product DESC, how"""

SUB_BUDGETS = "sub_budget_id = ANY(ARRAY(SELECT id FROM budgets_subbudget WHERE budget_id = %(budget)s))"
# With the totals that a product left at the sub-budget it was moved from.
OF_SUB_BUDGET = "sub_budget_id = %(sub_budget)s"
FIND_WRONG_IN_SUB_BUDGET = f"""
    {_find_wrong(OF_SUB_BUDGET, f"{OF_SUB_BUDGET} OR {PRODUCTS.format(OF_SUB_BUDGET)}", OF_SUB_BUDGET)}
    {AS_ARRAYS.format("true")}"""
# Of a whole budget every sub-budget's lock is held: nobody else adds the same, and those that lack are added at once.
ADD_LACKING_AND_FIND_WRONG_IN_BUDGET = f"""
    {_find_wrong("budget_id = %(budget)s", SUB_BUDGETS, SUB_BUDGETS)}, added_products AS (
        INSERT INTO budgets_producttotal ({COLUMNS_OF_PRODUCT})
        SELECT {COLUMNS_OF_PRODUCT} FROM wrong WHERE how = 'add' AND is_product
    ), added_kinds AS (
        INSERT INTO budgets_subbudgettotal ({COLUMNS_OF_KIND})
        SELECT {COLUMNS_OF_KIND} FROM wrong WHERE how = 'add' AND NOT is_product
    )
    {AS_ARRAYS.format("how <> 'add'")}"""

ROWS = f"""
    unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
        %s::text[])
    AS s (id, {COLUMNS_OF_PRODUCT})"""


def _mending(table: str, key: str, columns: str) -> dict[str, str]:
    """Return the statements that mend a table's wrong totals."""
    # One that lacks may be added by another roll-up at this moment, which gives or takes its product.
    change = f"""INSERT INTO {table} ({columns}) SELECT {columns} FROM {ROWS} ON CONFLICT ({key}) DO UPDATE SET sub_budget_id = excluded.sub_budget_id,
        {_each("{0} = excluded.{0}")}"""
    # One that was meanwhile given to another sub-budget is left to it.
    delete = f"DELETE FROM {table} AS t USING {ROWS} WHERE t.id = s.id AND t.sub_budget_id = s.sub_budget_id"
    return {"add": change, "change": change, "delete": delete}


MENDING = {
    True: _mending("budgets_producttotal", "budget_product_id, cost_kind", COLUMNS_OF_PRODUCT),
    False: _mending("budgets_subbudgettotal", "sub_budget_id, cost_kind", COLUMNS_OF_KIND),
}

# Totals can always be made again from the lines: their commits need not wait for the disk.
NO_WAIT = "set_config('synchronous_commit', 'off', true)"
# Its statements find the same rows by the same indexes whatever their parameters: they are planned once, not each time.
KEEP_PLANS = "set_config('plan_cache_mode', 'force_generic_plan', true)"
LOCK_STATE = f"""
    SELECT r.changed, r.summed, b.budget_id, {NO_WAIT}, {KEEP_PLANS} FROM budgets_rollupstate AS r
    JOIN budgets_subbudget AS b ON b.id = r.sub_budget_id WHERE r.sub_budget_id = %(sub_budget)s FOR UPDATE OF r"""
STORE_STATE = """
    UPDATE budgets_rollupstate SET summed = %(changed)s, summed_at = now(), failed_at = NULL WHERE sub_budget_id = %(sub_budget)s"""
COUNT_FORECAST_CHANGE = """
    UPDATE budgets_forecaststate SET changed = changed + 1 WHERE budget_id = %(budget)s RETURNING changed"""

# Sums of a whole budget are made in memory, not on disk. Under the lock nobody raises a counter that was read.
LOCK_STATES = f"""
    SELECT r.changed <> r.summed, {NO_WAIT}, {KEEP_PLANS}, set_config('work_mem', '64MB', true) FROM budgets_rollupstate AS r
    WHERE r.{SUB_BUDGETS} ORDER BY r.sub_budget_id FOR UPDATE"""
STORE_STATES = f"""
    WITH stored AS (
        UPDATE budgets_rollupstate SET summed = changed, summed_at = now(), failed_at = NULL
        WHERE {SUB_BUDGETS} AND changed <> summed
    ) UPDATE budgets_forecaststate SET changed = changed + 1 WHERE budget_id = %(budget)s"""


class Summed(NamedTuple):
    """A sub-budget's budget, and the count of its forecasts' changes that the new totals raised it to, if they did."""

    budget_id: int
    forecast_change: int | None


def sum_sub_budget(sub_budget_id: int) -> Summed | None:
    """Bring one sub-budget's totals up to date; return None when it is gone.

    Right when run twice, at once, or killed half-way: all or nothing, under the state's row lock.
    """
    of_it = {"sub_budget": sub_budget_id}
    with transaction.atomic():
        state = execute_prepared(LOCK_STATE, of_it)
        if not state:
            return None
        changed, summed, budget_id, *_settings = state[0]
        if changed == summed:
            return Summed(budget_id, None)
        wrong = execute_prepared(FIND_WRONG_IN_SUB_BUDGET, of_it)
        store = (STORE_STATE, {**of_it, "changed": changed})
        *_mended, counted = execute_together(*_mend(wrong), store, (COUNT_FORECAST_CHANGE, {"budget": budget_id}))
    return Summed(budget_id, counted[0][0] if counted else 0)


def sum_budget(budget: Budget) -> None:
    """Sum a whole budget from scratch, whether its totals are marked as behind or not."""
    of_it = {"budget": budget.pk}
    with transaction.atomic():
        # Sent together, each still sees what was committed when it starts.
        states, wrong = execute_together((LOCK_STATES, of_it), (ADD_LACKING_AND_FIND_WRONG_IN_BUDGET, of_it))
        mending = _mend(wrong)
        if any(is_behind for is_behind, *_settings in states):
            mending.append((STORE_STATES, of_it))
        execute_together(*mending)


def _mend(wrong: list[SqlRow]) -> list[Statement]:
    """Return the statements that mend the wrong totals."""
    return [(MENDING[is_product][how], arrays) for is_product, how, *arrays in wrong]


def execute(sql: str, parameters: Parameters | None = None) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
