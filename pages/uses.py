"""What points to a row, in words, each with the way to where it is changed.

A kind of thing is named by its label, since pages know no app beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from records.selectors.uses import Use
from web.names import name_of


@dataclass(frozen=True)
class ToldUse:
    """A kind of thing, (words, address) of the first of them, and how many more there are."""

    label: str
    rows: list[tuple[str, str]]
    more: int


def tell_uses(uses: Iterable[Use]) -> list[ToldUse]:
    """Return what points to a row in words; where a kind of thing has no page its address is empty."""
    return [_tell(use) for use in uses]


def _tell(use: Use) -> ToldUse:
    names = use.model._meta
    label = capfirst(str(names.verbose_name if use.count == 1 else names.verbose_name_plural))
    say, place = PLACES.get(names.label_lower, (str, lambda _row: ""))
    # Several rows on one page are one link.
    rows = dict.fromkeys((say(row), place(row)) for row in use.rows)
    return ToldUse(label, list(rows), use.more)


def _of_sub_budget(row: Any) -> str:
    return f"{name_of(row)}, {row.budget.name}"


def _of_line(row: Any) -> str:
    return f"{row.text}, {row.budget.name}"


def _in_budget(row: Any) -> str:
    return str(row.budget.name)


def _loans(row: Any) -> str:
    return reverse("forecasts:loans", args=[row.budget.slug])


def _person(row: Any) -> str:
    return reverse("objects:person", args=[row.user.uuid])


def _reason(row: Any) -> str:
    place = urlencode({"figure": "|".join((row.table, row.row, row.column))})
    return f"{reverse('forecasts:reason', args=[row.budget.slug])}?{place}"


PLACES: dict[str, tuple[Callable[[Any], str], Callable[[Any], str]]] = {
    "budgets.keyweight": (
        lambda row: f"{name_of(row.key)}, {row.key.budget.name}",
        lambda row: reverse("invoices:keys", args=[row.key.budget.slug]),
    ),
    "budgets.subbudget": (
        _of_sub_budget,
        lambda row: reverse("budgets:sub_budget", args=[row.budget.slug, row.slug]),
    ),
    "budgets.costline": (
        _of_line,
        lambda row: reverse("budgets:sub_budget", args=[row.budget.slug, row.budget_product.sub_budget.slug]),
    ),
    "invoices.invoice": (str, lambda row: reverse("invoices:invoice", args=[row.uuid])),
    "forecasts.reconciliationreason": (lambda row: str(row.text), _reason),
    "investments.investment": (_in_budget, _loans),
    "investments.loan": (str, lambda row: reverse("objects:loan", args=[row.uuid])),
    "investments.plannedloan": (_in_budget, _loans),
    "investments.councildecision": (str, lambda _row: ""),
    "objects.apitoken": (str, lambda _row: reverse("objects:tokens")),
    "objects.decision": (str, lambda row: reverse("reports:decision", args=[row.uuid])),
    "objects.decisioncondition": (str, lambda row: reverse("reports:decision", args=[row.decision.uuid])),
    "objects.objectplan": (
        lambda row: str(row.period),
        lambda row: reverse("reports:object", args=[row.governance_object.slug]) + "#plan",
    ),
    "objects.product": (str, lambda row: reverse("reports:object", args=[row.governance_object.slug]) + "#products"),
    "objects.roleassignment": (str, _person),
}
