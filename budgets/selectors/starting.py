"""How a budget was started: its sums against its source's, every amount the start set, and by which index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from budgets.models import (
    Budget,
    BudgetProduct,
    BudgetStart,
    CostLine,
    StartedIndex,
    SubBudget,
)
from budgets.selectors.totals import load_totals_by_sub_budget
from records.changes import Events, events_of

if TYPE_CHECKING:
    from accounts.models import User

Ore = tuple[int, int, int]
NONE: Ore = (0, 0, 0)


@dataclass(frozen=True)
class StartedSum:
    """A sub-budget's three years in the source and in what was started from it, öre; the years of each are its own."""

    sub_budget: SubBudget
    before: Ore
    after: Ore


def list_started_sums(source: Budget, target: Budget) -> list[StartedSum]:
    """Return the stored sums of the new budget's sub-budgets beside those of their sources, in order."""
    rows = SubBudget.objects.filter(budget=target).select_related("governance_object").order_by("position", "pk")
    before, after = load_totals_by_sub_budget(source), load_totals_by_sub_budget(target)
    return [StartedSum(row, before.get(row.lineage, NONE), after.get(row.lineage, NONE)) for row in rows]


def count_started(target: Budget) -> dict[str, int]:
    """Return how many sub-budgets, products and lines a budget has."""
    models = {"sub_budgets": SubBudget, "products": BudgetProduct, "lines": CostLine}
    return {name: model._base_manager.filter(budget=target).count() for name, model in models.items()}


def find_start(user: User, budget: Budget) -> BudgetStart | None:
    """Return how a budget was started, if the user may see it."""
    rows = BudgetStart.objects.visible_to(user).filter(budget=budget)
    return rows.select_related("source", "budget").prefetch_related("indexes").first()


def list_set_amounts(start: BudgetStart) -> Events:
    """Return the events by which a start made the lines of its budget, with the names of their places then."""
    rows = events_of(CostLine).filter(budget=start.budget_id, pgh_label="insert")
    mark = _read_number(start.mark, CostLine._meta.label_lower)
    product = events_of(BudgetProduct).filter(pgh_obj=OuterRef("budget_product_id"), pgh_label="insert")
    place = SubBudget.objects.filter(pk=OuterRef("started_in"))
    rows = rows.filter(pgh_id__lte=mark).annotate(
        product_name=Subquery(product.values("name")[:1]), started_in=Subquery(product.values("sub_budget_id")[:1])
    )
    placed: Events = rows.annotate(
        sub_budget_sv=Subquery(place.values("name_sv")[:1]), sub_budget_en=Subquery(place.values("name_en")[:1])
    ).order_by("pgh_id")
    return placed


def _read_number(mark: str, label: str) -> int:
    numbers = dict(part.rpartition(":")[::2] for part in mark.split())
    return int(numbers.get(label, 0))


def find_index_of(line: CostLine) -> StartedIndex | None:
    """Return the index that made a line's last amount; None where none did, or it is not known which.

    A revised budget has its amounts, and the index of them, from the one it revises.
    """
    if not line.index_provenance:
        return None
    found: StartedIndex | None = _find_index(line.budget_id, line.cost_kind)
    budget = None if found else line.budget.replaces
    while budget is not None and found is None:
        found, budget = _find_index(budget.pk, line.cost_kind), budget.replaces
    return found


def _find_index(budget_id: int, cost_kind: str) -> StartedIndex | None:
    found: StartedIndex | None = StartedIndex.objects.filter(start__budget=budget_id, cost_kind=cost_kind).first()
    return found


def list_ending_products(source: Budget) -> list[BudgetProduct]:
    """Return the products that may end when a budget is started from the source, in order."""
    rows = BudgetProduct.objects.filter(budget=source).select_related("sub_budget__governance_object")
    return list(rows.order_by("sub_budget__position", "position", "pk"))


def list_own_sub_budgets(source: Budget) -> list[SubBudget]:
    """Return the sub-budgets that may have days of their own in the new budget, in order."""
    return list(SubBudget.objects.filter(budget=source).order_by("position", "pk"))
