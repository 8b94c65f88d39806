"""What a budget plans to buy."""

from __future__ import annotations

from django.db.models import QuerySet

from budgets.models import Budget
from investments.models import Investment
from web.compiled import compiled


def list_investments(budget: Budget) -> list[Investment]:
    """Return the budget's investments in order, with their items."""
    rows = _list_investments(budget.pk)
    for row in rows:
        row.budget = budget
    return rows


@compiled
def _list_investments(budget_id: int) -> QuerySet[Investment]:
    return Investment.objects.filter(budget=budget_id).select_related("asset_class").prefetch_related("items")
