"""The two sides of a comparison: a budget as it is, or as it was when something was done with it.

A moment is named by what was done. The trick: it is a number for each sub-budget, of the newest event that counts, so each
is as it was when it was submitted, whenever that was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgets.models import Action, Budget, SubBudget, WorkflowStep
from budgets.selectors.budgets import find_earlier, list_budgets
from budgets.selectors.changes import load_beginnings
from budgets.selectors.workflow import can_read_steps, list_budget_steps
from history.differences import LineThen, load_lines, load_lines_marked

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

NOW, BEGUN = "", "begun"
# Steps that each sub-budget takes at a time of its own.
OF_EACH = (Action.SUBMIT, Action.APPROVE)


@dataclass(frozen=True)
class Moment:
    """A time of a budget: `key` names it in addresses, `action` is what was done then, None at its beginning or now."""

    budget: Budget
    key: str = NOW
    action: Action | None = None
    at: datetime | None = None
    marks: Mapping[str, int] | None = None

    @property
    def value(self) -> str:
        """What names it among those of all budgets."""
        return f"{self.budget.slug}@{self.key}" if self.key else str(self.budget.slug)

    @property
    def is_of_each(self) -> bool:
        """Whether it is another time for each sub-budget."""
        return self.action in OF_EACH

    def load_lines(self) -> list[LineThen]:
        """Return the budget's lines as they were then."""
        return load_lines(self.budget) if self.marks is None else load_lines_marked(self.budget, self.marks)


def list_comparable(user: User) -> list[Budget]:
    """Return the budgets whose lines the user may see, newest year first."""
    return list(list_budgets(user).exclude(status=Budget.Status.PUBLISHED_FIGURES))


def list_moments(budget: Budget, user: User) -> list[Moment]:
    """Return the times of a budget by what was done, the newest first; its past is for those inside only."""
    if not can_read_steps(user):
        return [Moment(budget)]
    homes = list(SubBudget.objects.filter(budget=budget))
    whole = [_as_moment(step, homes) for step in reversed(list_budget_steps(budget, user)) if step.event_mark]
    beginnings = load_beginnings(homes)
    begun = {home.slug: beginnings[home.pk].event_mark for home in homes if home.pk in beginnings}
    of_each = [moment for action in reversed(OF_EACH) if (moment := _find_each(budget, homes, action, begun))]
    return [Moment(budget), *whole, *of_each, Moment(budget, BEGUN, marks=begun)]


def _as_moment(step: WorkflowStep, homes: Iterable[SubBudget]) -> Moment:
    marks = {home.slug: step.event_mark for home in homes}
    return Moment(step.budget, str(step.uuid), Action(step.action), step.at, marks)


def _find_each(budget: Budget, homes: list[SubBudget], action: Action, begun: Mapping[str, int]) -> Moment | None:
    """Return the time when each sub-budget last took a step; those that never did are as they began."""
    taken = WorkflowStep.objects.filter(budget=budget, action=action).exclude(sub_budget=None).order_by("pk")
    marks = dict(taken.values_list("sub_budget__slug", "event_mark"))
    return Moment(budget, action.value, action, marks={**begun, **marks}) if marks else None


def find_default_sides(budget: Budget, user: User) -> tuple[str, str]:
    """Return what is compared when nobody has chosen: the budget's usual base, else its beginning, and the budget."""
    base = find_earlier(budget)
    seen = {row.slug for row in list_comparable(user)}
    if base is not None and base.slug in seen:
        return Moment(base).value, Moment(budget).value
    return Moment(budget, BEGUN).value, Moment(budget).value
