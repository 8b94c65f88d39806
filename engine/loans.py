"""Rule 8, loans: debt rolls forward from year to year by borrowing and amortisation.

The trick: a loan is nothing but its instalments by year, whether it has its own plan or a life to be repaid over; and no
instalment is more than what is left of its loan, so that no debt falls below zero.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from engine.depreciation import MONTHS, depreciation_plan, split_evenly, spread
from engine.money import allocate

INVESTMENTS = "investments"
USE_OF_EQUITY = "use_of_equity"
EQUAL, AS_DEPRECIATION, BULLET = "equal", "depreciation", "bullet"
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


class Loan(NamedTuple):
    """A planned loan: öre raised in a year for 'investments' or 'use_of_equity', and how it is repaid.

    `plan` is its own amortisation by year in positive öre; when empty, it is repaid over `life_years`, if known: in equal
    yearly parts, as what it pays for is depreciated, or whole at the end.
    """

    purpose: str
    principal: int
    raised_year: int
    life_years: int | None
    plan: Mapping[int, int]
    repaid: str = EQUAL


class Statement(NamedTuple):
    """What was owed of an existing loan at the end of a day, öre, and its repayments by year in positive öre."""

    name: str
    debt: int
    stated_on: date
    plan: Mapping[int, int]


class Opening(NamedTuple):
    """All existing loans at the end of one year: their debt in öre, and what is repaid of each after it, by year.

    `debt` is None while a repayment between a statement and that day is not known; `missing` names loan and year.
    """

    year: int
    debt: int | None
    plans: list[dict[int, int]]
    missing: list[tuple[str, int]]


class PlanFault(StrEnum):
    """What can't be with the repayments of a loan."""

    BEFORE = "before"
    EXCEEDS = "exceeds"


class DebtYear(NamedTuple):
    """A year of the loan forecast in öre; amortisation is negative, so closing is the sum of the four before it."""

    year: int
    opening_debt: int
    borrowing_investments: int
    borrowing_use_of_equity: int
    amortisation: int
    closing_debt: int


def instalments(loan: Loan) -> dict[int, int]:
    """Return amortisation by year in positive öre (rule 8); empty when the loan has neither plan nor life.

    By life: equal yearly parts from the year after it is raised, the last taking the rest; as depreciation from July of
    that year; or whole in the last year. Of an own plan, what comes before the loan or exceeds what is left of it is not
    counted; `find_plan_faults` tells of it. ValueError for a negative principal or a life under one year.
    """
    if loan.plan:
        return cut(loan.principal, {year: ore for year, ore in loan.plan.items() if year >= loan.raised_year})
    if loan.life_years is None:
        return {}
    if loan.repaid == AS_DEPRECIATION:
        return depreciation_plan(loan.principal, loan.life_years, loan.raised_year)
    if loan.repaid == BULLET:
        return {loan.raised_year + loan.life_years: loan.principal}
    return dict(enumerate(spread(loan.principal, [1] * loan.life_years), start=loan.raised_year + 1))


def cut(debt: int, plan: Mapping[int, int]) -> dict[int, int]:
    """Return repayments in the order of their years, each at most what is left of `debt` öre (rule 8)."""
    repaid: dict[int, int] = {}
    for year, ore in sorted(plan.items()):
        repaid[year] = min(ore, debt)
        debt -= repaid[year]
    return repaid


def find_plan_faults(debt: int, plan: Mapping[int, int], raised_year: int) -> list[PlanFault]:
    """Return what can't be with a loan's own plan (rule 8): repaid before it is raised, or more than `debt` öre."""
    faults = [PlanFault.BEFORE] if any(ore and year < raised_year for year, ore in plan.items()) else []
    return [*faults, PlanFault.EXCEEDS] if sum(plan.values()) > debt else faults


def split_by_quarter(ore: int) -> dict[tuple[int, int], int]:
    """Return what is known by year only in equal parts on the four quarter ends, by their month and day (rule 8)."""
    return dict(zip(QUARTER_ENDS, split_evenly(ore, len(QUARTER_ENDS)), strict=True))


def repaid_after(statement: Statement) -> dict[int, int]:
    """Return the repayments that come after a statement, by year in öre (rule 8).

    Of a year's that is known by year only, those quarter ends are left that come after the day.
    """
    day = statement.stated_on
    later = {year: ore for year, ore in statement.plan.items() if year > day.year}
    if day.year in statement.plan and (day.month, day.day) < QUARTER_ENDS[-1]:
        parts = split_by_quarter(statement.plan[day.year])
        later[day.year] = sum(part for end, part in parts.items() if end > (day.month, day.day))
    return later


def open_debt(statements: Sequence[Statement]) -> Opening | None:
    """Roll statements of different days to the end of the last one's year, and only then add them (rule 8).

    A loan that still has a debt needs a known repayment in each year on the way, 0 where there is none. None without
    statements.
    """
    if not statements:
        return None
    year = max(statement.stated_on.year for statement in statements)
    plans = [cut(statement.debt, repaid_after(statement)) for statement in statements]
    missing = [
        (statement.name, gap)
        for statement, plan in zip(statements, plans, strict=True)
        for gap in _find_gaps(statement, plan, year)
    ]
    repaid = sum(ore for plan in plans for due, ore in plan.items() if due <= year)
    debt = None if missing else sum(statement.debt for statement in statements) - repaid
    return Opening(year, debt, [{due: ore for due, ore in plan.items() if due > year} for plan in plans], missing)


