"""Governance objects in budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgets.models import Budget
from objects.models import GovernanceObject

if TYPE_CHECKING:
    from accounts.models import User


def list_lacking(user: User, row: GovernanceObject) -> list[Budget]:
    """Return the open drafts that have no sub-budget for an object that is to have one."""
    if not row.has_own_budget:
        return []
    drafts = Budget.objects.visible_to(user).filter(status=Budget.Status.DRAFT, phase=Budget.Phase.OPEN)
    return list(drafts.exclude(sub_budgets__governance_object=row).order_by("fiscal_year", "pk"))
