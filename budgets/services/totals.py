"""Sums lines into totals, in SQL, and writes only what differs.

The job locks the sub-budget's roll-up state before it sums, and stores the `changed` it read under that lock:
a change that comes later raises the counter again and is summed by its own job or by the sweep.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from budgets.models import Budget, ForecastState, RollUpState

SUMS = "sum(l.amount_1_ore)::bigint AS amount_1_ore, sum(l.amount_2_ore)::bigint AS amount_2_ore, sum(l.amount_3_ore)::bigint AS amount_3_ore"
AMOUNTS = "amount_1_ore, amount_2_ore, amount_3_ore"


def _upsert(table: str, key: str, columns: str, source: str) -> str:
    return f"""
        INSERT INTO {table} AS t ({columns}, {AMOUNTS}) SELECT {columns}, {AMOUNTS} FROM {source} AS s
        WHERE NOT EXISTS (SELECT FROM {table} AS old WHERE ({key_match("old", "s", key)})
            AND (old.amount_1_ore, old.amount_2_ore, old.amount_3_ore) = (s.amount_1_ore, s.amount_2_ore, s.amount_3_ore)
            AND old.sub_budget_id = s.sub_budget_id)
        ON CONFLICT ({key}) DO UPDATE SET sub_budget_id = excluded.sub_budget_id, amount_1_ore = excluded.amount_1_ore,
            amount_2_ore = excluded.amount_2_ore, amount_3_ore = excluded.amount_3_ore"""


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

# CREATE TABLE AS keeps the parallel plan of the bare SELECT, which INSERT ... SELECT would lose.
SUM_ALL = (
    f"""CREATE TEMPORARY TABLE line_sums ON COMMIT DROP AS
        SELECT l.budget_product_id, l.cost_kind, {SUMS} FROM budgets_costline AS l
        WHERE l.budget_id = %(budget)s GROUP BY 1, 2""",
    f"""CREATE TEMPORARY TABLE product_sums ON COMMIT DROP AS
        SELECT p.sub_budget_id, l.budget_product_id, l.cost_kind, {AMOUNTS}
        FROM line_sums AS l JOIN budgets_budgetproduct AS p ON p.id = l.budget_product_id""",
    f"""CREATE TEMPORARY TABLE kind_sums ON COMMIT DROP AS
        SELECT l.sub_budget_id, l.cost_kind, {SUMS} FROM product_sums AS l GROUP BY 1, 2""",
    f"""DELETE FROM budgets_producttotal AS t USING budgets_subbudget AS b
        WHERE b.id = t.sub_budget_id AND b.budget_id = %(budget)s
        AND NOT EXISTS (SELECT FROM product_sums AS s WHERE {key_match("t", "s", PRODUCT_KEY)})""",
    f"""DELETE FROM budgets_subbudgettotal AS t USING budgets_subbudget AS b
        WHERE b.id = t.sub_budget_id AND b.budget_id = %(budget)s
        AND NOT EXISTS (SELECT FROM kind_sums AS s WHERE {key_match("t", "s", SUB_BUDGET_KEY)})""",
    _upsert("budgets_producttotal", PRODUCT_KEY, "sub_budget_id, budget_product_id, cost_kind", "product_sums"),
    _upsert("budgets_subbudgettotal", SUB_BUDGET_KEY, "sub_budget_id, cost_kind", "kind_sums"),
    "DROP TABLE line_sums, product_sums, kind_sums",
)


def sum_sub_budget(sub_budget_id: int) -> int | None:
    """Brings one sub-budget's totals up to date; returns its budget's id, or None when it is gone.

    Right when run twice, at once, or killed half-way: all or nothing, under the state's row lock.
    """
    with transaction.atomic():
        # Totals can always be made again from the lines: no need to wait for the disk.
        execute("SET LOCAL synchronous_commit = off")
        state = (
            RollUpState.objects.select_for_update(of=("self",))
            .select_related("sub_budget")
            .filter(pk=sub_budget_id)
            .first()
        )
        if state is None:
            return None
        budget_id: int = state.sub_budget.budget_id
        if state.changed != state.summed:
            execute(SUM_ONE, {"sub_budget": sub_budget_id})
            RollUpState.objects.filter(pk=sub_budget_id).update(summed=state.changed, summed_at=timezone.now())
            count_forecast_change(budget_id)
    return budget_id


def sum_budget(budget: Budget) -> None:
    """Sums a whole budget from scratch, whether its totals are marked as behind or not."""
    with transaction.atomic():
        states = RollUpState.objects.filter(sub_budget__budget=budget).order_by("pk")
        changed = dict(states.select_for_update(of=("self",)).values_list("pk", "changed"))
        for statement in SUM_ALL:
            execute(statement, {"budget": budget.pk})
        behind = [pk for pk, summed in states.values_list("pk", "summed") if summed != changed[pk]]
        if behind:
            # Under the lock nobody can have raised the counter since it was read.
            states.filter(pk__in=behind).update(summed=F("changed"), summed_at=timezone.now())
            count_forecast_change(budget.pk)


def count_forecast_change(budget_id: int) -> None:
    """Marks a budget's forecasts as behind."""
    ForecastState.objects.filter(pk=budget_id).update(changed=F("changed") + 1)


def execute(sql: str, parameters: dict[str, Any] | None = None) -> None:
    """Runs one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
