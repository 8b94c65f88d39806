"""Charts as SVG made on the server: a picture beside its table, in the reader's colours, without script or style.

The trick: a chart is a Vega-Lite specification as a plain dict, drawn in the light palette at two widths; the style
sheet shows one of them and recolours the palette's values for dark and for print. Labels are made here and not by
Vega, so numbers look as everywhere else. Drawings are kept in the process, by specification: that costs no query, writes
nothing on a read, and a changed figure is another specification, so nothing is ever stale. The first is drawn in about a
second, by a process of its own (`drawing`), each other one in some 20 ms.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from web.drawing import Drawer, DrawingError

Spec = dict[str, Any]

DRAWER: Final = Drawer()
# The values of the style sheet's section 14, which are the only ones it recolours.
INK, MUTED, LINE, PAPER = "#14212b", "#52616b", "#d8dee3", "#ffffff"
FIRST, SECOND, THIRD, PALE = "#0b5c7a", "#c2660a", "#3d8fb5", "#b5d2dd"
THEME: Final[Spec] = {"background": None, "padding": 0, "aria": False, "view": {"stroke": None}}


@dataclass(frozen=True)
class Size:
    """A width in pixels with its font size and the column for labels."""

    css: str
    width: int
    font: int
    labels: int

    @property
    def letters(self) -> int:
        """How many letters of a label fit beside the bars."""
        return int(self.labels / (self.font * 0.54))


SIZES: Final = (Size("wide", 460, 13, 176), Size("narrow", 310, 12, 136))


# What is drawn


@dataclass(frozen=True)
class Bar:
    """A bar with the text of its amount; last year's is a thin bar below it."""

    label: str
    amount: int
    shown: str
    earlier: int | None = None


@dataclass(frozen=True)
class Step:
    """A bar from one amount to another; `colour` is one of the palette."""

    label: str
    start: int
    end: int
    shown: str
    colour: str = FIRST


@dataclass(frozen=True)
class Column:
    """A year: its amount, None where it is not known, the texts below it, and how far from zero is allowed."""

    label: str
    amount: int | None
    shown: str
    kind: str
    is_plan: bool = False
    band: int | None = None


@dataclass(frozen=True)
class Limit:
    """A line across the years that have it, by the place of its columns; dashed while it is not in force."""

    label: str
    amount: int
    places: tuple[int, ...]
    is_proposed: bool = False


# The table beside it


@dataclass(frozen=True)
class Cell:
    """A figure as shown, with the address of what is behind it."""

    text: str
    url: str = ""
    css: str = ""


@dataclass(frozen=True)
class Row:
    """A heading with its figures; `style` is a class of the sheet's tables."""

    label: str
    cells: Sequence[Cell]
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
    """A picture with the sentence it shows, its unit, notes and table; without `svg` the notes say what is missing."""

    key: str
    title: str
    unit: str
    svg: SafeString | None = None
    table: Table | None = None
    notes: Sequence[str | SafeString] = field(default=())


# Drawing


def draw_bars(title: str, bars: Sequence[Bar]) -> SafeString:
    """Return horizontal bars from zero, amounts to the right."""
    labels = [(bar.label, bar.shown) for bar in bars]
    return _draw(title, labels, lambda size: _bars(bars, size))


def draw_steps(title: str, steps: Sequence[Step]) -> SafeString:
    """Return bars that each start where the one above ends."""
    labels = [(step.label, step.shown) for step in steps]
    return _draw(title, labels, lambda size: _steps(steps, size))


def draw_columns(title: str, columns: Sequence[Column], limits: Sequence[Limit] = ()) -> SafeString:
    """Return columns over the years with the limits they are held against."""
    labels = [(f"{column.label} ({column.kind})", column.shown) for column in columns]
    labels += [(limit.label, "") for limit in limits]
    return _draw(title, labels, lambda size: _columns(columns, limits, size))


def _draw(title: str, labels: Iterable[tuple[str, str]], make: Callable[[Size], Spec]) -> SafeString:
    told = "; ".join(f"{label} {shown}".strip() for label, shown in labels)
    frames = [_frame(size, title, told, json.dumps(make(size), sort_keys=True)) for size in SIZES]
    return format_html_join("", "{}", ((frame,) for frame in frames))


def _frame(size: Size, title: str, told: str, spec: str) -> SafeString:
    """One width as an image with a name and a description."""
    width, height, inner = _render(spec)
    key = hashlib.blake2s(f"{title}{told}{spec}".encode(), digest_size=6).hexdigest()
    return format_html(
        '<svg class="{0}" role="img" aria-labelledby="t{1}" aria-describedby="d{1}" viewBox="0 0 {2} {3}" width="{2}"'
        ' height="{3}"><title id="t{1}">{4}</title><desc id="d{1}">{5}</desc>{6}</svg>',
        size.css, key, width, height, title, told, inner,
    )  # fmt: skip


