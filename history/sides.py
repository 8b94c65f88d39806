"""The two sides of a comparison: a budget as it is, or as it was when something was done with it.

A moment is named by what was done. The trick: it is a number for each sub-budget, of the newest event that counts, so each
is as it was when it was submitted, whenever that was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from budgets.models import Action, Budget, SubBudget, WorkflowStep
from budgets.selectors.budgets import find_earlier, read_budgets
from budgets.selectors.changes import Beginning, load_beginnings
from budgets.selectors.workflow import can_read_steps
from history.differences import LineThen, load_lines, load_lines_at, load_lines_marked

if TYPE_CHECKING:
    from accounts.models import User

NOW, BEGUN = "", "begun"
# Steps that each sub-budget takes at a time of its own.
OF_EACH = (Action.SUBMIT, Action.APPROVE)


@dataclass(frozen=True)
class Moment:
    """A time of a budget: `key` names it in addresses, `action` is what was done then, None at its beginning or now.

    One that is chosen by the clock has `at` alone.
    """

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
    def is_by_clock(self) -> bool:
        """Whether it is no step but a day and time."""
        return self.at is not None and self.action is None

    @property
    def is_of_each(self) -> bool:
        """Whether it is another time for each sub-budget."""
        return self.action in OF_EACH

    def load_lines(self) -> list[LineThen]:
        """Return the budget's lines as they were then."""
        if self.marks is not None:
            return load_lines_marked(self.budget, self.marks)
        return load_lines(self.budget) if self.at is None else load_lines_at(self.budget, self.at)


def make_moment(chosen: Moment, at: datetime | None) -> Moment:
    """Return the budget that is chosen as it was at a moment; without one what is chosen itself."""
    return Moment(chosen.budget, at.isoformat(), at=at) if at else chosen


def list_comparable(user: User) -> list[Budget]:
    """Return the budgets whose lines the user may see, newest year first."""
    return [row for row in read_budgets(user) if row.status != Budget.Status.PUBLISHED_FIGURES]


def list_moments(budgets: Iterable[Budget], user: User) -> list[list[Moment]]:
    """Return the times of each budget by what was done, the newest first; the past is for those inside only.

    The number of queries does not depend on that of the budgets.
    """
    budgets = list(budgets)
    if not can_read_steps(user):
        return [[Moment(budget)] for budget in budgets]
    homes, steps = list_homes(budgets, user), _list_steps(budgets, user)
    beginnings = load_beginnings(homes)
    return [
        _moments_of(budget, [home for home in homes if home.budget_id == budget.pk], steps, beginnings)
        for budget in budgets
    ]


def list_homes(budgets: Iterable[Budget], user: User) -> list[SubBudget]:
    """Return the sub-budgets of all the budgets, each budget's in their order."""
    rows = SubBudget.objects.visible_to(user).filter(budget__in=list(budgets))
    return list(rows.select_related("governance_object").order_by("budget", "position", "pk"))


def _list_steps(budgets: list[Budget], user: User) -> list[WorkflowStep]:
    """Return the steps of the budgets, and those that each sub-budget takes, oldest first."""
    rows = WorkflowStep.objects.visible_to(user).filter(budget__in=budgets, event_mark__gt=0)
    return list(rows.filter(Q(sub_budget=None) | Q(action__in=OF_EACH)).order_by("pk"))


def _moments_of(
    budget: Budget, homes: list[SubBudget], steps: Iterable[WorkflowStep], beginnings: Mapping[int, Beginning]
) -> list[Moment]:
    own = [step for step in steps if step.budget_id == budget.pk]
    begun = {home.slug: beginnings[home.pk].event_mark for home in homes if home.pk in beginnings}
    whole = [
        Moment(budget, str(step.uuid), Action(step.action), step.at, {home.slug: step.event_mark for home in homes})
        for step in reversed(own)
        if step.sub_budget_id is None
    ]
    slugs = {home.pk: home.slug for home in homes}
    of_each = []
    for action in reversed(OF_EACH):
        taken = {
            slugs[step.sub_budget_id]: step.event_mark for step in own if step.action == action and step.sub_budget_id
        }
        if taken:
            # Those that never took the step are as they began.
            of_each.append(Moment(budget, action.value, action, marks={**begun, **taken}))
    return [Moment(budget), *whole, *of_each, Moment(budget, BEGUN, marks=begun)]


def find_default_sides(budget: Budget, user: User) -> tuple[str, str]:
    """Return what is compared when nobody has chosen: the budget's usual base, else its beginning, and the budget."""
    base = find_earlier(budget)
    seen = {row.slug for row in list_comparable(user)}
    if base is not None and base.slug in seen:
        return Moment(base).value, Moment(budget).value
    return Moment(budget, BEGUN).value, Moment(budget).value
