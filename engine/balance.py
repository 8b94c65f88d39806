"""Municipal law 11:6, the budgeted balance sheet: what is owned and owed at each year's end, from the budget's own chain.

The trick: money is what every movement passes through. What a year's result, purchases, borrowing and other changes leave
is the change of other assets, so that a sheet whose opening balances balances at every year end, to the öre.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.equity import NOTHING, UNKNOWN, Figure, add


class Item(StrEnum):
    """What a balance sheet holds, in order: assets first, then equity and what is owed."""

    FIXED_ASSETS = "fixed_assets"
    OTHER_ASSETS = "other_assets"
    EQUITY = "equity"
    PROVISIONS = "provisions"
    DEBT = "debt"
    OTHER_LIABILITIES = "other_liabilities"


ASSETS = (Item.FIXED_ASSETS, Item.OTHER_ASSETS)
OWED = (Item.EQUITY, Item.PROVISIONS, Item.DEBT, Item.OTHER_LIABILITIES)
# What has no chain of its own: a person says how it changes.
ENTERED = (Item.PROVISIONS, Item.OTHER_LIABILITIES)


@dataclass(frozen=True)
class Movements:
    """What happens in a year, öre: costs, purchases, what is borrowed and repaid all positive; the result has its sign.

    `changes` are those of ENTERED; one that is left out does not change.
    """

    result: Figure = UNKNOWN
    depreciation: Figure = UNKNOWN
    purchases: Figure = UNKNOWN
    borrowed: Figure = UNKNOWN
    repaid: Figure = UNKNOWN
    changes: Mapping[Item, Figure] | None = None

    def change_of(self, item: Item) -> Figure:
        """Return how an item changes in the year."""
        if item == Item.FIXED_ASSETS:
            return add(self.purchases, -self.depreciation)
        if item == Item.EQUITY:
            return self.result
        if item == Item.DEBT:
            return add(self.borrowed, -self.repaid)
        if item == Item.OTHER_ASSETS:
            owed = (self.change_of(other) for other in OWED)
            return add(*owed, -self.change_of(Item.FIXED_ASSETS))
        return (self.changes or {}).get(item, NOTHING)


@dataclass(frozen=True)
class BalanceYear:
    """A year's end: the level of each item and its change in the year, öre; of the opening nothing has changed."""

    year: int
    levels: Mapping[Item, Figure]
    changes: Mapping[Item, Figure]

    @property
    def assets(self) -> Figure:
        """What is owned."""
        return add(*(self.levels[item] for item in ASSETS))

    @property
    def owed(self) -> Figure:
        """Equity and what is owed."""
        return add(*(self.levels[item] for item in OWED))

    @property
    def difference(self) -> Figure:
        """What is owned less equity and what is owed: 0 when it balances."""
        return add(self.assets, -self.owed)

    @property
    def missing(self) -> list[Item]:
        """The items whose level is not known, in order."""
        return [item for item in Item if self.levels[item].ore is None]

    @property
    def above_debt(self) -> Figure:
        """The book value of fixed assets less the debt: negative where more is owed than they are worth."""
        return add(self.levels[Item.FIXED_ASSETS], -self.levels[Item.DEBT])


def roll_balance(
    opening_year: int, opening: Mapping[Item, Figure], movements: Mapping[int, Movements], years: Sequence[int]
) -> list[BalanceYear]:
    """Return the opening and each of the years after it (rising, without gaps), öre.

    `opening` is what is entered of the end of the opening year. What is not known stays so in every year after; how it
    changes is told all the same.
    """
    levels = {item: opening.get(item, UNKNOWN) for item in Item}
    found = [BalanceYear(opening_year, levels, dict.fromkeys(Item, NOTHING))]
    for year in years:
        moved = movements.get(year, Movements())
        changes = {item: moved.change_of(item) for item in Item}
        levels = {item: add(levels[item], changes[item]) for item in Item}
        found.append(BalanceYear(year, levels, changes))
    return found
