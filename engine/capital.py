"""Rule 8, what capital costs: depreciation of many assets by month and part, and its split on the products that carry it.

The trick: an asset's year is split on its months as one piece, so a part of a year is two steps up and down in a row of
differences; twenty thousand assets are summed without a month of any of them being written down.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple, TypeVar

from engine.depreciation import MONTHS, Asset, count_months, depreciate, spread
from engine.money import Exact, split_by_shares, to_whole_shares
from engine.years import Amounts

Key = TypeVar("Key")


class Owned(NamedTuple):
    """An asset, and the part of the capital that it belongs to: an asset class by its slug."""

    part: str
    asset: Asset


def depreciate_by_month(owned: Iterable[Owned], first: int, last: int) -> dict[str, list[int]]:
    """Return depreciation by part in öre for each month from January of `first` to December of `last` (rule 8).

    Equal to the sum of `depreciation.depreciate` of each asset, which also gives its errors; impairments are no
    depreciation.
    """
    start, end = first * MONTHS, (last + 1) * MONTHS
    steps: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for part, asset in owned:
        found = steps[part]
        if asset.impairments or asset.disposal is not None:
            for month, ore in depreciate(asset).months.items():
                found[month] += ore
                found[month + 1] -= ore
            continue
        _check(asset)
        month = count_months(asset.year, asset.month)
        for length, ore in _plan_years(asset.cost - asset.residual, asset.life_years, month):
            each, more = divmod(ore, length)
            found[month] += each
            found[month + length] -= each
            if more:
                found[month] += 1
                found[month + more] -= 1
            month += length
    return {part: _add_up(found, start, end) for part, found in steps.items()}


def _check(asset: Asset) -> None:
    if not 0 <= asset.residual <= asset.cost:
        raise ValueError(f"a residual value of {asset.residual} of a cost of {asset.cost}")


@cache
def _list_lengths(life_years: int, first: int) -> tuple[int, ...]:
    """Return the months of each calendar year of a life that has `first` months in its first year."""
    if life_years < 1:
        raise ValueError(f"a life of {life_years} years")
    last = MONTHS - first
    return (first, *[MONTHS] * (life_years - 1), *([last] if last else []))


def _plan_years(amount: int, life_years: int, month: int) -> Iterable[tuple[int, int]]:
    """Return the months and öre of each calendar year."""
    lengths = _list_lengths(life_years, MONTHS - month % MONTHS)
    return zip(lengths, spread(amount, lengths), strict=True)


def _add_up(steps: Mapping[int, int], start: int, end: int) -> list[int]:
    before = sum(step for month, step in steps.items() if month < start)
    return list(accumulate((steps.get(month, 0) for month in range(start, end)), initial=before))[1:]


def sum_costs(owned: Iterable[Owned]) -> dict[tuple[str, int], int]:
    """Return what was paid for assets in öre, by part and the year in which they were taken into use."""
    found: dict[tuple[str, int], int] = defaultdict(int)
    for part, asset in owned:
        found[part, asset.year] += asset.cost
    return dict(found)


def sum_years(months: Sequence[int]) -> list[int]:
    """Return what whole years of months come to, each a year of twelve."""
    return [sum(months[place : place + MONTHS]) for place in range(0, len(months), MONTHS)]


def carry(amounts: Amounts, weights: Mapping[Key, Exact]) -> dict[Key, Amounts]:
    """Split a part's three years on the products that carry it, by their weights; öre are left over to the first.

    Empty where nobody carries it, or all weights are 0.
    """
    if not any(weights.values()):
        return {}
    shares = to_whole_shares(list(weights.values()))
    split = [split_by_shares(ore, shares) for ore in amounts]
    return {key: (split[0][place], split[1][place], split[2][place]) for place, key in enumerate(weights)}
