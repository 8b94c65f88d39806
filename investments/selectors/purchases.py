"""What a budget plans to buy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from budgets.models import Budget
from investments.models import Investment, InvestmentItem, ProductClass
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User


def list_investments(budget: Budget) -> list[Investment]:
    """Return the budget's investments in order, with their items."""
    rows = _list_investments(budget.pk)
    for row in rows:
        row.budget = budget
    return rows


@compiled
def _list_investments(budget_id: int) -> QuerySet[Investment]:
    return (
        Investment.objects.filter(budget=budget_id)
        .select_related("asset_class")
        .prefetch_related(Prefetch("items", InvestmentItem.objects.select_related("customer")))
    )


def find_investment(budget: Budget, lineage: UUID, user: User) -> Investment | None:
    """Return a row of a budget that the user sees; None where there is none."""
    rows = Investment.objects.visible_to(user).filter(budget=budget, lineage=lineage)
    found: Investment | None = rows.select_related("asset_class", "budget").prefetch_related("items").first()
    return found


def find_item(budget: Budget, lineage: UUID, user: User) -> InvestmentItem | None:
    """Return a purchase of a budget that the user sees; None where there is none."""
    rows = InvestmentItem.objects.visible_to(user).filter(budget=budget, lineage=lineage)
    related = ("investment__asset_class", "customer", "decision", "budget")
    found: InvestmentItem | None = rows.select_related(*related).first()
    return found


def list_carriers(budget: Budget) -> list[ProductClass]:
    """Return which products carry which classes, by class and place."""
    rows = ProductClass.objects.filter(budget=budget).select_related("asset_class", "budget_product__sub_budget")
    return list(rows.order_by("asset_class__position", "budget_product__sub_budget__position", "pk"))
