"""Who reads and who changes what a budget's cost is calculated of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgets.models import Budget
from budgets.selectors.sub_budgets import is_economist
from objects.models.roles import FEDERATION_ROLES, roles_of

if TYPE_CHECKING:
    from accounts.models import User


def can_read_pools(user: User) -> bool:
    """Say whether the user reads pools and the personnel table: everybody inside the federation."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def can_edit_pools(user: User, budget: Budget) -> bool:
    """Say whether the user may change pools, weights, posts and moved cost: the economist, until the budget is proposed."""
    is_open = budget.status == Budget.Status.DRAFT and budget.phase != Budget.Phase.PROPOSED
    return is_open and is_economist(user)
