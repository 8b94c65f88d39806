"""What the page on why reads beside the causes: what the printed figures of the year before tell, and what a council decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgets.models import Budget, SubBudget
from budgets.selectors.sub_budgets import list_sub_budgets
from forecasts.selectors import FrameworkState, list_framework_states
from objects.models import Customer
from pricing.models import MovedCost
from pricing.selectors.moved import BridgeRow, list_moved, load_bridge

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class PlaceWhy:
    """A sub-budget's way from the printed figures: its step, what moved there or away, and what its object writes."""

    row: BridgeRow
    moves: list[MovedCost]
    changes: str
    reason: str = ""

    @property
    def change(self) -> int:
        """By how much it differs, öre."""
        return self.row.step.after - self.row.step.before


def load_places(budget: Budget, earlier: Budget, user: User) -> list[PlaceWhy]:
    """Return each sub-budget's change since printed figures, the largest first; why, as far as somebody recorded it.

    Nothing where the year before has more than printed figures.
    """
    if earlier.status != Budget.Status.PUBLISHED_FIGURES:
        return []
    moves: dict[str, list[MovedCost]] = defaultdict(list)
    for move in list_moved(budget, user):
        ends = {move.from_product.sub_budget.slug, move.to_product.sub_budget.slug}
        for slug in ends if len(ends) > 1 else ():
            moves[slug].append(move)
    homes: dict[str, SubBudget] = {row.slug: row for row in list_sub_budgets(budget, user)}
    rows = [
        PlaceWhy(
            row,
            moves[row.slug],
            homes[row.slug].changes_sv if row.slug in homes else "",
            budget.result_reason if row.slug in homes and homes[row.slug].is_base_grant else "",
        )
        for row in load_bridge(budget, earlier, user)
    ]
    return sorted(rows, key=lambda place: -abs(place.change))


def list_awaited(customer: Customer | None, user: User) -> list[FrameworkState]:
    """Return the frameworks that the customer's own council has not decided on, or without legal force yet.

    Without a customer those that any council is awaited on.
    """
    if customer is not None and customer.kind != Customer.Kind.MEMBER:
        return []
    return [
        state
        for state in list_framework_states(user)
        if any(customer is None or council.municipality.customer_id == customer.pk for council in state.missing)
    ]
