"""What a stress test is counted on, whole: the debt a budget plans, the frameworks and the rate of interest.

A kept scenario holds it as values, so that opening it later gives the same figures. The trick: written in one order, so
two are alike exactly when their texts are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from budgets.models import Budget
from engine.framework import Framework
from engine.loan_terms import DayCount, LoanTerms, Term
from engine.loans import Loan
from engine.stress import Borrowed, Debt, Termed
from forecasts.selectors.stress import Assumed, InterestRate, find_interest_rate, load_classes, load_debt
from investments.models import Investment, PlannedLoan
from investments.selectors.frameworks import load_frameworks
from investments.selectors.loans import list_planned_loans
from investments.selectors.purchases import list_investments

Kept = dict[str, Any]
"""A base as JSON has it."""


@dataclass(frozen=True)
class StressBase:
    """All that a stress test is counted on. `classes` are the asset classes' names by slug, in their order."""

    debt: Debt
    assumed: list[Assumed]
    frameworks: list[Framework]
    interest: InterestRate | None
    classes: dict[str, str]


def load_base(
    budget: Budget,
    *,
    frameworks: Sequence[Framework] | None = None,
    loans: Sequence[PlannedLoan] | None = None,
    investments: Sequence[Investment] | None = None,
) -> StressBase:
    """Return what a budget is today; what the caller has read is not read again. UnknownDebtError."""
    classes, parents = load_classes()
    loans = list_planned_loans(budget) if loans is None else loans
    investments = list_investments(budget) if investments is None else investments
    debt, assumed = load_debt(budget, loans, investments, parents)
    own = load_frameworks() if frameworks is None else list(frameworks)
    return StressBase(debt, assumed, own, find_interest_rate(budget, debt), classes)


def write_base(base: StressBase) -> Kept:
    """Return a base as JSON has it; years and months are texts there, fractions `1/25`."""
    debt, rate = base.debt, base.interest
    return {
        "years": list(debt.years),
        "opening": dict(debt.opening),
        "repaid": [[part, _write_keys(plan)] for part, plan in debt.repaid],
        "fixed": [_write_row(row) for row in debt.fixed],
        "purchases": [_write_row(row) for row in debt.purchases],
        "termed": [_write_termed(row) for row in debt.termed],
        "parents": dict(debt.parents),
        "assumed": [[row.kind, row.part, list(row.years)] for row in base.assumed],
        "frameworks": [[row.amount, row.from_on and row.from_on.isoformat()] for row in base.frameworks],
        "interest": None if rate is None else [str(rate.rate), rate.is_chosen],
        "classes": list(map(list, base.classes.items())),
    }


def _write_row(row: Borrowed) -> list[Any]:
    loan, months = row.loan, row.months
    terms = [loan.purpose, loan.principal, loan.raised_year, loan.life_years, _write_keys(loan.plan), loan.repaid]
    return [row.part, *terms, None if months is None else _write_keys(months)]


def _write_termed(row: Termed) -> list[Any]:
    loan = row.loan
    terms = [[term.from_on.isoformat(), str(term.rate), term.resets] for term in loan.terms]
    repaid = {day.isoformat(): ore for day, ore in sorted(loan.instalments.items())}
    days = [loan.raised_on.isoformat(), loan.matures_on.isoformat()]
    told = [loan.day_count.value, loan.refinances, loan.purpose]
    return [row.part, row.has_rate, loan.name, loan.principal, *days, terms, repaid, *told]


def _read_termed(row: Sequence[Any]) -> Termed:
    part, has_rate, name, principal, raised, matures, terms, repaid, count, refinances, purpose = row
    loan = LoanTerms(
        name,
        principal,
        date.fromisoformat(raised),
        date.fromisoformat(matures),
        [Term(date.fromisoformat(day), Fraction(rate), resets) for day, rate, resets in terms],
        {date.fromisoformat(day): ore for day, ore in repaid.items()},
        DayCount(count),
        refinances,
        purpose,
    )
    return Termed(part, loan, has_rate)


def _write_keys(amounts: Mapping[int, int]) -> dict[str, int]:
    return {str(key): ore for key, ore in sorted(amounts.items())}


def read_base(kept: Kept) -> StressBase:
    """Return the base that `write_base` wrote."""
    debt = Debt(
        years=tuple(kept["years"]),
        opening=kept["opening"],
        repaid=[(part, _read_keys(plan)) for part, plan in kept["repaid"]],
        fixed=[_read_row(row) for row in kept["fixed"]],
        purchases=[_read_row(row) for row in kept["purchases"]],
        termed=[_read_termed(row) for row in kept["termed"]],
        parents=kept["parents"],
    )
    rate = kept["interest"]
    return StressBase(
        debt=debt,
        assumed=[Assumed(kind, part, tuple(years)) for kind, part, years in kept["assumed"]],
        frameworks=[Framework(ore, date.fromisoformat(day) if day else None) for ore, day in kept["frameworks"]],
        interest=None if rate is None else InterestRate(Fraction(rate[0]), is_chosen=rate[1]),
        classes=dict(kept["classes"]),
    )


def _read_row(row: Sequence[Any]) -> Borrowed:
    part, purpose, principal, year, life, plan, repaid, months = row
    loan = Loan(purpose, principal, year, life, _read_keys(plan), repaid)
    return Borrowed(part, loan, None if months is None else _read_keys(months))


def _read_keys(amounts: Mapping[str, int]) -> dict[int, int]:
    return {int(key): amounts[key] for key in sorted(amounts, key=int)}
