"""Where the figures of the loan forecast come from: each year's the weakest of what it adds up (engine.provenance)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine.loans import INVESTMENTS, USE_OF_EQUITY
from engine.provenance import weakest


class LoanSources(NamedTuple):
    """Where a planned loan's amount and each year's repayment come from; `purpose` and `raised_year` as in `Loan`."""

    purpose: str
    raised_year: int
    principal: str
    repaid: Mapping[int, str]


class DebtSources(NamedTuple):
    """Where the figures of a year of the loan forecast come from, by the names of `DebtYear`."""

    year: int
    opening_debt: str
    borrowing_investments: str
    borrowing_use_of_equity: str
    amortisation: str
    closing_debt: str


def trace_debt(
    opening: Sequence[str],
    existing: Sequence[Mapping[int, str]],
    planned: Sequence[LoanSources],
    years: Sequence[int],
) -> list[DebtSources]:
    """Return where the figures of `roll_forward` come from, for the same years.

    A year's debt rests on everything before it, so it never gets surer.
    """
    rows: list[DebtSources] = []
    before = weakest(opening)
    for year in years:
        rows.append(_trace_year(year, before, existing, planned))
        before = rows[-1].closing_debt
    return rows


def _trace_year(
    year: int, opening: str, existing: Sequence[Mapping[int, str]], planned: Sequence[LoanSources]
) -> DebtSources:
    plans = [*existing, *(loan.repaid for loan in planned)]
    repaid = weakest(plan[year] for plan in plans if year in plan)
    raised = [(loan.purpose, loan.principal) for loan in planned if loan.raised_year == year]
    investments, equity = (
        weakest(source for purpose, source in raised if purpose == wanted) for wanted in (INVESTMENTS, USE_OF_EQUITY)
    )
    parts = [opening, *(source for _purpose, source in raised)]
    parts += [plan[year] for plan in plans if year in plan]
    return DebtSources(year, opening, investments, equity, repaid, weakest(parts))