@lru_cache(maxsize=512)
def _render(spec: str) -> tuple[str, str, SafeString]:
    """A specification's width, height and drawing; a few kilobytes each."""
    svg = DRAWER.draw(spec, THEME)
    found = re.match(r'<svg[^>]* width="([0-9.]+)" height="([0-9.]+)"[^>]*>(.*)</svg>', svg, re.DOTALL)
    if found is None:
        raise DrawingError(f"the drawing library answered without an image: {svg[:200]}")
    return found[1], found[2], _strip(found[3])


def forget_drawings() -> None:
    """Draw everything anew from now on."""
    _render.cache_clear()


_LEFT_TO_THE_PAGE = re.compile(r' (?:class|font-family|aria-[a-z]+|role|opacity|font-weight|pointer-events)="[^"]*"')
_LONG = re.compile(r"(\d+\.\d)\d+")


def _strip(inner: str) -> SafeString:
    """The drawing without fonts and roles, which the page sets, and in tenths of pixels; texts stay as they are."""
    parts = re.split(r"(<[^>]*>)", inner)
    short = (_LONG.sub(r"\1", _LEFT_TO_THE_PAGE.sub("", part)) if part.startswith("<") else part for part in parts)
    return mark_safe("".join(short))


# Specifications: amounts go through a scale, everything else is placed in pixels

ROW, LINE_HEIGHT, COLUMNS, BELOW = 30, 15, 250, 62


def _bars(bars: Sequence[Bar], size: Size) -> Spec:
    ends = [0, *(bar.amount for bar in bars), *(bar.earlier for bar in bars if bar.earlier is not None)]
    shapes, amounts = [], []
    labels, middles, height = _place_labels([bar.label for bar in bars], size)
    for bar, y in zip(bars, middles, strict=True):
        shapes.append({"x": 0, "x2": bar.amount, "y": y - 9, "y2": y + 3, "fill": FIRST})
        if bar.earlier is not None:
            shapes.append({"x": 0, "x2": bar.earlier, "y": y + 4, "y2": y + 8, "fill": THIRD})
        amounts.append({"x": max(0, bar.amount, bar.earlier or 0), "y": y, "text": bar.shown})
    return _lying(size, height, ends, shapes, amounts, labels)


def _steps(steps: Sequence[Step], size: Size) -> Spec:
    ends = [0, *(step.start for step in steps), *(step.end for step in steps)]
    shapes, amounts = [], []
    labels, middles, height = _place_labels([step.label for step in steps], size)
    for step, y in zip(steps, middles, strict=True):
        shapes.append({"x": step.start, "x2": step.end, "y": y - 8, "y2": y + 8, "fill": step.colour})
        amounts.append({"x": max(step.start, step.end), "y": y, "text": step.shown})
    return _lying(size, height, ends, shapes, amounts, labels)


def _place_labels(labels: Sequence[str], size: Size) -> tuple[list[Spec], list[float], int]:
    """Each line of each label, the middle of each row, and the height of all; long labels take more lines."""
    placed, middles, top = [], [], 0
    for label in labels:
        lines = wrap(label, size.letters)
        height = max(ROW, LINE_HEIGHT * len(lines) + 8)
        middle = top + height / 2
        first = middle - LINE_HEIGHT * (len(lines) - 1) / 2
        placed += [{"text": line, "y": first + LINE_HEIGHT * index} for index, line in enumerate(lines)]
        middles.append(middle)
        top += height
    return placed, middles, top


def wrap(label: str, letters: int) -> list[str]:
    """Return a label in lines of at most `letters`, broken at spaces, after / and -, and in a word only when it must."""
    lines = [""]
    for part in re.findall(r"[^\s/-]+[/-]*\s*|[/-]+\s*", label):
        if lines[-1] and len(lines[-1] + part.rstrip()) > letters:
            lines.append("")
        lines[-1] += part
        while len(lines[-1].rstrip()) > letters:
            lines[-1:] = [lines[-1][: letters - 1] + "-", lines[-1][letters - 1 :]]
    return [line.rstrip() for line in lines]


def _lying(
    size: Size, height: int, ends: Sequence[int], shapes: list[Spec], amounts: list[Spec], labels: list[Spec]
) -> Spec:
    """Bars from left to right; the room for the longest amount is kept free at the right."""
    room = 9 + max((len(amount["text"]) for amount in amounts), default=0) * size.font * 0.64
    low, high = min(ends), max(ends)
    scale = {
        "domain": [low, high if high > low else low + 1],
        "range": [size.labels, size.width - room],
        "nice": False,
        "zero": False,
    }
    layers = [_rects(shapes, x=scale), _texts(amounts, size, x=scale, dx=7), _texts(labels, size)]
    if low < 0:
        layers.insert(0, _rule({"x": {"datum": 0, "type": "quantitative", "scale": scale, "axis": None}}, MUTED))
    return _spec(size, height, layers)


