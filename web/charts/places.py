"""What a chart shows at one place: a row or a year, with its texts and its bars. Amounts are öre, places in the order drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from web.charts.scales import stack
from web.charts.shapes import Colour


@dataclass(frozen=True)
class Lane:
    """Which part of a place a bar takes: from its middle, as parts of a place's step."""

    start: float
    end: float


MIDDLE = Lane(-0.28, 0.28)
WHOLE = Lane(-0.45, 0.45)
UPPER, LOWER = Lane(-0.3, 0.1), Lane(0.13, 0.27)


@dataclass(frozen=True)
class Bar:
    """A bar from one amount to another, drawn over those before it."""

    start: int
    end: int
    fill: Colour = Colour.FIRST
    lane: Lane = MIDDLE
    edge: Colour | None = None


@dataclass(frozen=True)
class Place:
    """A row or a column: its label, its amount as shown, which kind of amount that is, and its bars."""

    label: str
    shown: str = ""
    bars: Sequence[Bar] = field(default=())
    kind: str = ""

    @property
    def told(self) -> str:
        """Return what it shows, in words."""
        kind = f"({self.kind})" if self.kind else ""
        return " ".join(text for text in (self.label, kind, self.shown) if text)


def compare(now: int, earlier: int | None) -> list[Bar]:
    """Return this year's bar and below it, where it is known, last year's thin one."""
    before = [] if earlier is None else [Bar(0, earlier, Colour.THIRD, LOWER)]
    return [Bar(0, now, lane=UPPER), *before]


def stack_bars(parts: Sequence[tuple[int, Colour]]) -> list[Bar]:
    """Return a bar for each part, one after the other."""
    ends = stack([amount for amount, _colour in parts])
    return [Bar(start, end, colour) for (start, end), (_amount, colour) in zip(ends, parts, strict=True)]


def list_ends(places: Sequence[Place]) -> Iterator[int]:
    """Return every amount at which a bar starts or ends."""
    for place in places:
        for bar in place.bars:
            yield from (bar.start, bar.end)