def _find_gaps(statement: Statement, plan: Mapping[int, int], until: int) -> list[int]:
    """Return the years up to `until` of which nobody has said what is repaid, while something is owed."""
    day, left, gaps = statement.stated_on, statement.debt, []
    first = day.year + (day == date(day.year, 12, 31))
    for year in range(first, until + 1):
        if left and year not in plan:
            gaps.append(year)
        left -= plan.get(year, 0)
    return gaps


def loans_without_plan(loans: Sequence[Loan]) -> list[Loan]:
    """Return the loans that nobody has said how to repay (rule 8 warns of them), in their order."""
    return [loan for loan in loans if not loan.plan and loan.life_years is None]


def raise_in_months(principal: int, whole: int, bought: Mapping[int, int]) -> dict[int, int]:
    """Return in which of a year's months a loan of `principal` öre is raised (rule 8): what is bought in a month then.

    The rest of the `whole` that is bought is even over the year. Where another amount is raised than what that comes to, less
    is left to raise or the purchases have changed since, each month has its share of it. ValueError for a month that is none.
    """
    if not bought.keys() <= set(range(1, MONTHS + 1)):
        raise ValueError(f"months beyond a year: {sorted(bought)}")
    even = split_evenly(max(whole - sum(bought.values()), 0), MONTHS)
    months = {month: ore + bought.get(month, 0) for month, ore in enumerate(even, start=1)}
    total = sum(months.values())
    if principal == total:
        return months
    return dict(zip(months, allocate(principal, list(months.values())), strict=True)) if total else {1: principal}


def resize(loan: Loan, principal: int) -> Loan:
    """Return the loan of another amount; its own plan keeps its shares, and what it left unpaid stays so."""
    if not loan.plan or principal == loan.principal:
        return loan._replace(principal=principal)
    plan = instalments(loan)
    left = loan.principal - sum(plan.values())
    parts = allocate(principal, [*plan.values(), left]) if loan.principal else [0] * (len(plan) + 1)
    return loan._replace(principal=principal, plan=dict(zip(plan, parts, strict=False)))


def take_raised(planned: Sequence[Loan], raised: Mapping[tuple[int, str], int]) -> list[Loan]:
    """Return planned loans less what has been raised of them, öre by year and purpose; the first are used up first.

    So a loan that was planned and then raised is counted once (rule 8). What is raised beyond the plan takes nothing.
    """
    left, rows = dict(raised), []
    for loan in planned:
        taken = min(left.get((loan.raised_year, loan.purpose), 0), loan.principal)
        if taken:
            left[loan.raised_year, loan.purpose] -= taken
        rows.append(resize(loan, loan.principal - taken) if taken else loan)
    return rows


def roll_forward(
    opening_debt: int,
    existing: Sequence[Mapping[int, int]],
    planned: Sequence[Loan],
    years: Sequence[int],
    raised: Mapping[tuple[int, str], int] | None = None,
) -> list[DebtYear]:
    """Return one DebtYear for each of `years`, which must follow on each other (rule 8). Nothing is rounded here.

    `opening_debt` in öre is the debt before the first year, and holds every loan raised before it; `existing` is those
    loans' amortisation by year in positive öre, as `open_debt` gives them: then no closing debt is negative. `raised` is what
    loans by their own terms borrow after it, by year and purpose; their amortisation is among `existing`, and refinancing
    is neither. ValueError for years with gaps or a loan of an unknown purpose.
    """
    _check(planned, years)
    plans = [*existing, *map(instalments, planned)]
    rows: list[DebtYear] = []
    for year in years:
        opening_debt = rows[-1].closing_debt if rows else opening_debt
        rows.append(_debt_year(year, opening_debt, planned, raised or {}, sum(plan.get(year, 0) for plan in plans)))
    return rows


def _check(planned: Sequence[Loan], years: Sequence[int]) -> None:
    if any(after != before + 1 for before, after in pairwise(years)):
        raise ValueError(f"years must follow on each other: {list(years)}")
    unknown = {loan.purpose for loan in planned} - {INVESTMENTS, USE_OF_EQUITY}
    if unknown:
        raise ValueError(f"unknown purpose of a loan: {sorted(unknown)}")


def _debt_year(
    year: int, opening: int, planned: Sequence[Loan], raised: Mapping[tuple[int, str], int], repaid: int
) -> DebtYear:
    investments, equity = (
        _borrowed(planned, year, purpose) + raised.get((year, purpose), 0) for purpose in (INVESTMENTS, USE_OF_EQUITY)
    )
    return DebtYear(year, opening, investments, equity, -repaid, opening + investments + equity - repaid)


def _borrowed(planned: Sequence[Loan], year: int, purpose: str) -> int:
    return sum(loan.principal for loan in planned if (loan.raised_year, loan.purpose) == (year, purpose))