def _columns(columns: Sequence[Column], limits: Sequence[Limit], size: Size) -> Spec:
    known = [column.amount for column in columns if column.amount is not None]
    bands = [column.band for column in columns if column.band is not None]
    ends = [0, *known, *bands, *(-band for band in bands), *(limit.amount for limit in limits)]
    low, high = min(ends), max(ends)
    bottom = COLUMNS - BELOW
    scale = {"domain": [low, high if high > low else low + 1], "range": [bottom, 20], "nice": False, "zero": False}
    each = size.width / max(1, len(columns))
    middles = [each * (place + 0.5) for place in range(len(columns))]
    shapes, outlines, texts = [], [], []
    for column, x in zip(columns, middles, strict=True):
        sides = {"x": x - each * 0.28, "x2": x + each * 0.28}
        if column.band is not None:
            shapes.append(
                {"x": x - each * 0.45, "x2": x + each * 0.45, "y": -column.band, "y2": column.band, "fill": LINE}
            )
        if column.amount is not None:
            fill = PALE if column.is_plan else FIRST
            outlines.append({**sides, "y": 0, "y2": column.amount, "fill": fill})
        texts += [
            {"x": x, "y": bottom + 18, "text": column.label, "fill": INK},
            {"x": x, "y": bottom + 36, "text": column.shown, "fill": INK},
            {"x": x, "y": bottom + 53, "text": column.kind, "fill": MUTED},
        ]
    layers = [_rects(shapes, y=scale), _rects(outlines, y=scale, stroke=FIRST)]
    layers.append(_rule({"y": {"datum": 0, "type": "quantitative", "scale": scale, "axis": None}}, MUTED))
    for limit in limits:
        layers += _limit(limit, each, scale, size)
    layers.append(_texts(texts, size, align="center"))
    return _spec(size, COLUMNS, layers)


def _limit(limit: Limit, each: float, scale: Spec, size: Size) -> list[Spec]:
    """A line over its years with its text above, on a halo so that a column behind it does not hide it."""
    starts = [place for place in limit.places if place - 1 not in limit.places]
    ends = [place + 1 for place in limit.places if place + 1 not in limit.places]
    runs = [{"x": each * a, "x2": each * b, "y": limit.amount} for a, b in zip(starts, ends, strict=True)]
    dash = {"strokeDash": [6, 4]} if limit.is_proposed else {}
    across = {"field": "x", "type": "quantitative", "scale": None, "axis": None}
    line = {
        "data": {"values": runs},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5, **dash},
        "encoding": {"x": across, "x2": {"field": "x2"}, "y": _through("y", scale)},
    }
    told = [{"x": min(run["x"] for run in runs) + 2, "y": limit.amount, "text": limit.label}]
    halo = _texts(told, size, y=scale, dy=-8, stroke=PAPER)
    return [line, halo, _texts(told, size, y=scale, dy=-8)]


def _through(name: str, scale: Spec | None) -> Spec:
    return {"field": name, "type": "quantitative", "scale": scale, "axis": None}


def _rects(values: list[Spec], *, x: Spec | None = None, y: Spec | None = None, stroke: str = "") -> Spec:
    edge = {"stroke": stroke, "strokeWidth": 1} if stroke else {}
    fill = {"field": "fill", "type": "nominal", "scale": None}
    place = {"x": _through("x", x), "x2": {"field": "x2"}, "y": _through("y", y), "y2": {"field": "y2"}}
    return {"data": {"values": values}, "mark": {"type": "rect", **edge}, "encoding": {**place, "fill": fill}}


def _texts(
    values: list[Spec], size: Size, *, x: Spec | None = None, y: Spec | None = None, dx: int = 0, dy: int = 0,
    align: str = "left", stroke: str = "",
) -> Spec:  # fmt: skip
    mark = {"type": "text", "align": align, "baseline": "middle", "fontSize": size.font, "dx": dx, "dy": dy}
    if stroke:
        mark |= {"stroke": stroke, "strokeWidth": 4}
    rows = [{"x": 0, "fill": stroke or INK, **value} for value in values]
    fill = {"field": "fill", "type": "nominal", "scale": None}
    encoding = {"x": _through("x", x), "y": _through("y", y), "text": {"field": "text"}, "fill": fill}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _rule(encoding: Spec, colour: str) -> Spec:
    return {"data": {"values": [{}]}, "mark": {"type": "rule", "color": colour, "strokeWidth": 1}, "encoding": encoding}


def _spec(size: Size, height: int, layers: list[Spec]) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": size.width,
        "height": height,
        "autosize": "none",
        "layer": layers,
    }
