"""The personnel table of a budget: what posts cost by row, hired staff, and full-time equivalents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from budgets.models import Budget
from budgets.selectors.totals import amount_sums, sums_of
from engine.personnel import PersonnelRow, count_full_time
from engine.result import sum_amounts
from engine.years import Amounts
from pricing.models import PoolLine, Post, PostCost
from pricing.selectors.inputs import to_post

TOTAL = "TOTAL"
TOTAL_LABOUR = "TOTAL_LABOUR"


@dataclass(frozen=True)
class PersonnelTable:
    """Rows in the order of the published table with three years' öre, the staff cost beside it, and equivalents by year.

    TOTAL is what posts cost, TOTAL_LABOUR that and hired staff; other staff cost is in neither.
    """

    rows: dict[str, Amounts]
    other_staff: Amounts
    full_time: tuple[Fraction, Fraction, Fraction]


def load_personnel_table(budget: Budget) -> PersonnelTable:
    """Load the table as it was calculated last. It tells no single salary, and may be shown to all who see the budget."""
    found = PostCost.objects.filter(part__post__budget=budget).values("row").annotate(**amount_sums())
    costs = {row["row"]: sums_of(row) for row in found}
    rows: dict[str, Amounts] = {row.value: costs.get(row.value, (0, 0, 0)) for row in PersonnelRow}
    rows[TOTAL] = sum_amounts(rows.values())
    staff = _load_staff_lines(budget)
    hired = staff.get(PoolLine.Row.HIRED_STAFF, (0, 0, 0))
    rows[PoolLine.Row.HIRED_STAFF.value] = hired
    rows[TOTAL_LABOUR] = sum_amounts([rows[TOTAL], hired])
    return PersonnelTable(rows, staff.get(PoolLine.Row.OTHER_STAFF, (0, 0, 0)), _count_full_time(budget))


def _load_staff_lines(budget: Budget) -> dict[str, Amounts]:
    lines = PoolLine.objects.filter(pool__budget=budget).exclude(row=PoolLine.Row.OTHER).order_by()
    return {row["row"]: sums_of(row) for row in lines.values("row").annotate(**amount_sums())}


def _count_full_time(budget: Budget) -> tuple[Fraction, Fraction, Fraction]:
    """Count posts that are working time by the parts of the year that they are paid."""
    posts: Iterable[Post] = Post.objects.filter(budget=budget, kind=Post.Kind.POST).order_by()
    paid = [to_post(post) for post in posts]
    first, second, third = (count_full_time(paid, year) for year in budget.years)
    return first, second, third
