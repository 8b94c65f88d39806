"""Published figures of a budget."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from budgets.models import (
    Budget,
    PublishedFigure,
)
from engine.money import ORE_PER_TKR


def list_published_figures(budget: Budget) -> QuerySet[PublishedFigure]:
    """Return the figures printed in the budget's documents, in the documents' order."""
    return PublishedFigure.objects.filter(budget=budget).order_by("position")


def load_published(edition: str, table: str) -> dict[str, int]:
    """Return the printed tkr of one table's rows in an edition such as budget:2025."""
    rows = PublishedFigure.objects.filter(edition=edition, table=table, tkr__isnull=False)
    return {row: tkr for row, tkr in rows.values_list("row", "tkr") if tkr is not None}


def load_published_sub_budgets(edition: str) -> dict[str, int]:
    """Return the printed totals of all sub-budgets in an edition, öre by slug."""
    figures = PublishedFigure.objects.filter(
        edition=edition, table__startswith="sub_budget/", row="TOTAL", tkr__isnull=False
    )
    printed = figures.values_list("table", "tkr")
    return {table.partition("/")[2]: tkr * ORE_PER_TKR for table, tkr in printed if tkr is not None}


def in_ore(printed: Mapping[str, int]) -> dict[str, int]:
    """Return printed tkr as öre."""
    return {row: tkr * ORE_PER_TKR for row, tkr in printed.items()}
