"""Moved cost of a budget: who sees it, and the bridge from the budget before by way of what moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import Budget
from budgets.selectors.budgets import find_budget, find_earlier
from budgets.selectors.sub_budgets import SubBudgetRow, list_sub_budget_rows, list_sub_budgets
from engine.bridge import MovedStep, split_moved
from pricing.models import MovedCost
from records.changes import events_of
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class BridgeRow:
    """A sub-budget's step, with its name in the reader's language."""

    name: str
    slug: str
    step: MovedStep


def list_moved(budget: Budget, user: User) -> QuerySet[MovedCost]:
    """Return what moved into a budget as far as the user may see it, in the order it was entered."""
    rows: QuerySet[MovedCost] = MovedCost.objects.visible_to(user).filter(budget=budget)
    return rows.select_related("budget", "from_product__sub_budget", "to_product__sub_budget").order_by("pk")


def find_moved(budget: Budget, lineage: UUID, user: User) -> MovedCost | None:
    """Return one moved cost, if the user may see it."""
    return list_moved(budget, user).filter(lineage=lineage).first()


def sum_moves(budget: Budget) -> list[tuple[str, str, int]]:
    """Return (from, to, öre) of the budget year, by the sub-budgets' slugs."""
    return list(_list_moves(budget.pk))


@compiled
def _list_moves(budget_id: int) -> QuerySet[MovedCost, tuple[str, str, int]]:
    rows = MovedCost.objects.filter(budget=budget_id).order_by("pk")
    return rows.values_list("from_product__sub_budget__slug", "to_product__sub_budget__slug", "amount_1_ore")


def find_compared(budget: Budget, user: User) -> Budget | None:
    """Return the budget that the bridge begins in, where the user may see it: published figures everybody may."""
    earlier = find_earlier(budget)
    if earlier is None or earlier.status == Budget.Status.PUBLISHED_FIGURES:
        return earlier
    return find_budget(user, earlier.slug)


def load_bridge(budget: Budget, earlier: Budget, user: User) -> list[BridgeRow]:
    """Return the sub-budgets' way from the budget before, for those that cost something in either."""
    rows = list_sub_budget_rows(list_sub_budgets(budget, user), budget, earlier)
    return [row for row in build_rows(rows, sum_moves(budget)) if any(row.step[1:])]


def build_rows(rows: list[SubBudgetRow], moves: list[tuple[str, str, int]]) -> list[BridgeRow]:
    """Return the steps of sub-budgets that are read already, in their order."""
    before = {row.sub_budget.slug: row.earlier or 0 for row in rows}
    after = {row.sub_budget.slug: row.amounts[0] for row in rows}
    names = {row.sub_budget.slug: row.name for row in rows}
    return [BridgeRow(names[step.place], step.place, step) for step in split_moved(before, after, moves)]


def load_removed_moved(budget: Budget, lineage: UUID) -> dict[str, Any] | None:
    """Return the columns of a removed moved cost as history keeps them; None where it is there, or never was."""
    if MovedCost.objects.filter(budget=budget, lineage=lineage).exists():
        return None
    events = events_of(MovedCost).filter(budget_id=budget.pk, lineage=lineage, pgh_label="delete")
    event = events.order_by("-pgh_id").first()
    names = [field.attname for field in MovedCost._meta.concrete_fields if not field.primary_key]
    return None if event is None else {name: getattr(event, name) for name in names}
