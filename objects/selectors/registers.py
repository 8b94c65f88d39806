"""Who keeps what the budgets are made of: products, keys, customers, objects, asset classes and published figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from objects.models.roles import Role, roles_of

if TYPE_CHECKING:
    from accounts.models import User

KEEPERS = frozenset({Role.ECONOMIST, Role.ADMINISTRATOR})


def can_keep(user: User) -> bool:
    """Say whether the user keeps the registers; all others read them."""
    return bool(roles_of(user) & KEEPERS)
