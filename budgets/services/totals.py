"""Sums lines into totals, in SQL, and writes only what differs.

The job locks the sub-budget's roll-up state before it sums, and stores the `changed` it read under that lock:
a change that comes later raises the counter again and is summed by its own job or by the sweep.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from budgets.models import Budget, RollUpState

SUMS = "sum(l.amount_1_ore)::bigint AS amount_1_ore, sum(l.amount_2_ore)::bigint AS amount_2_ore, sum(l.amount_3_ore)::bigint AS amount_3_ore"
AMOUNTS = "amount_1_ore, amount_2_ore, amount_3_ore"


def _upsert(table: str, key: str, columns: str, source: str) -> str:
    return f"""
        INSERT INTO {table} AS t ({columns}, {AMOUNTS}) SELECT {columns}, {AMOUNTS} FROM {source} AS s
        WHERE NOT EXISTS (SELECT FROM {table} AS old WHERE ({key_match("old", "s", key)})
            AND (old.amount_1_ore, old.amount_2_ore, old.amount_3_ore) = (s.amount_1_ore, s.amount_2_ore, s.amount_3_ore)
            AND old.sub_budget_id = s.sub_budget_id)
        {_overwrite(key)}"""


def _overwrite(key: str) -> str:
    return f"""ON CONFLICT ({key}) DO UPDATE SET sub_budget_id = excluded.sub_budget_id,
            amount_1_ore = excluded.amount_1_ore, amount_2_ore = excluded.amount_2_ore, amount_3_ore = excluded.amount_3_ore"""


def key_match(left: str, right: str, key: str) -> str:
    """SQL that two rows have the same key columns."""
    return " AND ".join(f"{left}.{column} = {right}.{column}" for column in key.split(", "))


PRODUCT_KEY = "budget_product_id, cost_kind"
SUB_BUDGET_KEY = "sub_budget_id, cost_kind"

SUM_ONE = f"""
    WITH product AS MATERIALIZED (
        SELECT p.sub_budget_id, l.budget_product_id, l.cost_kind, {SUMS}
        FROM budgets_costline AS l JOIN budgets_budgetproduct AS p ON p.id = l.budget_product_id
        WHERE p.sub_budget_id = %(sub_budget)s GROUP BY 1, 2, 3
    ), kind AS MATERIALIZED (
        SELECT l.sub_budget_id, l.cost_kind, {SUMS} FROM product AS l GROUP BY 1, 2
    ), gone_products AS (
        DELETE FROM budgets_producttotal AS t WHERE t.sub_budget_id = %(sub_budget)s
        AND NOT EXISTS (SELECT FROM product AS s WHERE {key_match("t", "s", PRODUCT_KEY)})
    ), gone_kinds AS (
        DELETE FROM budgets_subbudgettotal AS t WHERE t.sub_budget_id = %(sub_budget)s
        AND NOT EXISTS (SELECT FROM kind AS s WHERE {key_match("t", "s", SUB_BUDGET_KEY)})
    ), products AS ({_upsert("budgets_producttotal", PRODUCT_KEY, "sub_budget_id, budget_product_id, cost_kind", "product")})
    {_upsert("budgets_subbudgettotal", SUB_BUDGET_KEY, "sub_budget_id, cost_kind", "kind")}
