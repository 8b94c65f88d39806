"""Governance objects in budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgets.models import Budget, SubBudget
from objects.models import GovernanceObject

if TYPE_CHECKING:
    from accounts.models import User


def list_lacking(user: User, row: GovernanceObject) -> list[Budget]:
    """Return the open drafts that have no sub-budget for an object that is to have one."""
    if not row.has_own_budget:
        return []
    drafts = Budget.objects.visible_to(user).filter(status=Budget.Status.DRAFT, phase=Budget.Phase.OPEN)
    return list(drafts.exclude(sub_budgets__governance_object=row).order_by("fiscal_year", "pk"))


def list_with_empty(user: User, row: GovernanceObject) -> list[Budget]:
    """Return the open drafts in which an object has a sub-budget without products."""
    drafts = Budget.objects.visible_to(user).filter(status=Budget.Status.DRAFT, phase=Budget.Phase.OPEN)
    empty = SubBudget.objects.filter(governance_object=row, budget_products=None)
    return list(drafts.filter(pk__in=empty.values("budget")).order_by("fiscal_year", "pk"))
