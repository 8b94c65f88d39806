"""The chart of the councils' days: when each decides and gains legal force, and when the framework can be in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.dates import MONTHS
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from desk.council_package.words import Line, say_chart, show_day
from forecasts.selectors.councils import CouncilStep, PackageState
from web import marks
from web.charts import Chart, Mark, Row, Span, SpanPlot, Table, TableCell


def draw_councils(state: PackageState, lines: Sequence[Line]) -> Chart:
    """Return the chart, with its table; without any day it says so."""
    steps = [line.step for line in lines]
    title, unit = (
        say_chart(state),
        _("Circle: decision. Bar: from the notice to legal force. Hollow and dashed: planned"),
    )
    table = Table(
        unit, [_("Council"), _("Decision"), _("Announced"), _("Legal force")], [_tell(step) for step in steps]
    )
    spans = [_span(step) for step in steps]
    notes: list[str | SafeString] = []
    if any((step.is_plan_assumed and not step.way.has_decided) or step.is_decision_assumed for step in steps):
        notes.append(marks.say_doubt(_("The councils' days are"), "assumed"))
    if not any(span.days for span in spans):
        return Chart("councils", title, unit, None, None, [_("No council has decided or planned a day.")])
    plot = SpanPlot(spans, _marks(state), [str(MONTHS[month]) for month in range(1, 13)], _say(state, steps))
    return Chart("councils", title, unit, plot, table, notes)


def _span(step: CouncilStep) -> Span:
    expected, way = step.expected, step.way
    bar = (expected.announced_on, expected.force_on)
    days = (bar[0], bar[1]) if bar[0] is not None and bar[1] is not None else None
    said = _short(expected.decided_on) if expected.decided_on is not None else _("no day planned")
    return Span(
        step.municipality.name,
        expected.decided_on,
        said,
        days,
        _short(expected.force_on),
        is_planned=not way.has_decided,
        is_bar_planned=way.announced_on is None,
    )


def _marks(state: PackageState) -> list[Mark]:
    today = Mark(state.on, _("today %(day)s") % {"day": show_day(state.on)}, is_dashed=True)
    if state.earliest_on is None:
        return [today]
    words = _("in force from %(day)s") if state.state.in_force_on is not None else _("in force %(day)s at the earliest")
    mark = Mark(state.earliest_on, words % {"day": show_day(state.earliest_on)})
    # A framework that has long been in force is not shown from today.
    return [mark] if state.state.in_force_on is not None and state.on > state.earliest_on else [today, mark]


def _short(day: date | None) -> str:
    return f"{day.day}/{day.month}" if day is not None else ""


def _tell(step: CouncilStep) -> Row:
    days = (step.expected.decided_on, step.expected.announced_on, step.expected.force_on)
    cells = [TableCell(day.isoformat() if day is not None else "–", css="n nowrap") for day in days]
    return Row(step.municipality.name, cells)


def _say(state: PackageState, steps: Sequence[CouncilStep]) -> str:
    words = _("%(name)s: decision %(decided)s, legal force %(force)s")
    told = [
        words
        % {
            "name": step.municipality.name,
            "decided": show_day(step.expected.decided_on),
            "force": show_day(step.expected.force_on),
        }
        for step in steps
    ]
    return "; ".join([*told, say_chart(state)])