"""

# The totals of a whole budget that are wrong: not their lines' sums, lacking, or without lines (those sums are NULL).
# A bare SELECT is planned in parallel, which INSERT ... SELECT is not, and what is right is neither sent nor written.
WRONG_PRODUCTS = f"""
    SELECT budget_product_id, cost_kind, s.amount_1_ore, s.amount_2_ore, s.amount_3_ore
    FROM (
        SELECT l.budget_product_id, l.cost_kind, {SUMS} FROM budgets_costline AS l
        WHERE l.budget_id = %(budget)s GROUP BY 1, 2
    ) AS s FULL JOIN (
        SELECT t.budget_product_id, t.cost_kind, t.amount_1_ore, t.amount_2_ore, t.amount_3_ore,
            t.sub_budget_id <> p.sub_budget_id AS is_elsewhere
        FROM budgets_producttotal AS t JOIN budgets_budgetproduct AS p ON p.id = t.budget_product_id
        WHERE p.budget_id = %(budget)s
    ) AS t USING (budget_product_id, cost_kind)
    WHERE t.is_elsewhere OR s.amount_1_ore IS DISTINCT FROM t.amount_1_ore
        OR s.amount_2_ore IS DISTINCT FROM t.amount_2_ore OR s.amount_3_ore IS DISTINCT FROM t.amount_3_ore"""

WRONG_KINDS = f"""
    SELECT sub_budget_id, cost_kind, s.amount_1_ore, s.amount_2_ore, s.amount_3_ore
    FROM (
        SELECT l.sub_budget_id, l.cost_kind, {SUMS}
        FROM budgets_producttotal AS l JOIN budgets_subbudget AS b ON b.id = l.sub_budget_id
        WHERE b.budget_id = %(budget)s GROUP BY 1, 2
    ) AS s FULL JOIN (
        SELECT t.* FROM budgets_subbudgettotal AS t JOIN budgets_subbudget AS b ON b.id = t.sub_budget_id
        WHERE b.budget_id = %(budget)s
    ) AS t USING (sub_budget_id, cost_kind)
    WHERE s.amount_1_ore IS DISTINCT FROM t.amount_1_ore
        OR s.amount_2_ore IS DISTINCT FROM t.amount_2_ore OR s.amount_3_ore IS DISTINCT FROM t.amount_3_ore"""

WRONG = f"unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[]) AS s (id, cost_kind, {AMOUNTS})"

DELETE_PRODUCTS = """
    DELETE FROM budgets_producttotal AS t USING unnest(%s::bigint[], %s::text[]) AS s (id, cost_kind)
    WHERE t.budget_product_id = s.id AND t.cost_kind = s.cost_kind"""

DELETE_KINDS = """
    DELETE FROM budgets_subbudgettotal AS t USING unnest(%s::bigint[], %s::text[]) AS s (id, cost_kind)
    WHERE t.sub_budget_id = s.id AND t.cost_kind = s.cost_kind"""

STORE_PRODUCTS = f"""
    INSERT INTO budgets_producttotal (sub_budget_id, budget_product_id, cost_kind, {AMOUNTS})
    SELECT p.sub_budget_id, s.id, s.cost_kind, s.amount_1_ore, s.amount_2_ore, s.amount_3_ore
    FROM {WRONG} JOIN budgets_budgetproduct AS p ON p.id = s.id
    {_overwrite(PRODUCT_KEY)}"""

STORE_KINDS = f"""
    INSERT INTO budgets_subbudgettotal (sub_budget_id, cost_kind, {AMOUNTS})
    SELECT s.id, s.cost_kind, s.amount_1_ore, s.amount_2_ore, s.amount_3_ore FROM {WRONG}
    {_overwrite(SUB_BUDGET_KEY)}"""


# Totals can always be made again from the lines: no need to wait for the disk. Sums are made in memory, not on disk.
FOR_A_WHOLE_BUDGET = "SET LOCAL synchronous_commit = off; SET LOCAL work_mem = '64MB'"


LOCK_STATE = """
    SELECT r.changed, r.summed, b.budget_id FROM budgets_rollupstate AS r
    JOIN budgets_subbudget AS b ON b.id = r.sub_budget_id WHERE r.sub_budget_id = %s FOR UPDATE OF r"""
STORE_STATE = """
    UPDATE budgets_rollupstate SET summed = %(changed)s, summed_at = now() WHERE sub_budget_id = %(sub_budget)s"""


class Summed(NamedTuple):
    """A sub-budget's budget, and the count of its forecasts' changes that the new totals raised it to, if they did."""

    budget_id: int
    forecast_change: int | None


def sum_sub_budget(sub_budget_id: int) -> Summed | None:
    """Brings one sub-budget's totals up to date; returns None when it is gone.

    Right when run twice, at once, or killed half-way: all or nothing, under the state's row lock.
    """
    with transaction.atomic():
        # Totals can always be made again from the lines: no need to wait for the disk.
        execute("SET LOCAL synchronous_commit = off")
        state = _lock_state(sub_budget_id)
        if state is None:
            return None
        changed, summed, budget_id = state
        change = None
        if changed != summed:
            execute_prepared(SUM_ONE, {"sub_budget": sub_budget_id})
            execute_prepared(STORE_STATE, {"sub_budget": sub_budget_id, "changed": changed})
            change = count_forecast_change(budget_id)
    return Summed(budget_id, change)


def _lock_state(sub_budget_id: int) -> tuple[int, int, int] | None:
    """Locks a sub-budget's state; what was changed and summed, and its budget."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_STATE, [sub_budget_id])
        found: tuple[int, int, int] | None = cursor.fetchone()
    return found


def sum_budget(budget: Budget) -> None:
    """Sums a whole budget from scratch, whether its totals are marked as behind or not."""
    with transaction.atomic():
        execute(FOR_A_WHOLE_BUDGET)
        states = RollUpState.objects.filter(sub_budget__budget=budget).order_by("pk")
        locked = list(states.select_for_update(of=("self",)).values_list("pk", "changed", "summed"))
        _mend(budget, WRONG_PRODUCTS, DELETE_PRODUCTS, STORE_PRODUCTS)
        _mend(budget, WRONG_KINDS, DELETE_KINDS, STORE_KINDS)
        behind = [pk for pk, changed, summed in locked if summed != changed]
        if behind:
            # Under the lock nobody can have raised the counter since it was read.
            states.filter(pk__in=behind).update(summed=F("changed"), summed_at=timezone.now())
            count_forecast_change(budget.pk)


def _mend(budget: Budget, find_wrong: str, delete: str, store: str) -> None:
    """Writes the totals that differ from their sums, and deletes those of which nothing is left."""
    with connection.cursor() as cursor:
        cursor.execute(find_wrong, {"budget": budget.pk})
        rows = cursor.fetchall()
        gone = [row[:2] for row in rows if row[2] is None]
        wrong = [row for row in rows if row[2] is not None]
        for statement, changes in ((delete, gone), (store, wrong)):
            if changes:
                cursor.execute(statement, [_array(column) for column in zip(*changes, strict=True)])


def _array(values: Sequence[object]) -> str:
    """Whole numbers or cost kinds as PostgreSQL writes an array: faster than adapting each value."""
    return "{" + ",".join(map(str, values)) + "}"


def count_forecast_change(budget_id: int) -> int:
    """Marks a budget's forecasts as behind; returns the new count."""
    statement = "UPDATE budgets_forecaststate SET changed = changed + 1 WHERE budget_id = %s RETURNING changed"
    with connection.cursor() as cursor:
        cursor.execute(statement, [budget_id])
        return int(cursor.fetchone()[0])


def execute(sql: str, parameters: dict[str, Any] | None = None) -> None:
    """Runs one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def execute_prepared(sql: str, parameters: dict[str, Any]) -> None:
    """Runs a statement of the roll-up that the connection keeps planned: planning costs as much as running it.

    For derived tables only: Django's and the history's hooks do not see it.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql.encode(), parameters, prepare=True)
