"""Rule 8, loans: debt rolls forward from year to year by borrowing and amortisation.

The trick: a loan is nothing but its instalments by year, whether it has its own plan or a life to be repaid over.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from engine.depreciation import spread

INVESTMENTS = "investments"
USE_OF_EQUITY = "use_of_equity"


class Loan(NamedTuple):
    """A planned loan: öre raised in a year for 'investments' or 'use_of_equity', and how it is repaid.

    `plan` is its own amortisation by year in positive öre; when empty, it is repaid over `life_years`, if known.
    """

    purpose: str
    principal: int
    raised_year: int
    life_years: int | None
    plan: Mapping[int, int]


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

    By life: equal yearly parts from the year after it is raised, the last taking the rest. ValueError for a negative
    principal or a life under one year.
    """
    if loan.plan:
        return dict(loan.plan)
    if loan.life_years is None:
        return {}
    return dict(enumerate(spread(loan.principal, [1] * loan.life_years), start=loan.raised_year + 1))


def loans_without_plan(loans: Sequence[Loan]) -> list[Loan]:
    """Return the loans that nobody has said how to repay (rule 8 warns of them), in their order."""
    return [loan for loan in loans if not loan.plan and loan.life_years is None]


def roll_forward(
    opening_debt: int, existing: Sequence[Mapping[int, int]], planned: Sequence[Loan], years: Sequence[int]
) -> list[DebtYear]:
    """Return one DebtYear for each of `years`, which must follow on each other (rule 8). Nothing is rounded here.

    `opening_debt` in öre is the debt before the first year, and holds every loan raised before it; `existing` is those
    loans' amortisation by year in positive öre. ValueError for years with gaps or a loan of an unknown purpose.
    """
    _check(planned, years)
    plans = [*existing, *map(instalments, planned)]
    rows: list[DebtYear] = []
    for year in years:
        opening_debt = rows[-1].closing_debt if rows else opening_debt
        rows.append(_debt_year(year, opening_debt, planned, sum(plan.get(year, 0) for plan in plans)))
    return rows


def _check(planned: Sequence[Loan], years: Sequence[int]) -> None:
    if any(after != before + 1 for before, after in pairwise(years)):
        raise ValueError(f"years must follow on each other: {list(years)}")
    unknown = {loan.purpose for loan in planned} - {INVESTMENTS, USE_OF_EQUITY}
    if unknown:
        raise ValueError(f"unknown purpose of a loan: {sorted(unknown)}")


def _debt_year(year: int, opening: int, planned: Sequence[Loan], repaid: int) -> DebtYear:
    investments = _borrowed(planned, year, INVESTMENTS)
    equity = _borrowed(planned, year, USE_OF_EQUITY)
    return DebtYear(year, opening, investments, equity, -repaid, opening + investments + equity - repaid)


def _borrowed(planned: Sequence[Loan], year: int, purpose: str) -> int:
    return sum(loan.principal for loan in planned if (loan.raised_year, loan.purpose) == (year, purpose))
