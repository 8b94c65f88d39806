"""Sums lines into totals, in SQL, and writes only what differs.

The job locks the sub-budget's roll-up state before it sums, and stores the `changed` it read under that lock:
a change that comes later raises the counter again and is summed by its own job or by the sweep.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import psycopg
from django.db import connection, transaction

from budgets.models import Budget
from engine.provenance import ORDER
from engine.years import AMOUNTS
from web.generics import SqlRow

Parameters: TypeAlias = dict[str, int | str | list[int] | list[str]]


STORED = (*AMOUNTS, "provenance", "last_provenance")


def _each(template: str, names: Iterable[str] = STORED) -> str:
    """Return the names of what a total stores, each put into a piece of SQL."""
    return ", ".join(template.format(name) for name in names)


def write_rank(column: str) -> str:
    """Return the SQL of a source's place in the order of `engine.provenance`; NULL for none."""
    cases = " ".join(f"WHEN '{source}' THEN {rank}" for rank, source in enumerate(ORDER, start=1))
    return f"CASE {column} {cases} END"


def write_weakest(rank: str) -> str:
    """Return the SQL aggregate of the weakest source by its rank (the rule: `engine.provenance.weakest`)."""
    return f"('{{{','.join(ORDER)}}}'::text[])[max({rank})]"


COLUMNS = _each("{}")
SUMS = _each("sum(l.{0})::bigint AS {0}", AMOUNTS)
# Of lines, whose ranks the database keeps (migration 0013), and of the products' totals that a cost kind sums.
OF_LINES = (
    f"""{write_weakest("l.source_rank")} AS provenance, {write_weakest("l.last_source_rank")} AS last_provenance"""
)
OF_TOTALS = ", ".join(f"{write_weakest(write_rank(f'l.{name}'))} AS {name}" for name in STORED[3:])
DIFFERS = f"({_each('s.{}')}) IS DISTINCT FROM ({_each('t.{}')})"
MENDING = "CASE WHEN t.id IS NULL THEN 'COPY' WHEN s.sub_budget_id IS NULL THEN 'DELETE' ELSE 'UPSERT' END"
WRONG = f"coalesce(s.sub_budget_id, t.sub_budget_id), s.cost_kind, {_each('s.{}')}"


def _find_wrong(lines: str, product_totals: str, kind_totals: str) -> str:
    """Return the SQL of the totals that are wrong, and how each is mended.

    A bare SELECT is planned in parallel, which INSERT ... SELECT is not, and what is right is neither sent nor written.
    """
    return f"""
    WITH product AS MATERIALIZED (
        SELECT p.sub_budget_id, s.* FROM (
            SELECT l.budget_product_id, l.cost_kind, {SUMS}, {OF_LINES} FROM budgets_costline AS l WHERE {lines} GROUP BY 1, 2
        ) AS s JOIN budgets_budgetproduct AS p ON p.id = s.budget_product_id
    ), kind AS (
        SELECT l.sub_budget_id, l.cost_kind, {SUMS}, {OF_TOTALS} FROM product AS l GROUP BY 1, 2
    )
    SELECT true, {MENDING}, t.id, s.budget_product_id, {WRONG}
    FROM product AS s FULL JOIN (SELECT * FROM budgets_producttotal WHERE {product_totals}) AS t
        ON t.budget_product_id = s.budget_product_id AND t.cost_kind = s.cost_kind
    WHERE s.sub_budget_id IS DISTINCT FROM t.sub_budget_id OR {DIFFERS}
    UNION ALL
    SELECT false, {MENDING}, t.id, NULL, {WRONG}
    FROM kind AS s FULL JOIN (SELECT * FROM budgets_subbudgettotal WHERE {kind_totals}) AS t
        ON t.sub_budget_id = s.sub_budget_id AND t.cost_kind = s.cost_kind
    WHERE {DIFFERS}"""


SUB_BUDGETS = "sub_budget_id = ANY(ARRAY(SELECT id FROM budgets_subbudget WHERE budget_id = %(budget)s))"
PRODUCTS = "budget_product_id = ANY(ARRAY(SELECT id FROM budgets_budgetproduct WHERE sub_budget_id = %(sub_budget)s))"
FIND_WRONG_IN_BUDGET = _find_wrong("l.budget_id = %(budget)s", SUB_BUDGETS, SUB_BUDGETS)
# With the totals that a product left at the sub-budget it was moved from.
FIND_WRONG_IN_SUB_BUDGET = _find_wrong(
    f"l.{PRODUCTS}", f"sub_budget_id = %(sub_budget)s OR {PRODUCTS}", "sub_budget_id = %(sub_budget)s"
)

ROWS = f"""
    unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
        %s::text[])
    AS s (id, budget_product_id, sub_budget_id, cost_kind, {COLUMNS})"""


