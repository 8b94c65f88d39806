"""Rule 8, depreciation: straight line from the month of use; whole öre a year, and the last year takes the rest.

The trick: a month is a part of its year, never the other way round, so that the months add up to the years, whatever happens
to the asset on the way. A month is counted as year × 12 + month − 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from engine.money import round_ore

MONTHS = 12
ASSUMED_MONTH = 7
"""July: when a budgeted purchase without a date is taken into use."""


class Impairment(NamedTuple):
    """The end of a month at which an asset is found to be worth only `value` öre."""

    year: int
    month: int
    value: int


class Disposal(NamedTuple):
    """The month in which an asset is sold for `price` öre, 0 when it is scrapped; that month is not depreciated."""

    year: int
    month: int
    price: int


class Asset(NamedTuple):
    """What is depreciated: öre of cost and of residual value, life in years, the month in which it is taken into use."""

    cost: int
    life_years: int
    year: int
    month: int = ASSUMED_MONTH
    residual: int = 0
    impairments: Sequence[Impairment] = ()
    disposal: Disposal | None = None


@dataclass(frozen=True)
class Course:
    """What becomes of an asset, öre: depreciation and impairment by month, and what was left of it when it was disposed of.

    Cost = depreciation + impairment + `book_value`, which at the end of its life is the residual value.
    """

    months: dict[int, int]
    impairments: dict[int, int]
    book_value: int
    result_of_sale: int | None

    @property
    def years(self) -> dict[int, int]:
        """Depreciation by calendar year."""
        return _by_year(self.months)

    @property
    def impaired(self) -> dict[int, int]:
        """Impairment by calendar year."""
        return _by_year(self.impairments)


def depreciate(asset: Asset) -> Course:
    """Return an asset's depreciation by month, with its impairments and disposal (rule 8).

    After an impairment what it is worth above its residual value is spread anew over the months left. ValueError for what
    can't be: `depreciation_plan`'s, a residual value outside the cost, an impairment out of order, after the life or
    disposal or to more than the asset is worth, a disposal before the use.
    """
    if not 0 <= asset.residual <= asset.cost:
        raise ValueError(f"a residual value of {asset.residual} of a cost of {asset.cost}")
    start = count_months(asset.year, asset.month)
    end = start + asset.life_years * MONTHS
    stop = end if asset.disposal is None else min(end, count_months(asset.disposal.year, asset.disposal.month))
    if stop < start:
        raise ValueError("disposed of before it was taken into use")
    plan = _plan_months(asset.cost - asset.residual, asset.life_years, start)
    worth, since, kept, impaired = asset.cost, start, dict[int, int](), dict[int, int]()
    for row in asset.impairments:
        after = count_months(row.year, row.month) + 1
        if not since < after <= stop:
            raise ValueError(f"impaired out of order or after its end: {row}")
        kept |= {month: ore for month, ore in plan.items() if month < after}
        worth -= sum(ore for month, ore in plan.items() if month < after)
        if not 0 <= row.value <= worth:
            raise ValueError(f"worth {worth} when impaired: {row}")
        impaired[after - 1], worth, since = worth - row.value, row.value, after
        plan = _spread_months(max(worth - asset.residual, 0), after, end)
    kept |= {month: ore for month, ore in plan.items() if month < stop}
    left = worth - sum(ore for month, ore in plan.items() if month < stop)
    return Course(kept, impaired, left, None if asset.disposal is None else asset.disposal.price - left)


def count_months(year: int, month: int) -> int:
    """Return a month as year × 12 + month − 1. ValueError for a month outside 1–12."""
    if not 1 <= month <= MONTHS:
        raise ValueError(f"no such month: {month}")
    return year * MONTHS + month - 1


def depreciation_plan(cost: int, life_years: int, year: int, month: int = ASSUMED_MONTH) -> dict[int, int]:
    """Return depreciation in öre per calendar year, which adds up to `cost` (rule 8).

    `year` and `month` are when the asset is taken into use; that month counts. ValueError for a negative cost, a life
    under one year or a month outside 1–12.
    """
    return _by_year(_plan_months(cost, life_years, count_months(year, month)))


def _plan_months(amount: int, life_years: int, start: int) -> dict[int, int]:
    if life_years < 1:
        raise ValueError(f"a life of {life_years} years")
    return _spread_months(amount, start, start + life_years * MONTHS)


def _spread_months(amount: int, start: int, end: int) -> dict[int, int]:
    """Return öre by month from one until before another: each calendar year its share, and each month its part of that."""
    if start == end:
        return {}
    months = list(range(start, end))
    first = min(MONTHS - start % MONTHS, len(months))
    lengths = [first, *[MONTHS] * ((len(months) - first) // MONTHS)]
    if last := len(months) - sum(lengths):
        lengths.append(last)
    parts = (
        part
        for year, length in zip(spread(amount, lengths), lengths, strict=True)
        for part in split_evenly(year, length)
    )
    return dict(zip(months, parts, strict=True))


def split_evenly(amount: int, count: int) -> list[int]:
    """Split öre in equal parts, the first take what is left over: `money.allocate` by equal weights, for many amounts."""
    part, left = divmod(amount, count)
    return [part + 1] * left + [part] * (count - left)


def _by_year(months: dict[int, int]) -> dict[int, int]:
    years: dict[int, int] = {}
    for month, ore in months.items():
        years[month // MONTHS] = years.get(month // MONTHS, 0) + ore
    return years


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
