"""Rows below each other: labels at the left, bars from left to right, amounts behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from web.charts.letters import measure, wrap
from web.charts.places import Place, list_ends
from web.charts.scales import Scale, cover
from web.charts.shapes import Colour, Drawing, Rect, Shape, Size, Stroke, Text


@dataclass(frozen=True)
class RowPlot:
    """Bars on one scale, with a line at zero where some are negative."""

    places: Sequence[Place]

    def tell(self) -> str:
        """Return what it shows, in words."""
        return "; ".join(place.told for place in self.places)

    def draw(self, size: Size) -> Drawing:
        """Return it at a width."""
        labels = [wrap(place.label, size.labels - size.gap, size.font) for place in self.places]
        heights = [max(size.row, size.line * len(lines) + size.gap) for lines in labels]
        bottoms = list(accumulate(heights, initial=0))
        middles = [top + height / 2 for top, height in zip(bottoms, heights, strict=False)]
        scale = self._scale(size)
        zero = [Stroke([(scale(0), 0), (scale(0), bottoms[-1])], Colour.MUTED)] if scale.low < 0 else []
        shapes: list[Shape] = []
        for place, lines, middle in zip(self.places, labels, middles, strict=True):
            shapes += [*_draw_bars(place, middle, scale, size), _place_amount(place, middle, scale, size)]
            shapes += _place_label(lines, middle, size)
        return Drawing(size, bottoms[-1], [*zero, *shapes])

    def _scale(self, size: Size) -> Scale:
        """From the labels to where the longest amount still fits behind the longest bar."""
        longest = max((measure(place.shown, size.font) for place in self.places), default=0)
        low, high = cover(list_ends(self.places))
        return Scale(low, high, size.labels, size.width - longest - size.gap)


def _draw_bars(place: Place, middle: float, scale: Scale, size: Size) -> Iterator[Rect]:
    for bar in place.bars:
        top, bottom = middle + size.row * bar.lane.start, middle + size.row * bar.lane.end
        yield Rect(scale(bar.start), top, scale(bar.end), bottom, bar.fill, bar.edge)


def _place_amount(place: Place, middle: float, scale: Scale, size: Size) -> Text:
    return Text(scale(max([0, *list_ends([place])])) + size.gap, middle, place.shown, size.font)


def _place_label(lines: Sequence[str], middle: float, size: Size) -> Iterator[Text]:
    first = middle - size.line * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        yield Text(0, first + size.line * number, line, size.font)
