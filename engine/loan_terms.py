"""Rule 8, a loan by its own terms: interest accrued by day, instalments on their days, resets, and refinancing.

The trick: between two days on which something changes, a debt and its rate stand still, so interest is a sum over such spans,
exact until its one rounding.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from engine.loans import INVESTMENTS
from engine.money import round_ore

YEAR_360 = 360


class DayCount(StrEnum):
    """How days are counted to parts of a year: twelve months of 30 days, or the days there are over 365."""

    THIRTY_360 = "30/360"
    ACTUAL = "actual/365"


class Term(NamedTuple):
    """A yearly rate from a day on; `resets` says that it is set anew that day, so that the market's rate moves it."""

    from_on: date
    rate: Fraction
    resets: bool = False


class LoanTerms(NamedTuple):
    """A loan: öre raised on a day and repaid by `instalments` on theirs; what is left is repaid when it matures.

    `terms` are in order, the first from the day it is raised. `refinances` says that it takes the place of loans that
    mature the same day, `purpose` what it pays for.
    """

    name: str
    principal: int
    raised_on: date
    matures_on: date
    terms: Sequence[Term]
    instalments: Mapping[date, int]
    day_count: DayCount = DayCount.THIRTY_360
    refinances: bool = False
    purpose: str = INVESTMENTS


class MovementKind(StrEnum):
    """What a movement of debt is; refinancing is neither borrowing nor amortisation."""

    BORROWING = "borrowing"
    AMORTISATION = "amortisation"
    REFINANCING = "refinancing"


class Movement(NamedTuple):
    """Öre that a loan adds to the debt on a day, negative when it is repaid."""

    on: date
    loan: str
    kind: MovementKind
    ore: int


class Shift(NamedTuple):
    """A parallel shift of the market's rate from a day on: it moves what is reset on that day or later."""

    from_on: date
    points: Fraction


def find_term_faults(loan: LoanTerms) -> list[str]:
    """Return what can't be with a loan's terms, by words for the developer; forms say the same in the user's."""
    faults = []
    if loan.matures_on <= loan.raised_on:
        faults.append("it matures before it is raised")
    days = [term.from_on for term in loan.terms]
    if not days or days[0] != loan.raised_on:
        faults.append("its first term is not from the day on which it is raised")
    if any(after <= before for before, after in pairwise(days)):
        faults.append("two terms overlap")
    if any(not -1 <= term.rate <= 1 for term in loan.terms):
        faults.append("a rate is beyond 100 %")
    if any(not loan.raised_on < day <= loan.matures_on for day in loan.instalments):
        faults.append("an instalment is before the loan or after its maturity")
    if loan.principal < 0 or any(ore < 0 for ore in loan.instalments.values()):
        faults.append("an amount is negative")
    if sum(loan.instalments.values()) > loan.principal:
        faults.append("the instalments are more than the loan")
    return faults


def list_repayments(loan: LoanTerms) -> dict[date, int]:
    """Return what is repaid by day in positive öre, with the rest at maturity. ValueError for terms that can't be."""
    faults = find_term_faults(loan)
    if faults:
        raise ValueError(f"{loan.name}: {'; '.join(faults)}")
    days = dict(sorted(loan.instalments.items()))
    return days | {loan.matures_on: days.get(loan.matures_on, 0) + _left_at_maturity(loan)}


def list_movements(loans: Sequence[LoanTerms]) -> list[Movement]:
    """Return how all loans move the debt, in order of days (rule 8).

    What is left of a loan when it matures, on a day on which others refinance it, is refinancing up to their amount: two
    rows that sum to nothing. What repays comes first, so that no debt is counted twice within a day. An instalment of
    that day is amortisation all the same.
    """
    renewed = _sum_by_day((loan.raised_on, loan.principal) for loan in loans if loan.refinances)
    matured = _sum_by_day((loan.matures_on, _left_at_maturity(loan)) for loan in loans)
    kept = {day: min(ore, matured.get(day, 0)) for day, ore in renewed.items()}
    left_out, left_in = dict(kept), dict(kept)
    rows: list[Movement] = []
    for loan in loans:
        for day, ore in list_repayments(loan).items():
            most = _left_at_maturity(loan) if day == loan.matures_on else 0
            rows += _split(day, loan.name, MovementKind.AMORTISATION, -ore, -_take(left_out, day, most))
        refinanced = _take(left_in, loan.raised_on, loan.principal if loan.refinances else 0)
        rows += _split(loan.raised_on, loan.name, MovementKind.BORROWING, loan.principal, refinanced)
    return sorted(rows, key=lambda row: (row.on, row.ore > 0))


def _left_at_maturity(loan: LoanTerms) -> int:
    return loan.principal - sum(loan.instalments.values())


