"""Who may take which step, what happens next, and what has happened. The table of steps is the whole rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from budgets.models import Action, Budget, Look, SubBudget, WorkflowStep
from budgets.selectors.sub_budgets import list_sub_budgets
from engine.alphabet import swedish_key
from objects.models import RoleAssignment
from objects.models.roles import EDITORS, FEDERATION_ROLES, REVIEWERS, Role, objects_of, roles_of
from objects.selectors.reader import compiled_for_reader
from web.compiled import compiled

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

Status = SubBudget.Status


@dataclass(frozen=True)
class Transition:
    """A step: from which statuses, to which (None is the one before it was locked), and whose it is.

    The economist may take every step, on behalf of those whose it is; where `roles` is empty it is the economist's own.
    """

    sources: frozenset[str]
    target: str | None
    roles: frozenset[Role]
    is_main: bool = False


TRANSITIONS: dict[Action, Transition] = {
    Action.SUBMIT: Transition(frozenset({Status.DRAFT}), Status.SUBMITTED, EDITORS, is_main=True),
    Action.WITHDRAW: Transition(frozenset({Status.SUBMITTED}), Status.DRAFT, EDITORS),
    Action.APPROVE: Transition(
        frozenset({Status.SUBMITTED}),
        Status.APPROVED,
        REVIEWERS,
        is_main=True,
    ),
    Action.RETURN: Transition(
        frozenset({Status.SUBMITTED, Status.APPROVED}),
        Status.DRAFT,
        REVIEWERS,
    ),
    Action.LOCK: Transition(frozenset({Status.APPROVED}), Status.LOCKED, frozenset(), is_main=True),
    Action.UNLOCK: Transition(frozenset({Status.LOCKED}), None, frozenset()),
}


def may_take(user: User, sub_budget: SubBudget, action: Action) -> bool:
    """Return whether the step is the user's to take, whatever the status is now."""
    return Role.ECONOMIST in roles_of(user) or is_own_step(user, sub_budget, action)


def is_own_step(user: User, sub_budget: SubBudget, action: Action) -> bool:
    """Return whether the step belongs to a role that the user holds, so that it is not taken on behalf of others."""
    roles = TRANSITIONS[action].roles
    if sub_budget.is_base_grant or not roles:
        return Role.ECONOMIST in roles_of(user)
    return sub_budget.governance_object_id in objects_of(user, roles)


def list_actions(user: User, sub_budget: SubBudget) -> list[Action]:
    """Return the steps that the user may take now, the main one first."""
    if sub_budget.budget.status != Budget.Status.DRAFT:
        return []
    possible = [action for action, step in TRANSITIONS.items() if sub_budget.status in step.sources]
    return [action for action in possible if may_take(user, sub_budget, action)]


def list_own_tasks(user: User, budget: Budget | int) -> QuerySet[SubBudget]:
    """Return the sub-budgets of a draft, or of that with a key, in which a main step waits for the user's own role."""
    own = Q(pk__in=[])
    for step in (step for step in TRANSITIONS.values() if step.is_main):
        here = Q(status__in=step.sources)
        if kept := objects_of(user, step.roles):
            own |= here & Q(governance_object__in=kept)
        if Role.ECONOMIST in roles_of(user):
            own |= here & Q(governance_object=None) if step.roles else here
    return SubBudget.objects.filter(own, budget=budget, budget__status=Budget.Status.DRAFT)


def find_own_task(user: User, sub_budget: SubBudget) -> Action | None:
    """Return the main step that waits for the user's own role; None when somebody else's is next."""
    own = [action for action in list_actions(user, sub_budget) if is_own_step(user, sub_budget, action)]
    return next((action for action in own if TRANSITIONS[action].is_main), None)


