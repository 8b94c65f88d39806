"""What a proposed budget no longer follows: it keeps what it was calculated by, and changes of that are told as a state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from budgets.models import Action, Budget, ChosenRate, PlanningRate, WorkflowStep
from pricing.selectors.behind import is_calculation_behind
from records.changes import events_of


@dataclass(frozen=True)
class Left:
    """What has changed since a budget was proposed: rates that it would use by now, and posts, pools or an index."""

    rates: list[PlanningRate] = field(default_factory=list)
    has_other: bool = False

    def __bool__(self) -> bool:
        return bool(self.rates or self.has_other)


def find_left(budget: Budget) -> Left:
    """Return what a proposed draft no longer follows; nothing of other budgets. Nothing is written."""
    if budget.status != Budget.Status.DRAFT or budget.phase != Budget.Phase.PROPOSED:
        return Left()
    return Left(_list_newer_rates(budget), is_calculation_behind(budget))


def _list_newer_rates(budget: Budget) -> list[PlanningRate]:
    """Return the rates that were added or changed since and say something else for the budget's years than those it has."""
    proposed = (
        WorkflowStep.objects.filter(budget=budget, sub_budget=None, action=Action.PROPOSE).order_by("-pk").first()
    )
    if proposed is None:
        return []
    since = events_of(PlanningRate).filter(pgh_created_at__gt=proposed.at).exclude(pgh_label="delete")
    rows = PlanningRate.objects.filter(
        pk__in=since.values("pgh_obj_id"), valid_from_on__lte=date(budget.years[-1], 12, 31)
    )
    chosen = [row.rate for row in ChosenRate.objects.filter(budget=budget).select_related("rate")]
    return [
        rate for rate in rows.order_by("kind", "age_class", "valid_from_on", "pk") if _differs(rate, chosen, budget)
    ]


def _differs(rate: PlanningRate, chosen: Iterable[PlanningRate], budget: Budget) -> bool:
    """Return whether a rate is in force in the budget's years and says otherwise than the chosen one of that day."""
    same = [row for row in chosen if (row.kind, row.age_class) == (rate.kind, rate.age_class)]
    if rate in same:
        return False
    begins = max(rate.valid_from_on, date(budget.fiscal_year, 1, 1))
    before = [row for row in same if row.valid_from_on <= begins]
    held = max(before, key=lambda row: row.valid_from_on, default=None)
    if held is None:
        return True
    is_over = held.valid_from_on > rate.valid_from_on
    return not is_over and (rate.value, rate.ceiling_ore) != (held.value, held.ceiling_ore)
