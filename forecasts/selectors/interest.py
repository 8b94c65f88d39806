"""The interest of a budget's debt by year, and what of it each part of the debt pays (rule 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from budgets.models import Budget
from engine.interest import accrue_interest, split_interest
from engine.loan_months import DebtMonth, roll_months
from engine.loan_sources import trace_debt
from engine.provenance import Source, weakest
from engine.stress import Inputs, stress
from engine.years import Amounts
from forecasts.selectors.stress import build_debt, load_interest_rate
from investments.selectors.capital import Interest
from investments.selectors.loans import DebtPlan, list_planned_loans, load_debt_plan


@dataclass(frozen=True)
class YearInterest:
    """A year's interest, öre, and what of it each part of the debt pays; None while it can't be known.

    `parts` are named as in the stress test: existing loans, asset classes by their slugs, other investments and use of
    equity, which the base grant pays. They add up to `ore`.
    """

    year: int
    ore: int | None
    parts: dict[str, int]
    own_source: str
    rate_source: str
    is_own: bool
    is_by_rate: bool

    def trace(self, debt_source: str) -> str:
        """Return where the figure comes from; `debt_source` is where the year's debt does."""
        if self.ore is None:
            return Source.UNKNOWN.value
        by_rate = [debt_source, self.rate_source] if self.is_by_rate else []
        own = [self.own_source] if self.is_own else []
        return weakest([Source.CALCULATED.value, *own, *by_rate])


def find_interest(budget: Budget, plan: DebtPlan, years: Sequence[int]) -> list[YearInterest]:
    """Return the interest of each of `years`, which follow the plan's opening (rule 8)."""
    if not years:
        return []
    debt = build_debt(plan, years, budget.years[0])
    found = stress(debt, Inputs(), [])
    rate = load_interest_rate(budget.pk)
    accrued = accrue_interest(debt, found, None if rate is None else rate[0])
    own_source = weakest(row.interest_source for row in plan.termed if row.has_rate)
    rows = []
    for end in found.year_ends:
        ore = accrued[end.year]
        parts = {} if ore is None else split_interest(ore, end.averages)
        is_by_rate = end.average != end.average_by_terms
        is_own = end.average_by_terms != Fraction(0)
        source = Source.UNKNOWN.value if rate is None else rate[1]
        rows.append(YearInterest(end.year, ore, parts, own_source, source, is_own, is_by_rate))
    return rows


def load_interest(budget: Budget) -> list[YearInterest]:
    """Return the interest of each year of a budget's loan forecast, by part; empty while the debt is not known."""
    plan = load_debt_plan(list_planned_loans(budget), begins=budget.years[0] - 1)
    if plan is None or plan.opening.debt is None:
        return []
    return find_interest(budget, plan, list(range(plan.opening.year + 1, budget.years[2] + 1)))


def load_interest_of_parts(budget: Budget) -> Interest | None:
    """Return what each part of the debt pays in interest in the budget's years, öre, and where that comes from.

    They add up to the loan forecast's interest to the öre. None while some of it can't be known.
    """
    plan = load_debt_plan(list_planned_loans(budget), begins=budget.years[0] - 1)
    if plan is None or plan.opening.debt is None:
        return None
    years = list(range(plan.opening.year + 1, budget.years[2] + 1))
    rows = {row.year: row for row in find_interest(budget, plan, years)}
    own = [rows.get(year) for year in budget.years]
    if any(row is None or row.ore is None for row in own):
        return None
    traced = trace_debt(plan.sources.opening, plan.sources.existing, plan.sources.planned, years)
    debts = dict(zip(years, traced, strict=True))
    source = weakest(row.trace(debts[row.year].closing_debt) for row in own if row is not None)
    names = dict.fromkeys(name for row in own if row is not None for name in row.parts)
    found: dict[str, tuple[Amounts, str]] = {}
    for name in names:
        first, second, third = (0 if row is None else row.parts.get(name, 0) for row in own)
        found[name] = (first, second, third), source
    return found


def load_debt_months(budget: Budget) -> list[DebtMonth]:
    """Return the roll-forward by month from the year after the debt is known; empty while it is not (rule 8)."""
    plan = load_debt_plan(list_planned_loans(budget), begins=budget.years[0] - 1)
    if plan is None or plan.opening.debt is None:
        return []
    years = range(plan.opening.year + 1, budget.years[2] + 1)
    termed = [row.terms for row in plan.termed]
    return roll_months(plan.opening.debt, plan.opening.plans, plan.planned, termed, years)