def _mending(table: str, key: str, columns: str) -> dict[str, str]:
    """Return the statements that mend a table's wrong totals."""
    upsert = f"""INSERT INTO {table} ({columns}, {COLUMNS}) SELECT {columns}, {COLUMNS} FROM {ROWS} ON CONFLICT ({key}) DO UPDATE SET sub_budget_id = excluded.sub_budget_id,
        {_each("{0} = excluded.{0}")}"""
    # One that was meanwhile given to another sub-budget is left to it.
    delete = f"DELETE FROM {table} AS t USING {ROWS} WHERE t.id = s.id AND t.sub_budget_id = s.sub_budget_id"
    return {"COPY": f"COPY {table} ({columns}, {COLUMNS}) FROM STDIN", "UPSERT": upsert, "DELETE": delete}


MEND_PRODUCTS = _mending(
    "budgets_producttotal", "budget_product_id, cost_kind", "budget_product_id, sub_budget_id, cost_kind"
)
MEND_KINDS = _mending("budgets_subbudgettotal", "sub_budget_id, cost_kind", "sub_budget_id, cost_kind")

# Totals can always be made again from the lines: their commits need not wait for the disk.
NO_WAIT = "set_config('synchronous_commit', 'off', true)"
LOCK_STATE = f"""
    SELECT r.changed, r.summed, b.budget_id, {NO_WAIT} FROM budgets_rollupstate AS r
    JOIN budgets_subbudget AS b ON b.id = r.sub_budget_id WHERE r.sub_budget_id = %s FOR UPDATE OF r"""
STORE_STATE = """
    UPDATE budgets_rollupstate SET summed = %(changed)s, summed_at = now(), failed_at = NULL WHERE sub_budget_id = %(sub_budget)s"""

# Sums of a whole budget are made in memory, not on disk. Under the lock nobody raises a counter that was read.
LOCK_STATES = f"""
    SELECT r.changed <> r.summed, {NO_WAIT}, set_config('work_mem', '64MB', true) FROM budgets_rollupstate AS r
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
    with transaction.atomic():
        state = fetch_one(LOCK_STATE, sub_budget_id)
        if state is None:
            return None
        changed, summed, budget_id, _setting = state
        change = None
        if changed != summed:
            wrong = execute_prepared(FIND_WRONG_IN_SUB_BUDGET, {"sub_budget": sub_budget_id})
            # A product may be moved here by another roll-up at this moment, which COPY would stumble over.
            _mend([(is_product, "UPSERT" if how == "COPY" else how, *row) for is_product, how, *row in wrong])
            execute_prepared(STORE_STATE, {"sub_budget": sub_budget_id, "changed": changed})
            change = count_forecast_change(budget_id)
    return Summed(budget_id, change)


def sum_budget(budget: Budget) -> None:
    """Sum a whole budget from scratch, whether its totals are marked as behind or not."""
    with transaction.atomic():
        states, wrong = _lock_and_find_wrong(budget)
        _mend(wrong)
        if any(is_behind for is_behind, *_settings in states):
            execute(STORE_STATES, {"budget": budget.pk})


def _lock_and_find_wrong(budget: Budget) -> list[list[SqlRow]]:
    """Return the states and the wrong totals. Sent together, each still sees what was committed when it starts."""
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline(), psycopg.Cursor(raw) as states, psycopg.Cursor(raw) as wrong:
        states.execute(LOCK_STATES.encode(), {"budget": budget.pk}, prepare=True)
        wrong.execute(FIND_WRONG_IN_BUDGET.encode(), {"budget": budget.pk}, prepare=True)
        return [states.fetchall(), wrong.fetchall()]


def _mend(rows: list[SqlRow]) -> None:
    """Run the statements that the wrong totals need."""
    with connection.cursor() as cursor:
        for is_product, statements in ((True, MEND_PRODUCTS), (False, MEND_KINDS)):
            for how, statement in statements.items():
                wrong = [row[2:] for row in rows if row[0] == is_product and row[1] == how]
                if wrong and how == "COPY":
                    with cursor.copy(statement) as copy:
                        for row in wrong:
                            copy.write_row(row[1 if is_product else 2 :])
                elif wrong:
                    cursor.execute(statement, [write_array(column) for column in zip(*wrong, strict=True)])


def write_array(values: Iterable[int | str | None]) -> str:
    """Return numbers or codes as PostgreSQL writes an array, which is faster than adapting each value."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def count_forecast_change(budget_id: int) -> int:
    """Mark a budget's forecasts as behind; return the new count."""
    statement = "UPDATE budgets_forecaststate SET changed = changed + 1 WHERE budget_id = %s RETURNING changed"
    (changed,) = fetch_one(statement, budget_id) or (0,)
    return int(changed)


def fetch_one(sql: str, key: int) -> SqlRow | None:
    """Return the first row of a statement about the row `key`; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        row: SqlRow | None = cursor.fetchone()
    return row


def execute(sql: str, parameters: Parameters | None = None) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def execute_prepared(sql: str, parameters: Parameters) -> list[SqlRow]:
    """Run a statement of the roll-up that the connection keeps planned: planning costs as much as running it.

    Return its rows. For derived tables only: Django's and the history's hooks do not see it.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql.encode(), parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []
