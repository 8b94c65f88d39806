"""A full roll-up against one raw GROUP BY of the same columns over the same rows, with its rows fetched."""

from __future__ import annotations

from benchmarks import lines, servers
from benchmarks.measuring import Figure, Sizes, fetch, in_ms, medians, ratio_of, seconds_of
from budgets.models import Budget
from budgets.services.totals import sum_budget

RAW = """
    SELECT budget_product_id, cost_kind, sum(amount_1_ore)::bigint, sum(amount_2_ore)::bigint, sum(amount_3_ore)::bigint
    FROM budgets_costline WHERE budget_id = %s GROUP BY budget_product_id, cost_kind"""
STORED = """
    SELECT budget_product_id, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore FROM budgets_producttotal AS t
    JOIN budgets_subbudget AS s ON s.id = t.sub_budget_id WHERE s.budget_id = %s"""
KINDS_WRONG = """
    SELECT count(*) FROM (
        SELECT sub_budget_id, cost_kind, sum(amount_1_ore) AS a, sum(amount_2_ore) AS b, sum(amount_3_ore) AS c
        FROM budgets_producttotal GROUP BY 1, 2) AS s
    FULL JOIN budgets_subbudgettotal AS t USING (sub_budget_id, cost_kind)
    WHERE (a, b, c) IS DISTINCT FROM (t.amount_1_ore, t.amount_2_ore, t.amount_3_ore)"""
OTHER = "budget-2027"
# The totals of other budgets stay, as they do when a new budget is rolled up for the first time.
FORGET = (
    "SET session_replication_role = replica",
    "DELETE FROM budgets_producttotal WHERE sub_budget_id IN ({sub_budgets})",
    "DELETE FROM budgets_subbudgettotal WHERE sub_budget_id IN ({sub_budgets})",
    "UPDATE budgets_rollupstate SET summed = 0 WHERE sub_budget_id IN ({sub_budgets})",
    "VACUUM (ANALYZE, TRUNCATE false) budgets_producttotal, budgets_subbudgettotal, budgets_rollupstate",
)


def measure(sizes: Sizes) -> list[Figure]:
    """The two ratios at every size."""
    return [figure for size in sizes.roll_up for figure in _measure_size(size, sizes.repetitions)]


def _measure_size(size: int, repetitions: int) -> list[Figure]:
    database = lines.make_database(size)
    budget = lines.find_many_lines()
    fetch(RAW, budget.pk)
    rounds = [_measure_round(database, budget) for _round in range(repetitions)]
    groups = check(budget)
    times = {"lines": size, "sums": groups, "rounds": repetitions, **in_ms(medians(rounds))}
    return [
        Figure(f"Roll-up, {size:,} lines, no totals", ratio_of(rounds, "none", "raw"), "× raw", 3, times),
        Figure(f"Roll-up, {size:,} lines, totals right", ratio_of(rounds, "right", "raw"), "× raw", 1.5, times),
    ]


def _measure_round(database: str, budget: Budget) -> dict[str, float]:
    """With the plans kept that a worker keeps: VACUUM throws them away, so another budget is rolled up first."""
    other = Budget.objects.get(slug=OTHER)
    forget(database, budget, other)
    sum_budget(other)
    return {
        "raw": seconds_of(lambda: fetch(RAW, budget.pk)),
        "none": seconds_of(lambda: sum_budget(budget)),
        "right": seconds_of(lambda: sum_budget(budget)),
    }


def forget(database: str, *budgets: Budget) -> None:
    """Leaves budgets as if they were never rolled up."""
    keys = ", ".join(str(budget.pk) for budget in budgets)
    sub_budgets = f"SELECT id FROM budgets_subbudget WHERE budget_id IN ({keys})"  # noqa: S608
    servers.as_admin(database, *(statement.format(sub_budgets=sub_budgets) for statement in FORGET))


def check(budget: Budget) -> int:
    """The number of totals. Raises AssertionError unless each stored total is the sum of its lines."""
    expected = set(fetch(RAW, budget.pk))
    if set(fetch(STORED, budget.pk)) != expected or fetch(KINDS_WRONG) != [(0,)]:
        raise AssertionError("The stored totals differ from a sum from scratch.")
    return len(expected)
