"""The workflow bar of a sub-budget's page: where it stands, what comes next, and what has happened on its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from budgets.models import Action, Budget, Look, SubBudget, WorkflowStep
from budgets.selectors.changes import Beginning, Changes, load_beginnings, load_changes, load_changes_of
from budgets.selectors.workflow import (
    Status,
    can_read_steps,
    find_look,
    find_return,
    find_review,
    find_turn,
    list_actions,
    list_holders,
    who_is_next,
)

if TYPE_CHECKING:
    from accounts.models import User

NOTHING = Changes([], 0)


@dataclass(frozen=True)
class Stage:
    """A status on the way: passed, current or to come."""

    status: str
    label: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class Bar:
    """Everything the bar shows. What is written on the way is empty for those outside the federation.

    `is_prepared` is whether the reader can send it on, and wants to know what to look at first.
    """

    stages: list[Stage]
    holders: list[str]
    actions: list[Action]
    returned: WorkflowStep | None = None
    is_prepared: bool = False
    corrections: Changes = NOTHING
    news: Changes = NOTHING
    look: Look | None = None
    steps: list[WorkflowStep] = field(default_factory=list)
    can_read: bool = False
    turn: WorkflowStep | Beginning | None = None


def load_bar(sub_budget: SubBudget, user: User, taken: list[WorkflowStep], corrections: Changes) -> Bar:
    """Return the bar of a sub-budget for a reader.

    The number of queries does not depend on what has changed.
    """
    actions = list_actions(user, sub_budget)
    if not can_read_steps(user):
        return Bar(list_stages(sub_budget), [], actions)
    look = find_look(sub_budget, user)
    turn = None if look or not taken else find_turn(taken) or load_beginnings([sub_budget]).get(sub_budget.pk)
    since = look or turn
    is_open = sub_budget.budget.status == Budget.Status.DRAFT
    is_prepared = bool(actions) and sub_budget.status in (Status.DRAFT, Status.SUBMITTED)
    return Bar(
        list_stages(sub_budget),
        list_holders(sub_budget, who_is_next(sub_budget)) if is_open else [],
        actions,
        find_return(taken) if is_open else None,
        is_prepared,
        corrections,
        load_changes(sub_budget, after=since.event_mark, reader=user.email) if since else NOTHING,
        look,
        taken,
        can_read=True,
        turn=turn,
    )


def load_news(sub_budgets: list[SubBudget], user: User) -> dict[int, Changes]:
    """Return what others have changed in each sub-budget since the user's last time.

    The number of queries does not depend on theirs.
    """
    if not sub_budgets or not can_read_steps(user):
        return {}
    looks = {look.sub_budget_id: look for look in Look.objects.filter(user=user, sub_budget__in=sub_budgets)}
    taken: dict[int | None, list[WorkflowStep]] = {}
    for step in WorkflowStep.objects.visible_to(user).filter(sub_budget__in=sub_budgets):
        taken.setdefault(step.sub_budget_id, []).append(step)
    since = {row: looks.get(row.pk) or find_turn(taken[row.pk]) for row in sub_budgets if row.pk in {*looks, *taken}}
    beginnings = load_beginnings(sub_budgets)
    marks = {
        row: (mark or beginnings[row.pk]).event_mark for row, mark in since.items() if mark or row.pk in beginnings
    }
    return load_changes_of(marks, reader=user.email)


def load_corrections(sub_budget: SubBudget, steps: list[WorkflowStep]) -> Changes:
    """Return what reviewers have changed in the latest submission; stays until the next one, or until all is locked."""
    is_open = sub_budget.budget.status == Budget.Status.DRAFT
    review = find_review(sub_budget, steps) if is_open else None
    return load_changes(sub_budget, after=review.after, until=review.until) if review else NOTHING


def list_stages(sub_budget: SubBudget) -> list[Stage]:
    """Return the four statuses, with the one it has."""
    place = Status.values.index(sub_budget.status)
    return [
        Stage(value, str(label), index < place, index == place) for index, (value, label) in enumerate(Status.choices)
    ]