def can_read_steps(user: User) -> bool:
    """Return whether steps, comments and changes on the way are for this user: for everybody inside the federation."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def may_run_budget(user: User) -> bool:
    """Return whether the user compiles, proposes and adopts budgets."""
    return Role.ECONOMIST in roles_of(user)


# What happens next

WAITS_FOR = {Status.DRAFT: EDITORS, Status.SUBMITTED: REVIEWERS}


def who_is_next(sub_budget: SubBudget) -> frozenset[Role]:
    """Return the roles whose step the sub-budget waits for."""
    return frozenset() if sub_budget.is_base_grant else WAITS_FOR.get(Status(sub_budget.status), frozenset())


def list_holders(sub_budget: SubBudget, roles: frozenset[Role]) -> list[str]:
    """Return the names of those who hold one of the roles for the sub-budget's object."""
    thing = sub_budget.governance_object_id
    return sorted(set(_list_names(thing, roles)), key=swedish_key) if roles and thing is not None else []


@compiled
def _list_names(governance_object_id: int, roles: frozenset[Role]) -> QuerySet[RoleAssignment, str]:
    held = RoleAssignment.objects.filter(
        governance_object=governance_object_id, role__in=sorted(roles), user__is_active=True
    )
    return held.values_list("user__name", flat=True)


# What has happened


def list_steps(sub_budget: SubBudget, user: User) -> list[WorkflowStep]:
    """Return the sub-budget's steps, oldest first."""
    return _read_steps(user, sub_budget.pk)


@compiled_for_reader
def _read_steps(user: User, sub_budget_id: int) -> QuerySet[WorkflowStep]:
    return WorkflowStep.objects.visible_to(user).filter(sub_budget=sub_budget_id).select_related("by")


def list_budget_steps(budget: Budget, user: User) -> list[WorkflowStep]:
    """Return the steps of the budget as a whole, oldest first."""
    return list(WorkflowStep.objects.visible_to(user).filter(budget=budget, sub_budget=None).select_related("by"))


def find_return(steps: list[WorkflowStep]) -> WorkflowStep | None:
    """Find the return that the owner has yet to answer: the last step, if it is one."""
    return steps[-1] if steps and steps[-1].action == Action.RETURN else None


@dataclass(frozen=True)
class Marks:
    """The numbers of the events between which reviewers changed lines; `until` is None while they still may."""

    after: int
    until: int | None


def find_review(sub_budget: SubBudget, steps: Iterable[WorkflowStep]) -> Marks | None:
    """Return the latest submission, up to when it went back to draft.

    None when there is none, or when all is locked.
    """
    after: int | None = None
    until: int | None = None
    for step in steps:
        if step.action == Action.SUBMIT:
            after, until = step.event_mark, None
        elif step.to_state == Status.DRAFT and until is None:
            until = step.event_mark
    if after is None or sub_budget.status == Status.LOCKED:
        return None
    return Marks(after, until)


BEGINNING = None


def find_turn(steps: Sequence[WorkflowStep]) -> WorkflowStep | None:
    """Find since which step changes are new to who never marked any as read, of a sub-budget with steps.

    Back in draft, it is the step back. Submitted or further on, what a reviewer wants to see is all that became of it
    since the submission before the latest; where it is the first, since its BEGINNING.
    """
    if steps[-1].to_state == Status.DRAFT:
        return steps[-1]
    submissions = [step for step in steps if step.action == Action.SUBMIT]
    return submissions[-2] if len(submissions) > 1 else BEGINNING


def find_look(sub_budget: SubBudget, user: User) -> Look | None:
    """Return how far the user has read; None when nothing was ever marked as read."""
    return next(iter(_list_looks(user.pk, sub_budget.pk)), None)


@compiled
def _list_looks(user_id: int, sub_budget_id: int) -> QuerySet[Look]:
    return Look.objects.filter(user=user_id, sub_budget=sub_budget_id)


def list_way(budget: Budget, user: User) -> list[SubBudget]:
    """Return the budget's sub-budgets with how far they have come, for the one who compiles it."""
    return _list_way(user, budget.pk)


@compiled_for_reader
def _list_way(user: User, budget_id: int) -> QuerySet[SubBudget]:
    return list_sub_budgets(budget_id, user)
