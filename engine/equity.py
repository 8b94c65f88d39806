"""Rule 8, equity: what is stated of it on a year's last day, moved on by each year's result, held against a floor.

The trick: a figure is öre with its source, and None öre is not known. Sums of them spread both, so that what rests on
something that nobody has entered says "not known" by itself, and a verdict on it cannot be given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.provenance import Source, weakest


@dataclass(frozen=True)
class Figure:
    """Öre, or None where it is not known, and the weakest source of what it is made of."""

    ore: int | None = None
    source: str = Source.UNKNOWN.value

    def __neg__(self) -> Figure:
        return Figure(None if self.ore is None else -self.ore, self.source)


UNKNOWN = Figure()
NOTHING = Figure(0, Source.CALCULATED.value)


def add(*figures: Figure) -> Figure:
    """Return the sum of figures, öre: not known while one of them is not."""
    amounts = [figure.ore for figure in figures]
    known = [ore for ore in amounts if ore is not None]
    if len(known) < len(amounts):
        return UNKNOWN
    return Figure(sum(known), weakest(figure.source for figure in figures))


class Verdict(StrEnum):
    """Whether a year end's equity is at its floor or above it."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_BE_JUDGED = "cannot_be_judged"


@dataclass(frozen=True)
class EquityYear:
    """A year's equity, öre: `unexplained` is what a stated closing holds beyond opening and result, 0 without one.

    `above_floor` is closing less floor, negative where it is below.
    """

    year: int
    opening: Figure
    result: Figure
    unexplained: int
    closing: Figure
    floor: Figure
    above_floor: Figure
    verdict: Verdict


def roll_equity(
    stated: Mapping[int, Figure],
    results: Mapping[int, Figure],
    floors: Mapping[int, Figure],
    years: Sequence[int],
) -> list[EquityYear]:
    """Return each of the years (rising, without gaps) with its equity, öre.

    `stated` is what is owned at the end of a year, by its source; it goes before what is rolled forward. The opening of the
    first year is what is stated at the end of the year before. Floors are those of the years' last days; a year without one
    has none to be judged by.
    """
    found = []
    opening = stated.get(years[0] - 1, UNKNOWN) if years else UNKNOWN
    for year in years:
        result = results.get(year, UNKNOWN)
        rolled = add(opening, result)
        closing = stated.get(year, rolled)
        unexplained = 0
        if year in stated and closing.ore is not None and rolled.ore is not None:
            unexplained = closing.ore - rolled.ore
        floor = floors.get(year, UNKNOWN)
        above = add(closing, -floor)
        found.append(EquityYear(year, opening, result, unexplained, closing, floor, above, judge(above.ore)))
        opening = closing
    return found


def judge(above_floor: int | None) -> Verdict:
    """Return whether equity is at its floor or above it; what is not known cannot be judged (rule 10)."""
    if above_floor is None:
        return Verdict.CANNOT_BE_JUDGED
    return Verdict.MET if above_floor >= 0 else Verdict.NOT_MET


def least_opening(rows: Sequence[EquityYear]) -> int | None:
    """Return the least opening of the first of the years that keeps each of them at its floor, öre.

    None without floors, or while the result of a year up to the last floor is not known.
    """
    needed: list[int] = []
    rolled = NOTHING
    for row in rows:
        rolled = add(rolled, row.result)
        if row.floor.ore is not None:
            if rolled.ore is None:
                return None
            needed.append(row.floor.ore - rolled.ore)
    return max(needed, default=None)


def use_in(result: Figure) -> Figure:
    """Return what a year takes of equity, öre: its loss; a profit takes nothing."""
    if result.ore is None:
        return UNKNOWN
    return Figure(max(0, -result.ore), result.source)


@dataclass(frozen=True)
class FundYear:
    """A year of a fund for use of equity, öre: what is decided for it, what it takes, and what is left after it.

    `left_of_year` is decided less used, `left_of_total` the whole fund less all that is used until then.
    """

    year: int
    decided: Figure
    used: Figure
    left_of_year: Figure
    left_of_total: Figure


def follow_fund(
    total: Figure, decided: Mapping[int, Figure], used: Mapping[int, Figure], years: Sequence[int]
) -> list[FundYear]:
    """Return each of a fund's years (rising) with what is left, öre. A year for which nothing is decided has nothing."""
    found, left = [], total
    for year in years:
        own, taken = decided.get(year, NOTHING), used.get(year, UNKNOWN)
        left = add(left, -taken)
        found.append(FundYear(year, own, taken, add(own, -taken), left))
    return found


class FundFault(StrEnum):
    """What can't be with a fund's years."""

    OUTSIDE = "outside"
    EXCEEDS = "exceeds"


def find_fund_faults(total: int, first_year: int, last_year: int, decided: Mapping[int, int]) -> list[FundFault]:
    """Return what can't be with what is decided per year, öre: years outside the fund, or more than the whole fund."""
    faults = []
    if any(not first_year <= year <= last_year for year in decided):
        faults.append(FundFault.OUTSIDE)
    if sum(decided.values()) > total:
        faults.append(FundFault.EXCEEDS)
    return faults
