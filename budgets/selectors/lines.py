"""Cost lines and the products they lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from budgets.models import (
    IS_COUNTED,
    Budget,
    BudgetProduct,
    CostLine,
    SubBudget,
)
from engine.result import COSTS
from engine.years import AMOUNTS
from objects.models import GovernanceObject
from objects.selectors.reader import compiled_for_reader
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User
from budgets.selectors.sub_budgets import BASE_GRANT


def list_products(sub_budget: SubBudget | int, user: User) -> QuerySet[BudgetProduct]:
    """Return the sub-budget's products, each with its lines."""
    lines = CostLine.objects.visible_to(user).select_related("governance_object")
    products: QuerySet[BudgetProduct] = BudgetProduct.objects.visible_to(user).filter(sub_budget=sub_budget)
    return products.prefetch_related(Prefetch("cost_lines", lines))


@compiled_for_reader
def read_products(user: User, sub_budget_id: int) -> QuerySet[BudgetProduct]:
    """Return the products of the sub-budget with a key, as `list_products` does."""
    return list_products(sub_budget_id, user)


def find_product(sub_budget: SubBudget, user: User, lineage: UUID) -> BudgetProduct | None:
    """Return one of the sub-budget's products, by lineage."""
    products = BudgetProduct.objects.visible_to(user).filter(sub_budget=sub_budget, lineage=lineage)
    return products.select_related("sub_budget__budget", "budget").first()


def find_line(sub_budget: SubBudget, user: User, lineage: UUID) -> CostLine | None:
    """Return one of the sub-budget's lines, by lineage."""
    lines = CostLine.objects.visible_to(user).filter(budget_product__sub_budget=sub_budget, lineage=lineage)
    return lines.select_related("budget_product__sub_budget__budget", "governance_object").first()


def list_lines(budget: Budget, user: User) -> QuerySet[CostLine]:
    """Return all cost lines of a budget that the user may see."""
    lines: QuerySet[CostLine] = CostLine.objects.visible_to(user).filter(budget=budget)
    order = ("budget_product__sub_budget__position", "budget_product__position", "position", "pk")
    return lines.select_related("budget_product__sub_budget").order_by(*order)


@compiled_for_reader
def list_choices(user: User, budget_id: int) -> QuerySet[BudgetProduct]:
    """Return the products of the budget with a key, with their sub-budgets, for filters."""
    products: QuerySet[BudgetProduct] = BudgetProduct.objects.visible_to(user).filter(budget=budget_id)
    return products.select_related("sub_budget").order_by("sub_budget__position", "position", "pk")


def list_governance_objects() -> QuerySet[GovernanceObject]:
    """Return the objects that a line of the base grant can be held against."""
    return GovernanceObject.objects.order_by("position")


read_governance_objects = compiled(list_governance_objects)

IN_BASE_GRANT = Q(budget_product__sub_budget__governance_object=None)


STAYS_IN_BASE_GRANT = Q(governance_object=None) | ~Q(cost_kind__in=sorted(COSTS))


HELD_AGAINST_OBJECTS = IN_BASE_GRANT & ~STAYS_IN_BASE_GRANT


def counted_to(governance_object: str) -> Q:
    """Return which lines are the cost of an object, by its slug, or of BASE_GRANT.

    Lines of the base grant that name an object are counted to it. What is no cost, such as use of
    equity, is nobody's and stays.
    """
    if governance_object == BASE_GRANT:
        return IN_BASE_GRANT & STAYS_IN_BASE_GRANT
    own = Q(budget_product__sub_budget__governance_object__slug=governance_object)
    return own | (HELD_AGAINST_OBJECTS & Q(governance_object__slug=governance_object))


LEFT_OUT = "left_out"


def sum_all(lines: QuerySet[CostLine]) -> dict[str, int]:
    """Return the sum of each year's amount over the lines, öre: of costs and what lowers them; of income where all are.

    LEFT_OUT is how many lines the sums leave out.
    """
    sums = lines.order_by().aggregate(
        is_counted=Count("pk", filter=IS_COUNTED),
        is_earned=Count("pk", filter=~IS_COUNTED),
        **{f"all_{name}": Sum(name, default=0) for name in AMOUNTS},
        **{f"counted_{name}": Sum(name, default=0, filter=IS_COUNTED) for name in AMOUNTS},
    )
    which = "counted" if sums["is_counted"] else "all"
    totals = {name: int(sums[f"{which}_{name}"]) for name in AMOUNTS}
    return totals | {LEFT_OUT: sums["is_earned"] if sums["is_counted"] else 0}
