"""Rule 8, choice of hardware: the units of a strategy are bought evenly over the life that it gives them.

The trick: a strategy is judged in its steady course, so each year buys its share of all units, and two strategies differ only in
what they choose.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from engine.depreciation import split_evenly


class Choice(NamedTuple):
    """Units of a type of device for a staff category of a member, öre each, kept for so many years."""

    asset_class: str
    member: str
    units: int
    unit_price: int
    life_years: int


class Bought(NamedTuple):
    """Units of a choice bought in a year, öre each."""

    asset_class: str
    member: str
    year: int
    units: int
    unit_price: int

    @property
    def amount(self) -> int:
        """What they cost, öre."""
        return self.units * self.unit_price


def buy(choices: Iterable[Choice], years: Iterable[int]) -> list[Bought]:
    """Return what a strategy buys in some years that follow on each other (rule 8).

    Over a life every unit is bought once: a year its whole share, the first years what is left over, and so on anew. ValueError
    for less than one unit, a life under one year or a price of nothing.
    """
    found, span = [], list(years)
    for row in choices:
        if row.units < 1 or row.life_years < 1 or row.unit_price < 1:
            raise ValueError(f"a choice that can't be: {row}")
        shares = split_evenly(row.units, row.life_years)
        for place, year in enumerate(span):
            units = shares[place % row.life_years]
            if units:
                found.append(Bought(row.asset_class, row.member, year, units, row.unit_price))
    return found
