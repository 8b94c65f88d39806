"""Where a figure comes from, and rule "a figure is as sure as its weakest part": one order, from printed to not known.

The trick: the order is total, so the weakest of parts is their maximum, and sums of sums agree with sums of parts.
"""

from collections.abc import Iterable
from enum import StrEnum

from engine.money import round_to_tkr


class Source(StrEnum):
    """Where a figure comes from, strongest first. Imported and entered weigh the same; together they are entered."""

    PUBLISHED = "published"
    IMPORTED = "imported"
    ENTERED = "entered"
    CALCULATED = "calculated"
    DERIVED = "derived"
    COPIED = "copied"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


Sources = tuple[str, str, str]
"""The source of each of a budget's three years."""

ORDER: tuple[str, ...] = tuple(source.value for source in Source)
RANKS: dict[str, int] = {source: rank for rank, source in enumerate(ORDER)}
# What asks for a mark wherever it is shown: nobody has stood up for the figure yet.
DOUBTFUL: frozenset[str] = frozenset({Source.COPIED, Source.ASSUMED, Source.UNKNOWN})


def weakest(sources: Iterable[str]) -> str:
    """Return the source of a figure that is made of parts with these: the weakest (see Source).

    Of nothing it is calculated: that there is nothing is what was found. ValueError for a word that is no source.
    """
    found = list(sources)
    unknown = [source for source in found if source not in RANKS]
    if unknown:
        raise ValueError(f"no sources: {unknown}; known are {', '.join(ORDER)}")
    return ORDER[max(RANKS[source] for source in found)] if found else Source.CALCULATED.value


def settle(source: str, ore: int | None, printed_tkr: int | None) -> str:
    """Return the source that a figure shows: published where it comes to what is printed, and else its own.

    What it is made of keeps its own sources, and stays one click away.
    """
    is_printed = ore is not None and printed_tkr is not None and round_to_tkr(ore) == printed_tkr
    return Source.PUBLISHED.value if is_printed else source


def weakest_by_year(parts: Iterable[Sources]) -> Sources:
    """Return the weakest source of each of the three years."""
    rows = list(parts)
    first, second, third = (weakest(row[year] for row in rows) for year in range(3))
    return first, second, third
