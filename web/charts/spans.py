"""Days below each other: labels at the left, from each a circle and a bar along one calendar, and days that all share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.clock import add_months
from web.charts.letters import measure
from web.charts.scales import Scale
from web.charts.shapes import Anchor, Colour, Dot, Drawing, Rect, Shape, Size, Stroke, Text

HEAD, FOOT, THICK, ROOM = 1.6, 1.7, 5, 3


@dataclass(frozen=True)
class Span:
    """A day with its words, and a bar from one day to another with the words of its end; hollow and dashed when planned.

    A span without days says its words alone.
    """

    label: str
    on: date | None
    said: str
    bar: tuple[date, date] | None
    end: str
    is_planned: bool = False
    is_bar_planned: bool = False

    @property
    def days(self) -> list[date]:
        """Return all that it shows."""
        return [day for day in (self.on, *(self.bar or ())) if day is not None]


@dataclass(frozen=True)
class Mark:
    """A day that is drawn through all spans, with its words below them."""

    on: date
    said: str
    is_dashed: bool = False


@dataclass(frozen=True)
class SpanPlot:
    """Spans along one calendar, whose months have names; `told` says the same in words."""

    spans: Sequence[Span]
    marks: Sequence[Mark]
    months: Sequence[str]
    told: str

    def tell(self) -> str:
        """Return what it shows, in words."""
        return self.told

    def draw(self, size: Size) -> Drawing:
        """Return it at a width."""
        scale = self._scale(size)
        top = size.font * HEAD
        bottom = top + size.row * len(self.spans)
        shapes: list[Shape] = [
            *self._draw_months(scale, size, top, bottom),
            *self._draw_marks(scale, size, top, bottom),
        ]
        for number, span in enumerate(self.spans):
            shapes += _draw_span(span, top + size.row * (number + 0.5), scale, size)
        return Drawing(size, bottom + size.font * FOOT * max(1, len(self.marks)), shapes)

    def _scale(self, size: Size) -> Scale:
        """From the month of the first day to the last one, with room for the words behind it."""
        days = [day for span in self.spans for day in span.days] + [mark.on for mark in self.marks]
        first = min(days).replace(day=1)
        behind = max((measure(span.end, size.font) for span in self.spans), default=0)
        labels = max((measure(span.label, size.font) for span in self.spans), default=0)
        end = size.width - behind - 2 * size.gap
        return Scale(first.toordinal(), max(max(days).toordinal(), first.toordinal() + 1), labels + 2 * size.gap, end)

    def _draw_months(self, scale: Scale, size: Size, top: float, bottom: float) -> Iterator[Shape]:
        day, free = date.fromordinal(scale.low), 0.0
        while day.toordinal() <= scale.high:
            place, name = scale(day.toordinal()), self.months[day.month - 1]
            yield Stroke([(place, top), (place, bottom)], Colour.LINE)
            if free <= place and place + ROOM + measure(name, size.font - 1) <= size.width:
                yield Text(place + ROOM, top / 2, name, size.font - 1, fill=Colour.MUTED)
                free = place + measure(name, size.font) + size.gap
            day = add_months(day, 1)

    def _draw_marks(self, scale: Scale, size: Size, top: float, bottom: float) -> Iterator[Shape]:
        for number, mark in enumerate(self.marks):
            place, foot = scale(mark.on.toordinal()), bottom + size.font * FOOT * (number + 0.5)
            colour = Colour.MUTED if mark.is_dashed else Colour.INK
            yield Stroke(
                [(place, top), (place, foot - size.font * 0.7)], colour, 1 if mark.is_dashed else 1.5, mark.is_dashed
            )
            width = measure(mark.said, size.font)
            anchor: Anchor = "middle"
            if place + width / 2 > size.width:
                place, anchor = float(size.width), "end"
            elif place < width / 2:
                place, anchor = 0.0, "start"
            yield Text(place, foot, mark.said, size.font - 1, anchor, colour, Colour.PAPER, not mark.is_dashed)


def _draw_span(span: Span, middle: float, scale: Scale, size: Size) -> Iterator[Shape]:
    yield Text(0, middle, span.label, size.font)
    if not span.days:
        yield Text(scale.start + ROOM, middle, span.said, size.font - 1, fill=Colour.MUTED, halo=Colour.PAPER)
        return
    start = None if span.on is None else scale(span.on.toordinal())
    if span.bar is not None:
        left, right = (scale(day.toordinal()) for day in span.bar)
        if start is not None:
            yield Stroke([(start, middle), (left, middle)], Colour.FIRST, 2)
        yield Rect(left, middle - THICK, right, middle + THICK, Colour.PALE, Colour.FIRST, span.is_bar_planned)
        yield Text(right + size.gap, middle, span.end, size.font - 1, halo=Colour.PAPER, is_bold=True)
    if start is not None:
        yield Dot(start, middle, Colour.PAPER if span.is_planned else Colour.FIRST, Colour.FIRST, THICK)
        yield _say_start(span, start, middle, scale, size)


def _say_start(span: Span, start: float, middle: float, scale: Scale, size: Size) -> Text:
    """Return the words of its day left of it, or above it where there is no room."""
    if start - size.gap - measure(span.said, size.font) >= scale.start - size.gap:
        return Text(start - THICK - ROOM, middle, span.said, size.font - 1, "end", halo=Colour.PAPER)
    return Text(max(start, scale.start), middle - size.row * 0.42, span.said, size.font - 2, halo=Colour.PAPER)
