"""What a drawing is made of, in pixels, and the palette it is painted with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

Anchor = Literal["start", "middle", "end"]


class Colour(Enum):
    """The palette: the end of a colour's class names (fill-first, stroke-first), and its value on light paper.

    A drawing that stands alone has the values; on a page section 14 of the style sheet recolours it by the names.
    """

    FIRST = "first", "#0b5c7a"
    SECOND = "second", "#c2660a"
    THIRD = "third", "#3d8fb5"
    FOURTH = "fourth", "#8a3f7c"
    FIFTH = "fifth", "#66751c"
    PALE = "pale", "#b5d2dd"
    INK = "ink", "#14212b"
    MUTED = "muted", "#52616b"
    LINE = "line", "#d8dee3"
    DANGER = "danger", "#a32020"
    PAPER = "paper", "#ffffff"

    def __init__(self, css: str, light: str) -> None:
        self.css = css
        self.light = light


@dataclass(frozen=True)
class Size:
    """A width in pixels with its font size, the width of the labels beside rows, and how high rows and columns are."""

    css: str
    width: int
    font: int
    labels: int
    row: int = 30
    rise: int = 168

    @property
    def line(self) -> float:
        """From one line of text to the next."""
        return self.font * 1.25

    @property
    def gap(self) -> float:
        """Between a text and what it belongs to."""
        return self.font * 0.55


WIDE = Size("wide", 460, 13, 176)
NARROW = Size("narrow", 310, 12, 136)


@dataclass(frozen=True)
class Rect:
    """A filled rectangle between two corners, whichever they are."""

    x1: float
    y1: float
    x2: float
    y2: float
    fill: Colour
    edge: Colour | None = None
    is_dashed: bool = False
    kind = "rect"

    @property
    def x(self) -> float:
        """Return its left side."""
        return min(self.x1, self.x2)

    @property
    def y(self) -> float:
        """Return its upper side."""
        return min(self.y1, self.y2)

    @property
    def width(self) -> float:
        """From left to right."""
        return abs(self.x2 - self.x1)

    @property
    def height(self) -> float:
        """From top to bottom."""
        return abs(self.y2 - self.y1)


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    points: Sequence[tuple[float, float]]
    colour: Colour
    thickness: float = 1
    is_dashed: bool = False
    kind = "stroke"


@dataclass(frozen=True)
class Dot:
    """A point that stands out from its line."""

    x: float
    y: float
    fill: Colour
    edge: Colour = Colour.PAPER
    radius: int = 4
    kind = "dot"


@dataclass(frozen=True)
class Text:
    """A text whose middle is at height `y`; a halo keeps it readable on what it crosses."""

    x: float
    y: float
    text: str
    font: float
    anchor: Anchor = "start"
    fill: Colour = Colour.INK
    halo: Colour | None = None
    is_bold: bool = False
    kind = "text"

    @property
    def baseline(self) -> float:
        """Return where its letters stand; not every reader of SVG knows how to centre them."""
        return self.y + self.font * 0.36


Shape = Rect | Stroke | Dot | Text


@dataclass(frozen=True)
class Drawing:
    """Shapes from back to front on paper of a size."""

    size: Size
    height: float
    shapes: Sequence[Shape]

    @property
    def width(self) -> int:
        """As its size's."""
        return self.size.width
