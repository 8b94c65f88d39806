"""The chart of days: circles, bars and the days that all share, with no text over another at either width."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.charts import NARROW, WIDE, Mark, Size, Span, SpanPlot
from web.charts.shapes import Dot, Rect
from web.tests.test_charts import check_texts, draw

MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.css)
DRAWN = [
    ("Ödeshög", date(2026, 4, 20), date(2026, 4, 23), date(2026, 5, 16), False),
    ("Boxholm", date(2026, 4, 27), date(2026, 4, 28), date(2026, 5, 20), False),
    ("Åtvidaberg", date(2026, 5, 20), date(2026, 5, 23), date(2026, 6, 16), True),
    ("Vimmerby", date(2026, 5, 25), date(2026, 5, 29), date(2026, 6, 23), True),
]


def span(name: str, on: date, start: date, end: date, is_planned: bool) -> Span:
    return Span(name, on, f"{on.day}/{on.month}", (start, end), f"{end.day}/{end.month}", is_planned, is_planned)


def plot_of(spans: list[Span], today: date, earliest: date) -> SpanPlot:
    marks = [
        Mark(today, f"i dag {today.day} november", is_dashed=True),
        Mark(earliest, "ramen gäller tidigast 23 juni"),
    ]
    return SpanPlot(spans, marks, MONTHS, "Sist: Vimmerby")


PLOT = plot_of([span(*row) for row in DRAWN], date(2026, 5, 12), date(2026, 6, 23))


@SIZES
def test_drawn_days_stand_in_order_and_texts_are_clear_of_each_other(size: Size) -> None:
    check_texts(PLOT, size)
    shapes = PLOT.draw(size).shapes
    dots = [shape.x for shape in shapes if isinstance(shape, Dot)]
    bars = [shape for shape in shapes if isinstance(shape, Rect)]
    assert dots == sorted(dots) and all(dot < bar.x1 < bar.x2 for dot, bar in zip(dots, bars, strict=True))
    assert [bar.is_dashed for bar in bars] == [False, False, True, True]


def test_what_is_planned_is_hollow_and_dashed_and_what_is_told_says_the_same() -> None:
    image = draw(PLOT)
    assert len(re.findall('stroke-dasharray="3 2"', image)) == 2 and "Sist: Vimmerby" in image
    assert len(re.findall('<circle[^>]*class="fill-paper', image)) == 2


def test_span_without_a_day_says_so() -> None:
    plot = plot_of(
        [PLOT.spans[0], Span("Ydre", None, "ingen dag planerad", None, "")], date(2026, 5, 12), date(2026, 6, 1)
    )
    assert "ingen dag planerad" in draw(plot)
    check_texts(plot, NARROW)


DAYS = st.dates(date(2026, 1, 1), date(2027, 3, 1))
GAPS = st.integers(0, 60)


@given(st.lists(st.tuples(DAYS, GAPS, GAPS), min_size=1, max_size=5), DAYS, st.sampled_from([WIDE, NARROW]))
def test_no_text_is_cut_or_over_another_whatever_the_days(
    rows: list[tuple[date, int, int]], today: date, size: Size
) -> None:
    spans = []
    for on, first, second in rows:
        start = on + timedelta(first)
        spans.append(span("Åtvidaberg", on, start, start + timedelta(22 + second), False))
    last = max(row.bar[1] for row in spans if row.bar is not None)
    check_texts(plot_of(spans, today, last), size)
