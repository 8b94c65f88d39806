"""The overview's rows with their labels, and the addresses of the lines behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.functional import Promise

from budgets.models import Budget
from budgets.selectors.sub_budgets import SubBudgetRow
from budgets.words import say_late
from pages.addresses import lines_url
from reports.overview.selectors import Group, Overview, OverviewRow
from reports.overview.words import CATEGORIES, GROUPS, PARTS, RESULT, STYLES


def show_overview(overview: Overview, budget: Budget) -> Overview:
    """Return the overview of a budget as pages show it."""
    return replace(
        overview,
        result=_show(overview.result, RESULT, budget, overview.earlier),
        parts=_show(overview.parts, PARTS, budget, overview.earlier),
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


Linked = tuple[SubBudgetRow, str, str, str]
"""A sub-budget with the addresses of the lines behind its years and behind the year before, and how late it is."""


def list_groups(overview: Overview, budget: Budget) -> list[tuple[str | Promise, Group, list[Linked]]]:
    """Return the groups of sub-budgets by name, with their rows."""
    return [(GROUPS[group.kind], group, _link(group, budget, overview.earlier)) for group in overview.groups]


def _link(group: Group, budget: Budget, earlier: Budget | None) -> list[Linked]:
    printed = find_printed(earlier)
    slugs = [row.sub_budget.slug for row in group.rows]
    urls = [(lines_url(budget, sub_budget=slug), printed or lines_url(earlier, sub_budget=slug)) for slug in slugs]
    late = [say_late(row.sub_budget.days_overdue) for row in group.rows]
    return [(row, *addresses, words) for row, addresses, words in zip(group.rows, urls, late, strict=True)]


def find_printed(earlier: Budget | None) -> str:
    """Return the address of the sub-budgets of a budget of which only printed figures are kept; empty for others."""
    is_printed = earlier is not None and earlier.status == Budget.Status.PUBLISHED_FIGURES
    return f"{lines_url(earlier)}#sub-budgets" if is_printed else ""
