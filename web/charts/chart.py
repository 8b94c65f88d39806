"""A chart as a page, a document or a workbook shows it: a picture, the sentence it shows, notes, and its table."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Protocol

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from web.charts.shapes import NARROW, WIDE, Drawing, Size
from web.jinja import draw

# For a drawing that stands alone; a page sets its own.
FONT: Final = "Inter, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"


DRAWINGS: Final = 300
"""How many drawings a process keeps, of some 5 kB each."""


class Plot(Protocol):
    """What is drawn."""

    def tell(self) -> str:
        """Return what it shows, in words, for who cannot see it."""

    def draw(self, size: Size) -> Drawing:
        """Return it at a width."""


@dataclass(frozen=True)
class TableCell:
    """A figure as shown, with the address of what is behind it."""

    text: str
    url: str = ""
    css: str = ""


@dataclass(frozen=True)
class Row:
    """A heading with its figures; `style` is a class of the sheet's tables."""

    label: str
    cells: Sequence[TableCell]
    style: str = ""
    url: str = ""


@dataclass(frozen=True)
class Table:
    """A chart's figures: caption, headings (the first heads the rows) and rows."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Chart:
    """A plot with the sentence it shows, its unit, notes and table; without a plot the notes say what is missing."""

    key: str
    title: str
    unit: str
    plot: Plot | None = None
    table: Table | None = None
    notes: Sequence[str | SafeString] = field(default=())

    def show(self, css: str = "") -> SafeString:
        """Return it as a figure of a page, of the classes `css`."""
        return draw("web/charts/figure.jinja", chart=self, css=css, as_table=_("Show as a table"))

    def draw_for_page(self) -> list[SafeString]:
        """Return its images at both widths, of which the style sheet shows one."""
        return [] if self.plot is None else [self.draw(size) for size in (WIDE, NARROW)]

    def draw(self, size: Size) -> SafeString:
        """Return its image at a width, as SVG that needs nothing outside itself. ValueError when it has no plot."""
        if self.plot is None:
            raise ValueError(f"the chart {self.key} has nothing to draw: {' '.join(self.notes)}")
        return _draw(
            _Order(pickle.dumps((self.key, self.title, self.plot, size)), get_language(), self, self.plot, size)
        )


@dataclass(frozen=True)
class _Order:
    """A drawing to be made; alike are those of the same figures and words, written out, in the same language."""

    written: bytes
    language: str | None
    chart: Chart = field(compare=False)
    plot: Plot = field(compare=False)
    size: Size = field(compare=False)


@lru_cache(maxsize=DRAWINGS)
def _draw(order: _Order) -> SafeString:
    """Draw a chart, or return the image at hand: a page's figures are read more often than they change."""
    drawing, told = order.plot.draw(order.size), order.plot.tell()
    return draw("web/charts/drawing.jinja", chart=order.chart, drawing=drawing, told=told, font=FONT)
