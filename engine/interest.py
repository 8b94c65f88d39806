"""Rule 8, interest: by a loan's own terms where they are known, else average debt × rate; and what pays it.

The trick: a year's interest is one whole number of öre before it is split, and `allocate` splits it by the mean debts, so that
the parts are the loan forecast's interest to the öre.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from engine.loan_terms import Shift, interest_by_year
from engine.money import allocate
from engine.stress import Debt, Stressed, yearly_interest


def accrue_interest(
    debt: Debt, found: Stressed, rate: Fraction | None, shift: Fraction = Fraction(0)
) -> dict[int, int | None]:
    """Return interest by year in öre for the years of `found`, which is `stress` of `debt` (rule 8).

    A loan by its own terms bears them, accrued and rounded once a loan and year; the rest of the debt bears `rate` on the
    mean of its month ends, rounded once a year. `shift`, a fraction, moves the market's rate in parallel from the first day
    on: what is reset then or later, and all that follows the budget's rate. None where `rate` is needed and not known.
    """
    own = _sum_own(debt, date(found.year_ends[0].year, 1, 1), shift) if found.year_ends else {}
    rests = [end._replace(average=end.average - end.average_by_terms) for end in found.year_ends]
    known = {} if rate is None else yearly_interest(rests, rate + shift)
    return {
        end.year: None if end.average and rate is None else own.get(end.year, 0) + known.get(end.year, 0)
        for end in rests
    }


def _sum_own(debt: Debt, first: date, shift: Fraction) -> dict[int, int]:
    """Return the interest of the loans by their own terms, by year."""
    moved = Shift(first, shift) if shift else None
    own: dict[int, int] = {}
    for row in debt.termed:
        if row.has_rate:
            for year, ore in interest_by_year(row.loan, moved).items():
                own[year] = own.get(year, 0) + ore
    return own


def split_interest(ore: int, averages: Mapping[str, Fraction]) -> dict[str, int]:
    """Split a year's interest in öre on what the debt pays for, by the mean of its twelve month ends (rule 8).

    The parts add up to `ore`, the largest remainder first. Empty where nothing is owed. ValueError for a negative debt.
    """
    weights = [round(average * 12) for average in averages.values()]
    return dict(zip(averages, allocate(ore, weights), strict=True)) if any(weights) else {}
