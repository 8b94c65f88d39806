"""Rule 8, the roll-forward by month: what each month borrows, repays and refinances, and its closing debt.

The trick: every loan is a list of (month, row, öre), so that months add up to the years of `roll_forward`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.depreciation import MONTHS, split_evenly
from engine.loan_terms import LoanTerms, MovementKind, list_movements
from engine.loans import (
    AS_DEPRECIATION,
    INVESTMENTS,
    QUARTER_ENDS,
    Loan,
    instalments,
    split_by_quarter,
)

BORROWING = {True: "borrowing_investments", False: "borrowing_use_of_equity"}
Entry = tuple[int, str, int]


class DebtMonth(NamedTuple):
    """A month of the loan forecast in öre; what is repaid is negative, so closing is the sum of what is before it.

    The two rows of refinancing sum to nothing.
    """

    year: int
    month: int
    opening_debt: int
    borrowing_investments: int
    borrowing_use_of_equity: int
    amortisation: int
    refinancing_repaid: int
    refinancing_raised: int
    closing_debt: int


def roll_months(
    opening_debt: int,
    existing: Sequence[Mapping[int, int]],
    planned: Sequence[Loan],
    termed: Sequence[LoanTerms],
    years: Sequence[int],
) -> list[DebtMonth]:
    """Return one DebtMonth for each month of `years`, which follow on each other (rule 8).

    `opening_debt` in öre is all debt before the first year, also of the `termed` loans raised before it. `existing` is
    amortisation by year of loans known by year only, in equal parts on the quarter ends; planned borrowing is even over its
    year; a loan by its own terms moves the debt on its days.
    """
    sums: dict[tuple[int, str], int] = {}
    for month, row, ore in _list_entries(existing, planned, termed):
        sums[month, row] = sums.get((month, row), 0) + ore
    rows: list[DebtMonth] = []
    moving = DebtMonth._fields[3:-1]
    for month in range(years[0] * MONTHS, (years[-1] + 1) * MONTHS):
        opening = rows[-1].closing_debt if rows else opening_debt
        moved = {row: sums.get((month, row), 0) for row in moving}
        closing = opening + sum(moved.values())
        rows.append(
            DebtMonth(
                year=month // MONTHS, month=month % MONTHS + 1, opening_debt=opening, closing_debt=closing, **moved
            )
        )
    return rows


def _list_entries(
    existing: Iterable[Mapping[int, int]], planned: Iterable[Loan], termed: Sequence[LoanTerms]
) -> Iterator[Entry]:
    for plan in existing:
        yield from _list_repaid(plan)
    for loan in planned:
        row = BORROWING[loan.purpose == INVESTMENTS]
        for month, ore in enumerate(split_evenly(loan.principal, MONTHS)):
            yield loan.raised_year * MONTHS + month, row, ore
        yield from _list_repaid(instalments(loan), loan.raised_year if _waits(loan) else None)
    purposes = {loan.name: loan.purpose for loan in termed}
    for movement in list_movements(termed):
        month = movement.on.year * MONTHS + movement.on.month - 1
        yield month, _row_of(movement.kind, purposes[movement.loan], movement.ore), movement.ore


def _waits(loan: Loan) -> bool:
    """Say whether what is repaid in the loan's own year waits for its last purchase, as in the stress test."""
    return loan.repaid == AS_DEPRECIATION and not loan.plan


def _list_repaid(plan: Mapping[int, int], at_the_end: int | None = None) -> Iterator[Entry]:
    for year, ore in plan.items():
        parts = {QUARTER_ENDS[-1]: ore} if year == at_the_end else split_by_quarter(ore)
        for (month, _day), part in parts.items():
            yield year * MONTHS + month - 1, "amortisation", -part


def _row_of(kind: MovementKind, purpose: str, ore: int) -> str:
    if kind == MovementKind.REFINANCING:
        return "refinancing_raised" if ore > 0 else "refinancing_repaid"
    return BORROWING[purpose == INVESTMENTS] if kind == MovementKind.BORROWING else "amortisation"
