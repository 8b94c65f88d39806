"""A budget of which only published figures are kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, RevenueCategory
from budgets.selectors.published import in_ore, load_published, load_published_sub_budgets
from budgets.selectors.sub_budgets import load_sub_budget_names
from reports.overview.words import RESULT, STYLES


@dataclass(frozen=True)
class Printed:
    """The published tables of a budget, each a list of (label, öre)."""

    result: list[tuple[str | Promise, str, int]]
    categories: list[tuple[str | Promise, str, int]]
    sub_budgets: list[tuple[str | Promise, str, int]]


def load_printed(budget: Budget) -> Printed:
    """Return the published result, revenue and sub-budget totals of a budget, öre."""
    edition = budget.edition
    result = in_ore(load_published(edition, "result_budget"))
    revenue = in_ore(load_published(edition, "revenue_by_category"))
    return Printed(
        [(label, STYLES.get(code, ""), result[code]) for code, label in RESULT.items() if code in result],
        [
            *((category.label, "", revenue[category]) for category in RevenueCategory if revenue.get(category)),
            *((_("Operating revenue"), "total", revenue[code]) for code in ("TOTAL",) if code in revenue),
        ],
        _load_printed_sub_budgets(edition),
    )


def _load_printed_sub_budgets(edition: str) -> list[tuple[str | Promise, str, int]]:
    totals = load_published_sub_budgets(edition)
    names = load_sub_budget_names()
    return [(name, "", totals[slug]) for slug, name in names.items() if slug in totals]
