"""What a budget plans to buy."""

from __future__ import annotations

from django.db.models import QuerySet

from budgets.models import Budget
from investments.models import Investment
from web.compiled import compiled


def list_investments(budget: Budget) -> list[Investment]:
    """Return the budget's investments in order."""
    return _list_investments(budget.pk)


@compiled
def _list_investments(budget_id: int) -> QuerySet[Investment]:
    return Investment.objects.filter(budget=budget_id).select_related("asset_class")
