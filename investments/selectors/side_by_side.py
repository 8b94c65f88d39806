"""Budget, revised, ordered and paid side by side, by asset class, in a budget's first year; and how far purchases have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from budgets.models import Budget
from budgets.selectors.sub_budgets import is_economist
from investments.models import AssetClass, Investment, PurchaseState
from investments.selectors.purchases import list_investments

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class SideBySide:
    """A class in the first year, öre: as first decided, as revised, ordered and paid; None is not known."""

    asset_class: AssetClass
    original: int | None
    revised: int | None
    ordered: int
    paid: int

    @property
    def left(self) -> int | None:
        """What is not paid yet of the newest budget."""
        newest = self.original if self.revised is None else self.revised
        return None if newest is None else newest - self.paid


def load_states(rows: Sequence[Investment]) -> dict[UUID, PurchaseState]:
    """Return how far the purchases of an investment budget have come, by their lineage."""
    lineages = [item.lineage for row in rows for item in row.items.all()]
    return {state.item_lineage: state for state in PurchaseState.objects.filter(item_lineage__in=lineages)}


def load_side_by_side(
    budget: Budget, rows: Sequence[Investment], states: dict[UUID, PurchaseState]
) -> list[SideBySide]:
    """Return the classes of the budget's first year, with what its revision or the one it revises says."""
    revised = budget if budget.replaces_id else None
    first = _find_original(budget)
    original = {row.asset_class_id: row.amounts[0] for row in (rows if first == budget else list_investments(first))}
    found = []
    for row in rows:
        own = [
            states[item.lineage] for item in row.items.all() if item.year == budget.years[0] and item.lineage in states
        ]
        found.append(
            SideBySide(
                row.asset_class,
                original.get(row.asset_class_id),
                row.amounts[0] if revised is not None else None,
                sum(state.ordered_ore or 0 for state in own),
                sum(state.paid_ore or 0 for state in own),
            )
        )
    return found


def _find_original(budget: Budget) -> Budget:
    """Return the budget of the same year that a revision begins from."""
    while budget.replaces is not None:
        budget = budget.replaces
    return budget


def can_follow(user: User) -> bool:
    """Say whether the user notes how far purchases have come: the economist, also once the budget is adopted."""
    return is_economist(user)


def find_state(lineage: UUID) -> PurchaseState | None:
    """Return how far a purchase has come; None where nobody has said it."""
    found: PurchaseState | None = PurchaseState.objects.filter(item_lineage=lineage).first()
    return found
