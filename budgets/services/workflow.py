"""Taking the steps of a sub-budget. Each is one transaction that locks, checks, changes the status and writes the step.

Locks are taken in the order that `budgets.services.editing` states. So no line changes between the check and the step, and
an edit that waited finds the new status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from budgets.models import Action, Budget, CostLine, Look, RollUpState, SubBudget, WorkflowStep
from budgets.models.workflow import LONGEST_COMMENT, NEED_COMMENT
from budgets.selectors.workflow import (
    TRANSITIONS,
    can_read_steps,
    is_own_step,
    list_holders,
    may_take,
)
from budgets.services.mail import tell_step
from budgets.services.shown import require_shown
from budgets.words import say_next
from objects.models.roles import Role
from records.changes import events_of, find_newest_number
from records.reasons import Reason
from records.services import change
from web.faults import retried
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User


class RefusedError(Exception):
    """The step can't be taken; the message says why, and who can do what next."""


class NotYourStepError(RefusedError):
    """The step is somebody else's."""


class CommentNeededError(RefusedError):
    """The step needs a word to those whose work it undoes."""


@retried
def take_step(sub_budget: SubBudget, action: Action, *, by: User, comment: str = "", shown: str = "") -> WorkflowStep:
    """Take a sub-budget a step on, and tell those it is for; the economist does it on behalf of those whose step it is.

    `shown` is the mark of the page that the step is taken on. Raise NotYourStepError, CommentNeededError, RefusedError
    when the step can't be taken from the status it has now, or ChangedError when it goes on with what was not shown.
    """
    check_whose_step(sub_budget, action, by=by)
    check_comment(action, comment)
    with change(by=by.email, reason=Reason(f"{action}_sub_budget")):
        (held,) = hold_sub_budgets(SubBudget.objects.filter(pk=sub_budget.pk))
        _check_possible(held, action)
        if TRANSITIONS[action].is_main:
            require_shown(held, shown)
        target = TRANSITIONS[action].target or find_status_before_lock(held)
        step = move(held, action, target, by=by, comment=comment, on_behalf=not is_own_step(by, held, action))
        tell_step(held, step)
    sub_budget.status = held.status
    return step


def check_whose_step(sub_budget: SubBudget, action: Action, *, by: User) -> None:
    """Raise NotYourStepError, which says whose step it is, unless it is `by`'s or `by` is the economist."""
    if not may_take(by, sub_budget, action):
        raise NotYourStepError(_say_not_yours(sub_budget, action))


def check_comment(action: Action, comment: str) -> None:
    """Raise CommentNeededError when the step needs a comment and has none, or when it is too long."""
    if action in NEED_COMMENT and not comment.strip():
        raise CommentNeededError(_("Write why, so that those who continue know what to do."))
    if len(comment) > LONGEST_COMMENT:
        raise CommentNeededError(_("Write at most %(limit)s characters.") % {"limit": LONGEST_COMMENT})


def hold_sub_budgets(rows: QuerySet[SubBudget]) -> list[SubBudget]:
    """Lock sub-budgets of one budget, and the budget, against edits and other steps; return them as they are now."""
    states = RollUpState.objects.select_for_update(of=("self",)).filter(sub_budget__in=rows)
    list(states.order_by("sub_budget"))
    held = list(rows.select_for_update(of=("self",)).select_related("governance_object").order_by("pk"))
    for budget in Budget.objects.select_for_update().filter(pk__in={row.budget_id for row in held}):
        for row in held:
            row.budget = budget
    return held


def move(
    held: SubBudget, action: Action, target: str, *, by: User, comment: str = "", on_behalf: bool = False
) -> WorkflowStep:
    """Write a held sub-budget's new status and the step to it; who takes a step has read what it was taken on."""
    mark = find_newest_event()
    step = WorkflowStep.objects.create(
        budget=held.budget,
        sub_budget=held,
        action=action,
        from_state=held.status,
        to_state=target,
        by=by,
        on_behalf=on_behalf,
        comment=comment.strip(),
        event_mark=mark,
    )
    held.status = target
    held.save(update_fields=["status"])
    _look(held, by, mark)
    return step


def find_newest_event() -> int:
    """Return the number of the newest event of a line.

    While a sub-budget is held, none of its own can come before it.
    """
    events = events_of(CostLine)
    return find_newest_number(events)


def find_status_before_lock(held: SubBudget) -> str:
    """Return what the sub-budget was when it was locked: one that was compiled unfinished goes back to being that."""
    lock = WorkflowStep.objects.filter(sub_budget=held, to_state=SubBudget.Status.LOCKED).last()
    return lock.from_state if lock else SubBudget.Status.APPROVED


@retried
def mark_as_read(sub_budget: SubBudget, *, by: User, mark: int | None = None) -> None:
    """Note that the user has read all changes up to the event `mark`; without it all there are now. Never goes back."""
    if not can_read_steps(by):
        raise NotYourStepError(_("Changes made before the budget is adopted can be read only inside the federation."))
    with change(by=by.email, reason=Reason.MARK_AS_READ):
        list(RollUpState.objects.select_for_update().filter(sub_budget=sub_budget))
        newest = find_newest_event()
        _look(sub_budget, by, newest if mark is None else min(mark, newest))


def _look(sub_budget: SubBudget, user: User, mark: int) -> None:
    look, is_new = Look.objects.select_for_update().get_or_create(
        user=user, sub_budget=sub_budget, defaults={"event_mark": mark}
    )
    if not is_new:
        look.event_mark = max(mark, look.event_mark)
        look.save()


def _check_possible(held: SubBudget, action: Action) -> None:
    is_draft = held.budget.status == Budget.Status.DRAFT
    if is_draft and held.status in TRANSITIONS[action].sources:
        return
    if not is_draft:
        raise RefusedError(say_next(held))
    now = _("%(name)s is now %(status)s.") % {"name": name_of(held), "status": held.get_status_display()}
    raise RefusedError(f"{now} {say_next(held)}")


def _say_not_yours(sub_budget: SubBudget, action: Action) -> str:
    """Say whose step it is, by name where there is one."""
    roles = TRANSITIONS[action].roles
    if sub_budget.is_base_grant or not roles:
        return _("Only the economist can take this step. Ask the economist.")
    names = ", ".join(list_holders(sub_budget, roles))
    if roles == frozenset({Role.STEERING_GROUP}):
        said = _("This step is taken by the object's steering group.")
    else:
        said = _("This step is taken by the object's owner or manager.")
    asked = _("Ask %(names)s, or the economist.") % {"names": names} if names else _("Ask the economist.")
    return f"{said} {asked}"
