"""Columns beside each other: amounts go up, the texts of each place stand below, limits and lines go across."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from web.charts.across import Frame, Limit, Line, annotate
from web.charts.letters import measure
from web.charts.places import Place, list_ends
from web.charts.scales import Scale, cover, fit_bands, list_ticks
from web.charts.shapes import Colour, Drawing, Rect, Shape, Size, Text


@dataclass(frozen=True)
class ColumnPlot:
    """Bars and lines on one scale. With `say_tick` it has an axis; one of lines only need not start `from_zero`.

    The scale goes up to `reach` at least, so that several charts beside each other can have the same.
    """

    places: Sequence[Place]
    limits: Sequence[Limit] = field(default=())
    lines: Sequence[Line] = field(default=())
    say_tick: Callable[[int], str] | None = None
    from_zero: bool = True
    reach: int | None = None

    def tell(self) -> str:
        """Return what it shows, in words."""
        parts: list[Place | Limit | Line] = [*self.places, *self.limits, *self.lines]
        return "; ".join(part.told for part in parts if part.told)

    def draw(self, size: Size) -> Drawing:
        """Return it at a width."""
        low, high = self._cover()
        ticks = {} if self.say_tick is None else {tick: self.say_tick(tick) for tick in list_ticks(low, high)}
        frame = self._fit(size, min([low, *ticks]), max([high, *ticks]), list(ticks.values()))
        shapes: list[Shape] = [*_draw_ticks(ticks, frame), *_draw_bars(self.places, frame)]
        if self.from_zero:
            shapes.append(frame.level(0, Colour.MUTED))
        shapes += [shape for limit in self.limits for shape in limit.draw(frame)]
        shapes += [shape for line in self.lines for shape in line.draw(frame)]
        below = list(_place_texts(self.places, frame))
        shapes += [*annotate(self.limits, self.lines, frame), *below]
        lowest = max((text.y for text in below), default=frame.bottom)
        return Drawing(size, lowest + size.line, shapes)

    def _cover(self) -> tuple[int, int]:
        ends = [limit.amount for limit in self.limits]
        ends += [amount for line in self.lines for amount in line.amounts if amount is not None]
        ends += [] if self.reach is None else [self.reach]
        return cover([*list_ends(self.places), *ends], from_zero=self.from_zero)

    def _fit(self, size: Size, low: int, high: int, ticks: Sequence[str]) -> Frame:
        """Leave room for the axis at the left, for what stands at the ends of lines, and for a text above the highest."""
        left = max((measure(tick, size.font) + size.gap for tick in ticks), default=0)
        first = max((measure(line.first, size.font) + size.gap for line in self.lines if line.first), default=0)
        last = max((measure(line.last, size.font) + size.gap for line in self.lines if line.last), default=0)
        top = size.line + size.gap
        bottom = top + size.rise
        lowest = bottom if self.from_zero else bottom - size.line
        places = fit_bands(len(self.places), size.width - left, first, last)
        return Frame(size, places.move(left), Scale(low, high, lowest, top), left, bottom)


def _draw_ticks(ticks: dict[int, str], frame: Frame) -> Iterator[Shape]:
    size = frame.size
    for amount, text in ticks.items():
        yield frame.level(amount, Colour.LINE)
        yield Text(frame.left - size.gap, frame.amounts(amount), text, size.font, "end", Colour.MUTED)


def _draw_bars(places: Sequence[Place], frame: Frame) -> Iterator[Rect]:
    for number, place in enumerate(places):
        middle, step = frame.places.middle(number), frame.places.step
        for bar in place.bars:
            left, right = middle + step * bar.lane.start, middle + step * bar.lane.end
            start, end = frame.amounts(bar.start), frame.amounts(bar.end)
            yield Rect(left, start, right, end, bar.fill, bar.edge)


def _place_texts(places: Sequence[Place], frame: Frame) -> Iterator[Text]:
    """Below each column its label, amount and kind, smaller where they would touch the next one's."""
    size, first = frame.size, frame.bottom + frame.size.gap + frame.size.line / 2
    font = size.font * _shrink(places, frame)
    for number, place in enumerate(places):
        texts = [(place.label, Colour.INK), (place.shown, Colour.INK), (place.kind, Colour.MUTED)]
        for line, (text, colour) in enumerate((text, colour) for text, colour in texts if text):
            half = measure(text, font) / 2
            x = min(max(frame.places.middle(number), half), size.width - half)
            yield Text(x, first + size.line * line, text, font, "middle", colour)


def _shrink(places: Sequence[Place], frame: Frame) -> float:
    """By what the texts below must be multiplied so that the widest fits between its neighbours."""
    labelled = [number for number, place in enumerate(places) if place.label]
    between = min((after - before for before, after in pairwise(labelled)), default=len(places))
    texts = [text for place in places for text in (place.label, place.shown, place.kind)]
    widest = max((measure(f" {text}", frame.size.font) for text in texts), default=0)
    return min(1, frame.places.step * between / widest) if widest else 1
