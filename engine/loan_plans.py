"""Rule 8, how a loan is repaid and when its rate is set anew: plans as people say them, turned into days.

The trick: whatever a plan is called, it ends as öre by day, so that nothing after it knows more than one kind.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction

from engine.clock import add_months
from engine.depreciation import split_evenly
from engine.loan_terms import LoanTerms, Term, debt_on, list_repayments
from engine.loans import QUARTER_ENDS, Statement


class PlanKind(StrEnum):
    """How a loan is repaid: rows of its own, equal parts, as its assets are depreciated, or whole when it ends."""

    OWN = "own"
    EQUAL = "equal"
    DEPRECIATION = "depreciation"
    BULLET = "bullet"


def repay_equally(
    principal: int, raised_on: date, matures_on: date, every_months: int, *, part: int | None = None,
    first_on: date | None = None,
) -> dict[date, int]:  # fmt: skip
    """Return equal instalments in öre by day, from `first_on` or the first period's end until the loan matures (rule 8).

    Each is `part`, and what is left is repaid at maturity; without it the whole loan is split evenly, the first parts take
    the öre. ValueError for periods under one month or a first day outside the loan.
    """
    if every_months < 1:
        raise ValueError(f"instalments every {every_months} months")
    start = first_on or add_months(raised_on, every_months)
    if first_on is not None and not raised_on < first_on <= matures_on:
        raise ValueError(f"the first instalment on {first_on} is outside the loan")
    days: list[date] = []
    while (day := add_months(start, every_months * len(days))) <= matures_on:
        days.append(day)
    if part is None:
        return dict(zip(days, split_evenly(principal, len(days)), strict=True)) if days else {}
    plan, left = dict[date, int](), principal
    for day in days:
        plan[day] = min(part, left)
        left -= plan[day]
    return {day: ore for day, ore in plan.items() if ore}


def place_year(ore: int, year: int, raised_on: date, matures_on: date) -> dict[date, int]:
    """Return what is known by year only in equal parts on those quarter ends that are within the loan (rule 8).

    Where none is, all of it falls on the day it matures. ValueError for a year in which the loan is not there.
    """
    ends = [date(year, *end) for end in QUARTER_ENDS]
    within = [day for day in ends if raised_on < day <= matures_on]
    if within:
        return dict(zip(within, split_evenly(ore, len(within)), strict=True))
    if year == matures_on.year:
        return {matures_on: ore}
    raise ValueError(f"the loan is not there in {year}")


def join_plans(plans: Iterable[Mapping[date, int]]) -> dict[date, int]:
    """Return plans by day as one, in order of days."""
    days: dict[date, int] = {}
    for plan in plans:
        for day, ore in plan.items():
            days[day] = days.get(day, 0) + ore
    return dict(sorted(days.items()))


def expand_resets(from_on: date, rate: Fraction, until: date, *, resets: bool, every_months: int | None) -> list[Term]:
    """Return a rate as the engine's terms until a day: a variable one is set anew every so many months (rule 8).

    `resets` says whether the first of them is set anew too. ValueError for a period under one month.
    """
    if every_months is None:
        return [Term(from_on, rate, resets)]
    if every_months < 1:
        raise ValueError(f"set anew every {every_months} months")
    terms = [Term(from_on, rate, resets)]
    while (day := add_months(from_on, every_months * len(terms))) < until:
        terms.append(Term(day, rate, resets=True))
    return terms


def carve_out(statement: Statement, parts: Iterable[LoanTerms]) -> Statement:
    """Return what is left of a sum of loans without those of its `parts` whose own terms are known (rule 8).

    What they owe on the day leaves the debt, and what is repaid of them after it leaves the plan, year by year; nothing
    falls below 0, so that no debt is counted twice and none is lost.
    """
    rows = list(parts)
    debt = statement.debt - sum(debt_on([row], statement.stated_on) for row in rows)
    plan = dict(statement.plan)
    for row in rows:
        for day, ore in list_repayments(row).items():
            if day.year in plan and day > statement.stated_on:
                plan[day.year] = max(plan[day.year] - ore, 0)
    return statement._replace(debt=max(debt, 0), plan=plan)
