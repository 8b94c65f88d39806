"""The overview's rows with their labels, and the addresses of the lines behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.functional import Promise

from budgets.models import Budget
from pages.addresses import lines_url
from reports.overview.selectors import Overview, OverviewRow
from reports.overview.words import CATEGORIES, RESULT, STYLES


def show_overview(overview: Overview, budget: Budget) -> Overview:
    """Return the overview of a budget as pages show it."""
    return replace(
        overview,
        result=_show(overview.result, RESULT, budget, overview.earlier),
        categories=_show(overview.categories, CATEGORIES, budget, overview.earlier),
    )


def _show(
    rows: Iterable[OverviewRow], labels: Mapping[str, str | Promise], budget: Budget, earlier: Budget | None
) -> list[OverviewRow]:
    return [
        replace(
            row,
            label=str(labels[row.code]),
            style=STYLES.get(row.code, ""),
            url=lines_url(budget, **row.lines),
            earlier_url=lines_url(earlier, **row.lines),
        )
        for row in rows
    ]
