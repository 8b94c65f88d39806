"""Rule 8, batches of devices: what is retired of a batch leaves it as assets of its own, so its parts add up to the batch.

The trick: a batch is its groups, one for each retirement and one for what is left; what the devices left are found to be
worth at a month's end is split on the groups by what each was worth then, so no group is written up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.depreciation import MONTHS, Asset, Disposal, Impairment, count_months, depreciate
from engine.money import allocate


class Retirement(NamedTuple):
    """A number of devices retired in a month, sold for `price` öre in total, 0 when they were scrapped."""

    year: int
    month: int
    number: int
    price: int


class Batch(NamedTuple):
    """Devices taken into use together: öre each, life in years, the month of use, and what has become of them.

    An impairment's value is what the devices left at the end of its month are worth together, öre.
    """

    number: int
    unit_price: int
    life_years: int
    year: int
    month: int
    retirements: Sequence[Retirement] = ()
    impairments: Sequence[Impairment] = ()

    @property
    def left(self) -> int:
        """How many devices are not retired."""
        return self.number - sum(row.number for row in self.retirements)


def split_batch(batch: Batch) -> list[Asset]:
    """Return a batch as assets whose costs add up to number × price (rule 8): one for each retirement, and what is left.

    A device retired in a month is not written down at its end. ValueError when more is retired than there is, and as of
    `engine.depreciation.depreciate`.
    """
    if batch.number < 1 or batch.left < 0 or any(row.number < 1 for row in batch.retirements):
        raise ValueError(f"{batch.number} devices, of which {batch.number - batch.left} are retired")
    assets = [_retire(batch, row) for row in batch.retirements]
    if batch.left:
        assets.append(_make_asset(batch, batch.left, None))
    for row in sorted(batch.impairments, key=lambda row: count_months(row.year, row.month)):
        assets = _impair(assets, row)
    return assets


def worth_at(asset: Asset, month: int) -> int:
    """Return what an asset is worth at the end of a month (year × 12 + month − 1), öre; 0 when it is disposed of by then."""
    if asset.disposal is not None and count_months(asset.disposal.year, asset.disposal.month) <= month:
        return 0
    course = depreciate(asset)
    gone = sum(ore for at, ore in course.months.items() if at <= month)
    return asset.cost - gone - sum(ore for at, ore in course.impairments.items() if at <= month)


def _make_asset(batch: Batch, number: int, disposal: Disposal | None) -> Asset:
    cost = number * batch.unit_price
    return Asset(cost, batch.life_years, batch.year, batch.month, disposal=disposal)


def _retire(batch: Batch, row: Retirement) -> Asset:
    return _make_asset(batch, row.number, Disposal(row.year, row.month, row.price))


def _impair(assets: Sequence[Asset], row: Impairment) -> list[Asset]:
    month = count_months(row.year, row.month)
    worths = [worth_at(asset, month) for asset in assets]
    if not 0 <= row.value <= sum(worths):
        raise ValueError(f"worth {sum(worths)} when impaired: {row}")
    if not sum(worths):
        return list(assets)
    parts = allocate(row.value, worths)
    return [
        asset._replace(impairments=[*asset.impairments, Impairment(row.year, row.month, part)]) if worth else asset
        for asset, worth, part in zip(assets, worths, parts, strict=True)
    ]


def age_in_months(taken: int, month: int) -> int:
    """Return how many months something taken into use in one month is old in another; 0 before it is."""
    return max(0, month - taken)


def is_past_its_cycle(taken: int, month: int, cycle_years: int) -> bool:
    """Say whether something is at least as old as its cycle in a month; months are year × 12 + month − 1."""
    return month - taken >= cycle_years * MONTHS
