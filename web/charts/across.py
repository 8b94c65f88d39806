"""What goes across the columns of a chart: limits they are held against, and lines through their amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from web.charts.letters import measure, spread
from web.charts.scales import Bands, Scale
from web.charts.shapes import Colour, Dot, Shape, Size, Stroke, Text


@dataclass(frozen=True)
class Frame:
    """Where a chart's places and amounts lie on paper of a size, above `bottom` and to the right of `left`."""

    size: Size
    places: Bands
    amounts: Scale
    left: float
    bottom: float

    def point(self, place: int, amount: int) -> tuple[float, float]:
        """Return the pixels of an amount in the middle of a place."""
        return self.places.middle(place), self.amounts(amount)

    def level(self, amount: int, colour: Colour) -> Stroke:
        """Return a thin line at an amount from the axis to the right edge."""
        y = self.amounts(amount)
        return Stroke([(self.left, y), (self.size.width, y)], colour)


@dataclass(frozen=True)
class Limit:
    """A line across the places that have it, by their number; dashed while it is not in force."""

    label: str
    amount: int
    places: Sequence[int]
    is_proposed: bool = False

    @property
    def told(self) -> str:
        """Return what it shows, in words."""
        return self.label

    def draw(self, frame: Frame) -> Iterator[Shape]:
        """Return a line for each run of places without a gap."""
        y, half = frame.amounts(self.amount), frame.places.step / 2
        starts = [place for place in self.places if place - 1 not in self.places]
        ends = [place for place in self.places if place + 1 not in self.places]
        for start, end in zip(starts, ends, strict=True):
            points = [(frame.places.middle(start) - half, y), (frame.places.middle(end) + half, y)]
            yield Stroke(points, Colour.INK, 1.5, self.is_proposed)

    def annotate(self, frame: Frame, *, below: bool) -> Text:
        """Return its label above or below the start of the line, further to the left where it would be cut."""
        size = frame.size
        start = frame.places.middle(min(self.places, default=0)) - frame.places.step / 2
        x = max(0, min(start, size.width - measure(self.label, size.font)))
        distance = size.line * (0.6 if below else -0.6)
        return Text(x, frame.amounts(self.amount) + distance, self.label, size.font, halo=Colour.PAPER)


@dataclass(frozen=True)
class Line:
    """A line through an amount for each place, with a gap where it is None; `first` and `last` stand at its ends.

    `shown` are the texts above its dots, one a place.
    """

    amounts: Sequence[int | None]
    first: str = ""
    last: str = ""
    colour: Colour = Colour.FIRST
    is_dashed: bool = False
    has_dots: bool = True
    shown: Sequence[str] = ()

    @property
    def told(self) -> str:
        """Return what it shows, in words."""
        return ", ".join(text for text in (self.first, self.last, *self.shown) if text)

    def draw(self, frame: Frame) -> Iterator[Shape]:
        """Return its runs and then its dots."""
        for run in self._runs():
            points = [frame.point(place, amount) for place, amount in run]
            yield Stroke(points, self.colour, 2, self.is_dashed)
            if self.has_dots:
                yield from (Dot(x, y, self.colour) for x, y in points)

    def _runs(self) -> Iterator[list[tuple[int, int]]]:
        """Places and amounts between its gaps."""
        run: list[tuple[int, int]] = []
        for place, amount in enumerate([*self.amounts, None]):
            if amount is not None:
                run.append((place, amount))
            elif run:
                yield run
                run = []

    def annotate_dots(self, frame: Frame) -> Iterator[Text]:
        """Return the texts above its dots."""
        for place, (amount, text) in enumerate(zip(self.amounts, self.shown, strict=False)):
            if amount is not None and text:
                x, y = frame.point(place, amount)
                yield Text(x, y - frame.size.line * 0.8, text, frame.size.font, "middle", halo=Colour.PAPER)

    def annotate_first(self, frame: Frame) -> Text | None:
        """Return the text before its first amount, where it has both."""
        if not self.first or not self.amounts or self.amounts[0] is None:
            return None
        x, y = frame.point(0, self.amounts[0])
        return Text(x - frame.size.gap, y, self.first, frame.size.font, "end")

    def annotate_last(self, frame: Frame) -> Text | None:
        """Return the text behind its last amount, where it has both."""
        if not self.last or not self.amounts or self.amounts[-1] is None:
            return None
        x, y = frame.point(len(self.amounts) - 1, self.amounts[-1])
        return Text(x + frame.size.gap, y, self.last, frame.size.font)


def annotate(limits: Sequence[Limit], lines: Sequence[Line], frame: Frame) -> Iterator[Text]:
    """Return the texts of limits and lines. Those that would touch others at the same side make room for each other."""
    sides = [_annotate_limits(limits, frame)]
    sides.append([text for line in lines if (text := line.annotate_first(frame))])
    sides.append([text for line in lines if (text := line.annotate_last(frame))])
    half = frame.size.line / 2
    for text in (text for line in lines for text in line.annotate_dots(frame)):
        if not any(_touch(text, other, half) for other in sides[0]):
            yield text
    for texts in sides:
        heights = spread([text.y for text in texts], half * 2, half, frame.bottom - half)
        yield from (replace(text, y=y) for text, y in zip(texts, heights, strict=True))


def _touch(centred: Text, other: Text, half: float) -> bool:
    """Say whether a text around its x lies over one that begins at its x; the table says what is left out."""
    reach = measure(centred.text, centred.font) / 2
    beside = centred.x + reach < other.x or centred.x - reach > other.x + measure(other.text, other.font)
    return not beside and abs(centred.y - other.y) < 2 * half


def _annotate_limits(limits: Sequence[Limit], frame: Frame) -> list[Text]:
    """Labels above their lines; of two with little between them the lower one has its label below."""
    texts = []
    above: float | None = None
    for limit in sorted(limits, key=lambda limit: -limit.amount):
        y = frame.amounts(limit.amount)
        texts.append(limit.annotate(frame, below=above is not None and y - above < frame.size.line))
        above = y
    return texts
