"""Rule 8, depreciation: straight line from the month of use; whole öre a year, and the last year takes the rest."""

from collections.abc import Sequence
from fractions import Fraction

from engine.money import round_ore

MONTHS = 12
ASSUMED_MONTH = 7
"""July: when a budgeted purchase without a date is taken into use."""


def depreciation_plan(cost: int, life_years: int, year: int, month: int = ASSUMED_MONTH) -> dict[int, int]:
    """Return depreciation in öre per calendar year, which adds up to `cost` (rule 8).

    `year` and `month` are when the asset is taken into use; that month counts. ValueError for a negative cost, a life
    under one year or a month outside 1–12.
    """
    if not 1 <= month <= MONTHS:
        raise ValueError(f"no such month: {month}")
    first = MONTHS + 1 - month
    lengths = [first, *[MONTHS] * (life_years - 1)]
    if first < MONTHS:
        lengths.append(MONTHS - first)
    return dict(enumerate(spread(cost, lengths if life_years > 0 else []), start=year))


def spread(amount: int, lengths: Sequence[int]) -> list[int]:
    """Split `amount` öre over periods of these lengths: each its share by `round_ore`, the last takes the rest (rule 8).

    No period gets more than is left, so the rest is never negative. Unlike `money.allocate`, equal periods but the
    last get equal parts. ValueError for a negative amount or when there is no period.
    """
    if amount < 0 or not lengths:
        raise ValueError("needs an amount that is not negative and at least one period")
    left, parts = amount, []
    for length in lengths[:-1]:
        parts.append(min(left, round_ore(Fraction(amount * length, sum(lengths)))))
        left -= parts[-1]
    return [*parts, left]
