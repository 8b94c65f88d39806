"""Published figures of a budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from budgets.models import (
    Budget,
    PublishedFigure,
)
from engine.money import ORE_PER_TKR
from engine.years import edition_of, plan_years
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User


def list_published_figures(budget: Budget) -> QuerySet[PublishedFigure]:
    """Return the figures printed in the budget's documents, in the documents' order."""
    return PublishedFigure.objects.filter(budget=budget).order_by("position")


def list_register(budget: Budget, user: User) -> QuerySet[PublishedFigure]:
    """Return the same for who may see them."""
    rows: QuerySet[PublishedFigure] = PublishedFigure.objects.visible_to(user).filter(budget=budget)
    return rows.order_by("position", "pk")


def list_figure_places(budget: Budget) -> list[tuple[str, str, str]]:
    """Return each (table, column, edition) that a budget's documents have figures of, in their order."""
    rows = list_published_figures(budget).values_list("table", "column", "edition")
    return list(dict.fromkeys(rows))


def compared_figures(budget_id: int, year: int) -> QuerySet[PublishedFigure]:
    """Return the known printed figures that a year's budget is held against: its own documents', and the plan for its years.

    The plan is what the documents of the year before print for them.
    """
    editions = [edition_of(year - 1, planned) for planned in plan_years(year)]
    own, plan = Q(budget=budget_id), Q(budget__fiscal_year=year - 1, edition__in=editions)
    return PublishedFigure.objects.filter(own | plan, tkr__isnull=False)


_read_compared = compiled(compared_figures)


def list_compared_figures(budget: Budget) -> list[PublishedFigure]:
    """Return `compared_figures`, the budget's own first; where two documents print a place, the newest counts."""
    found = _read_compared(budget.pk, budget.fiscal_year)
    rows = sorted(found, key=lambda row: (row.budget_id != budget.pk, -row.budget_id, row.position))
    figures: dict[tuple[str, str, str], PublishedFigure] = {}
    for figure in rows:
        figures.setdefault((figure.table, figure.row, figure.column), figure)
    return list(figures.values())


def load_published(edition: str, table: str) -> dict[str, int]:
    """Return the printed tkr of one table's rows in an edition such as budget:2025."""
    return {row: tkr for row, tkr in _list_printed(edition, table) if tkr is not None}


@compiled
def _list_printed(edition: str, table: str) -> QuerySet[PublishedFigure, tuple[str, int | None]]:
    rows = PublishedFigure.objects.filter(edition=edition, table=table, tkr__isnull=False)
    return rows.values_list("row", "tkr")


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
