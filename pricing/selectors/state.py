"""How far a budget's calculation is, and what it could not do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from budgets.models import Budget
from pricing.models import CalculationState
from web.compiled import compiled


@dataclass(frozen=True)
class Calculation:
    """When a budget was calculated, whether changes wait, and the problems that keep it from being calculated.

    `follows` is whether calculated lines follow what they are made of: until the budget is proposed.
    """

    at: datetime | None
    count: int
    is_behind: bool
    has_failed: bool
    problems: list[dict[str, object]]
    follows: bool

    @property
    def is_left_behind(self) -> bool:
        """Whether something was changed that the budget no longer follows."""
        return self.is_behind and not self.follows


def load_calculation(budget: Budget) -> Calculation:
    """Load a budget's state."""
    follows = budget.status == Budget.Status.DRAFT and budget.phase != Budget.Phase.PROPOSED
    state = next(iter(_find_state(budget.pk)), None)
    if state is None:
        return Calculation(None, 0, is_behind=False, has_failed=False, problems=[], follows=follows)
    is_behind = state.changed != state.calculated
    return Calculation(
        at=state.calculated_at,
        count=state.calculated,
        is_behind=is_behind,
        has_failed=is_behind and state.failed_at is not None,
        problems=list(state.problems),
        follows=follows,
    )


@compiled
def _find_state(budget_id: int) -> QuerySet[CalculationState]:
    rows: QuerySet[CalculationState] = CalculationState.objects.filter(pk=budget_id)
    return rows
