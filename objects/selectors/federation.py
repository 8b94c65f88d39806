"""The federation's own row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from objects.models import Federation

if TYPE_CHECKING:
    from accounts.models import User


def find_federation(user: User) -> Federation | None:
    """Return it, once it is entered and if the user may see it."""
    return Federation.objects.visible_to(user).first()
