"""The words for what kind of figure a document prints, and of which year; and a figure's place as one text."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import PublishedFigure
from engine.years import split_edition

EDITIONS: Final[list[tuple[str, Promise]]] = [
    ("budget", gettext_lazy("Budget")),
    ("plan", pgettext_lazy("year", "Plan")),
    ("forecast", pgettext_lazy("column", "Forecast")),
    ("actual", pgettext_lazy("column", "Actual")),
]


def name_edition(edition: str) -> str:
    """Return what an edition such as budget:2026 is called: Budget 2026."""
    kind, year = split_edition(edition)
    words = dict(EDITIONS)
    return f"{words[kind]} {year}" if kind in words else edition


def join_figure(figure: PublishedFigure) -> str:
    """Return a figure's place and edition as one value of an address; only the row may hold the separator."""
    return "|".join((figure.table, figure.row, figure.column, figure.edition))


def split_figure(value: str) -> dict[str, str] | None:
    """Return what `join_figure` wrote; None for anything else."""
    table, first, rest = value.partition("|")
    rest, second, edition = rest.rpartition("|")
    row, third, column = rest.rpartition("|")
    found = {"table": table, "row": row, "column": column, "edition": edition}
    return found if first and second and third else None
