"""Charts as SVG made on the server: a picture beside its table, in the reader's colours, without script or style.

A chart is declared in amounts and words, as a `RowPlot` or a `ColumnPlot` of places, bars, limits and lines. The trick: plain
functions (`scales`, `letters`) turn amounts into shapes in pixels and a template writes these as SVG, painted in the light
palette and named by colour. So it is whole alone, in a document, while on a page the style sheet recolours it for dark and for
print, and shows one of two widths.
"""

from web.charts.across import Limit, Line
from web.charts.chart import Chart, Plot, Row, Table, TableCell
from web.charts.columns import ColumnPlot
from web.charts.places import WHOLE, Bar, Place, compare, stack_bars
from web.charts.rows import RowPlot
from web.charts.shapes import NARROW, WIDE, Colour, Size
from web.charts.spans import Mark, Span, SpanPlot

__all__ = [
    "NARROW",
    "WHOLE",
    "WIDE",
    "Bar",
    "Chart",
    "Colour",
    "ColumnPlot",
    "Limit",
    "Line",
    "Mark",
    "Place",
    "Plot",
    "Row",
    "RowPlot",
    "Size",
    "Span",
    "SpanPlot",
    "Table",
    "TableCell",
    "compare",
    "stack_bars",
]
