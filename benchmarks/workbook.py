"""The time of making the workbook of the demo's budget, and of the largest that is made while a person waits."""

from __future__ import annotations

from statistics import median

from accounts.models import User
from benchmarks import lines, servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of
from budgets.models import Budget
from reports.workbook.making import LINES_AT_ONCE, make_workbook

DEMO = "budget-2027"
PER_SUB_BUDGET = 200


def measure(sizes: Sizes) -> list[Figure]:
    """The median of each."""
    demo = servers.with_demo()
    servers.use(demo)
    figures = [_measure("Workbook of the demo", Budget.objects.get(slug=DEMO), sizes, bound=2)]
    lines.make_database(LINES_AT_ONCE, per_sub_budget=PER_SUB_BUDGET)
    name = f"Workbook at once, {LINES_AT_ONCE} lines"
    return [*figures, _measure(name, lines.find_many_lines(), sizes, bound=5)]


def _measure(name: str, budget: Budget, sizes: Sizes, *, bound: float) -> Figure:
    user = User.objects.get(email="ekonom@demo.example")
    size = len(make_workbook(budget, user))
    times = [seconds_of(lambda: make_workbook(budget, user)) for _round in range(sizes.repetitions)]
    details = {"rounds": sizes.repetitions, "kilobytes": size // 1024, **in_ms({"p95": percentile_95(times)})}
    return Figure(name, median(times), "s", bound, details)