def _sum_by_day(rows: Iterable[tuple[date, int]]) -> dict[date, int]:
    days: dict[date, int] = {}
    for day, ore in rows:
        days[day] = days.get(day, 0) + ore
    return days


def _take(left: dict[date, int], day: date, most: int) -> int:
    """Return at most so much of what is left of a day, and take it away."""
    taken = min(left.get(day, 0), most)
    if taken:
        left[day] -= taken
    return taken


def _split(day: date, name: str, kind: MovementKind, ore: int, refinanced: int) -> Iterator[Movement]:
    if ore != refinanced:
        yield Movement(day, name, kind, ore - refinanced)
    if refinanced:
        yield Movement(day, name, MovementKind.REFINANCING, refinanced)


def debt_on(loans: Sequence[LoanTerms], day: date) -> int:
    """Return what is owed at the end of a day, öre."""
    return sum(row.ore for row in list_movements(loans) if row.on <= day)


class Moved(NamedTuple):
    """What loans by their own terms do to the debt after a year, öre: raised by year and purpose, the rest by year.

    `refinanced` is what one loan repays and another raises of the same.
    """

    opening: int
    raised: dict[tuple[int, str], int]
    repaid: dict[int, int]
    refinanced: dict[int, int]


def sum_movements(loans: Sequence[LoanTerms], after: int) -> Moved:
    """Return what loans owe at the end of the year `after`, and what they add and repay in each year later (rule 8)."""
    purposes = {loan.name: loan.purpose for loan in loans}
    found = Moved(0, {}, {}, {})
    opening = 0
    for row in list_movements(loans):
        year = row.on.year
        if year <= after:
            opening += row.ore
        elif row.kind == MovementKind.BORROWING:
            key = year, purposes[row.loan]
            found.raised[key] = found.raised.get(key, 0) + row.ore
        elif row.kind == MovementKind.AMORTISATION:
            found.repaid[year] = found.repaid.get(year, 0) - row.ore
        elif row.ore > 0:
            found.refinanced[year] = found.refinanced.get(year, 0) + row.ore
    return found._replace(opening=opening)


def sum_borrowed(loans: Sequence[LoanTerms]) -> dict[str, int]:
    """Return what each loan borrows, öre, without what it refinances."""
    borrowed: dict[str, int] = {}
    for row in list_movements(loans):
        if row.kind == MovementKind.BORROWING:
            borrowed[row.loan] = borrowed.get(row.loan, 0) + row.ore
    return borrowed


def interest_by_year(loan: LoanTerms, shift: Shift | None = None) -> dict[int, int]:
    """Return accrued interest by calendar year in öre, rounded once a year (rule 8); `shift` moves what resets."""
    years: dict[int, Fraction] = {}
    for first, _last, interest in _list_spans(loan, shift):
        years[first.year] = years.get(first.year, Fraction(0)) + interest
    return {year: round_ore(interest) for year, interest in years.items()}


def interest_paid(loan: LoanTerms, days: Sequence[date]) -> dict[date, int]:
    """Return interest in öre by the days on which it is paid, each what has accrued since the one before, rounded once."""
    paid: dict[date, Fraction] = {day: Fraction(0) for day in sorted(days)}
    for first, _last, interest in _list_spans(loan, None, days):
        due = next((day for day in paid if day > first), None)
        if due is not None:
            paid[due] += interest
    return {day: round_ore(interest) for day, interest in paid.items()}


def _list_spans(
    loan: LoanTerms, shift: Shift | None, more: Sequence[date] = ()
) -> Iterator[tuple[date, date, Fraction]]:
    """Return spans in which nothing changes, from a day until before another, with their exact interest."""
    repaid, left = list_repayments(loan), loan.principal
    new_years = [date(year, 1, 1) for year in range(loan.raised_on.year + 1, loan.matures_on.year + 1)]
    changes = {loan.raised_on, *(term.from_on for term in loan.terms), *repaid, *new_years, *more}
    days = sorted(day for day in changes if loan.raised_on <= day <= loan.matures_on)
    for first, last in pairwise(days):
        left -= repaid.get(first, 0)
        yield first, last, left * _rate_on(loan, first, shift) * year_fraction(first, last, loan.day_count)


def _rate_on(loan: LoanTerms, day: date, shift: Shift | None) -> Fraction:
    term = [term for term in loan.terms if term.from_on <= day][-1]
    is_moved = shift is not None and term.resets and term.from_on >= shift.from_on
    return term.rate + shift.points if is_moved and shift is not None else term.rate


def year_fraction(first: date, last: date, how: DayCount) -> Fraction:
    """Return the part of a year from a day until another; a 31st counts as the 30th where months have 30 days."""
    if how == DayCount.ACTUAL:
        return Fraction((last - first).days, 365)
    months = (last.year - first.year) * 12 + last.month - first.month
    return Fraction(months * 30 + min(last.day, 30) - min(first.day, 30), YEAR_360)
