"""Rule 8, life cycle: devices are replaced when their cycle ends, and replacements × unit price × index are the purchases.

The trick: everything is counted in months (year × 12 + month − 1), and a wave is what falls due of a class in a calendar
year, so deferring it moves all of it as far, and what it was replaced by falls due as much later.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, TypeVar

from engine.depreciation import MONTHS
from engine.money import round_ore

Key = TypeVar("Key", bound=Hashable)


class Cohort(NamedTuple):
    """Devices of a class that somebody took into use in a month, all of them still there, and what each cost, öre."""

    asset_class: str
    member: str
    taken: int
    number: int
    unit_price: int = 0


class Wave(NamedTuple):
    """What falls due of a class in a calendar year."""

    asset_class: str
    year: int


class Replacement(NamedTuple):
    """Devices bought in a month in place of those that fell `due` in another, öre each.

    What fell due before the first month, or would be brought forward before it, is bought in that.
    """

    asset_class: str
    member: str
    month: int
    number: int
    unit_price: int
    due: int

    @property
    def year(self) -> int:
        """The calendar year in which they are bought."""
        return self.month // MONTHS

    @property
    def amount(self) -> int:
        """What they cost, öre."""
        return self.number * self.unit_price


@dataclass(frozen=True)
class Terms:
    """What a plan is made by: cycles in years and prices in öre by class, as they are in the first year.

    Where a class has no price, such as a network, what is bought costs as much as what it replaces did. `index` is how much prices rise in a year against the one before, `deferred` by how many months a wave is bought later;
    negative is earlier.
    """

    cycles: Mapping[str, int]
    prices: Mapping[str, int]
    index: Mapping[int, Fraction] = field(default_factory=dict)
    deferred: Mapping[Wave, int] = field(default_factory=dict)


def plan_replacements(cohorts: Iterable[Cohort], terms: Terms, first_year: int, last_year: int) -> list[Replacement]:
    """Return what is bought in place of the devices from a first year to a last one, by class, month and member (rule 8).

    Each device is replaced once a cycle: what it was replaced by falls due a cycle after it was bought. A class without a
    cycle is not planned. ValueError where a wave is brought forward by a whole cycle or more, a cycle is under
    one year, or the last year is before the first.
    """
    if last_year < first_year:
        raise ValueError(f"the last year {last_year} is before the first year {first_year}")
    _check(terms)
    factors = _list_factors(terms, first_year, last_year)
    bought: dict[tuple[str, int, str, int, int], int] = {}
    for row in cohorts:
        if row.asset_class not in terms.cycles:
            continue
        price = terms.prices.get(row.asset_class, row.unit_price)
        for month, due in _list_months(row, terms, first_year * MONTHS, (last_year + 1) * MONTHS):
            place = row.asset_class, month, row.member, due, round_ore(price * factors[month // MONTHS])
            bought[place] = bought.get(place, 0) + row.number
    return [
        Replacement(kind, member, month, number, price, due)
        for (kind, month, member, due, price), number in sorted(bought.items())
    ]


def _check(terms: Terms) -> None:
    for kind, years in terms.cycles.items():
        if years < 1:
            raise ValueError(f"{kind}: a cycle of {years} years")
    for (kind, year), months in terms.deferred.items():
        if -months >= terms.cycles.get(kind, 0) * MONTHS:
            raise ValueError(f"{kind}: what falls due in {year} is brought forward by a whole cycle or more")


def _list_months(row: Cohort, terms: Terms, start: int, end: int) -> Iterable[tuple[int, int]]:
    """Yield the months in which a cohort is bought anew, each with the month in which it fell due."""
    cycle, taken = terms.cycles[row.asset_class] * MONTHS, row.taken
    while True:
        due = taken + cycle
        wave = Wave(row.asset_class, max(due, start) // MONTHS)
        month = max(max(due, start) + terms.deferred.get(wave, 0), start)
        if month >= end:
            return
        yield month, due
        taken = month


def _list_factors(terms: Terms, first_year: int, last_year: int) -> dict[int, Fraction]:
    """Return what a price of the first year is multiplied by in each year; each index raises the year before."""
    factors = {first_year: Fraction(1)}
    for year in range(first_year + 1, last_year + 1):
        factors[year] = factors[year - 1] * (1 + terms.index.get(year, Fraction(0)))
    return factors


class Sum(NamedTuple):
    """A number of devices and what they cost, öre."""

    number: int
    amount: int


def add_up(rows: Iterable[Replacement], key: Callable[[Replacement], Key]) -> dict[Key, Sum]:
    """Return the sums of replacements by what `key` says of each, such as class and year."""
    found: dict[Key, Sum] = {}
    for row in rows:
        place = key(row)
        before = found.get(place, Sum(0, 0))
        found[place] = Sum(before.number + row.number, before.amount + row.amount)
    return found
