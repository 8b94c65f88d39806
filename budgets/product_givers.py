"""Who gives to a budget's products beside their lines: pools and posts, which the app above registers.

What is done with a product is this app's to do; what others give it is theirs to name, and to let follow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budgets.models import BudgetProduct, SubBudget


class ProductGiver:
    """What products are given of one sort."""

    def hold(self, budget_id: int) -> None:
        """Take the lock that comes before those of sub-budgets, and have what follows done after commit."""

    def name_gifts(self, product: BudgetProduct) -> list[str]:
        """Return the names of what gives to a product, each once, as anybody inside the federation may read them."""
        return []

    def check_place(self, product: BudgetProduct, place: SubBudget) -> None:
        """Raise ValidationError, which says why, where a product can't take what it is given along to a sub-budget."""

    def follow(self, product: BudgetProduct, into: BudgetProduct) -> None:
        """Let what gives to a product give to another one instead. Raise ValidationError, which says why not."""


_GIVERS: list[ProductGiver] = []


def register(giver: ProductGiver) -> None:
    """Make a giver known, when its app is ready."""
    _GIVERS.append(giver)


def list_givers() -> list[ProductGiver]:
    """Return all that are known."""
    return list(_GIVERS)


def name_gifts(product: BudgetProduct) -> list[str]:
    """Return the names of all that gives to a product."""
    return [name for giver in _GIVERS for name in giver.name_gifts(product)]
