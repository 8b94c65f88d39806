"""The whole budget's way: open, compiled, proposed to the board; the economist's steps. Adoption is in `adoption`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User as UserModel
from budgets.models import Action, Budget, SubBudget, WorkflowStep
from budgets.selectors.workflow import may_run_budget
from budgets.services.mail import tell_step
from budgets.services.shown import require_shown
from budgets.services.workflow import (
    NotYourStepError,
    RefusedError,
    check_comment,
    find_newest_event,
    find_status_before_lock,
    hold_sub_budgets,
    move,
)
from records.reasons import Reason
from records.services import change
from records.services.stale import digest_of, require_same
from web.faults import retried
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User

Phase = Budget.Phase
FINISHED = frozenset({SubBudget.Status.APPROVED, SubBudget.Status.LOCKED})


class UnfinishedError(RefusedError):
    """Some sub-budgets are not as far as the step needs."""

    def __init__(self, message: str, rows: list[SubBudget]) -> None:
        super().__init__(message)
        self.rows = rows


@retried
def compile_budget(
    budget: Budget, *, by: User, confirmed: Collection[str] = (), comment: str = "", shown: str = ""
) -> None:
    """Lock all sub-budgets together.

    Those not approved must be `confirmed` by slug, else UnfinishedError lists them. ChangedError when the budget is not
    as the page of the mark `shown` showed it.
    """
    check_economist(by)
    check_comment(Action.COMPILE, comment)
    with change(by=by.email, reason=Reason.COMPILE_BUDGET):
        held = _hold(budget)
        _check_phase(budget, Phase.OPEN)
        require_shown(budget, shown)
        missing = [row for row in held if row.status not in FINISHED and row.slug not in confirmed]
        if missing:
            names = ", ".join(name_of(row) for row in missing)
            text = _("Not approved yet: %(names)s. Wait for them, or confirm that they are compiled as they are.")
            raise UnfinishedError(text % {"names": names}, missing)
        for row in held:
            if row.status != SubBudget.Status.LOCKED:
                move(row, Action.LOCK, SubBudget.Status.LOCKED, by=by)
        _enter(budget, Action.COMPILE, Phase.COMPILED, by, comment)


@retried
def propose_budget(budget: Budget, *, by: User, comment: str = "", shown: str = "") -> None:
    """Propose a compiled budget to the board.

    UnfinishedError lists what has been unlocked meanwhile; ChangedError as for `compile_budget`.
    """
    check_economist(by)
    check_comment(Action.PROPOSE, comment)
    with change(by=by.email, reason=Reason.PROPOSE_BUDGET):
        held = _hold(budget)
        _check_phase(budget, Phase.COMPILED)
        require_shown(budget, shown)
        check_all_locked(held)
        _enter(budget, Action.PROPOSE, Phase.PROPOSED, by, comment)


@retried
def reopen_budget(budget: Budget, *, by: User, comment: str) -> None:
    """Open a compiled or proposed budget again: each sub-budget becomes what it was before it was locked."""
    check_economist(by)
    check_comment(Action.REOPEN, comment)
    with change(by=by.email, reason=Reason.REOPEN_BUDGET):
        held = _hold(budget)
        _check_phase(budget, Phase.COMPILED, Phase.PROPOSED)
        for row in held:
            if row.status == SubBudget.Status.LOCKED:
                step = move(row, Action.UNLOCK, find_status_before_lock(row), by=by, comment=comment)
                tell_step(row, step)
        _enter(budget, Action.REOPEN, Phase.OPEN, by, comment)


DEADLINES = ("due_on", "approval_due_on", "jump_percent")


@retried
def set_deadlines(
    budget: Budget,
    *,
    by: User,
    due_on: date | None,
    approval_due_on: date | None,
    jump_percent: Decimal,
    seen: str | None = None,
) -> None:
    """Set when sub-budgets are to be submitted and approved, and which jump asks for a note.

    ValidationError when approval is due before submission, StaleError when they are others by now than those of the
    digest `seen`.
    """
    check_economist(by)
    check_days(due_on, approval_due_on)
    with change(by=by.email, reason=Reason.SET_DEADLINES):
        require_same(budget, DEADLINES, seen)
        held = Budget.objects.get(pk=budget.pk)
        if held.status != Budget.Status.DRAFT:
            raise RefusedError(_say_adopted())
        held.due_on, held.approval_due_on, held.jump_percent = due_on, approval_due_on, jump_percent
        held.save(update_fields=list(DEADLINES))


def check_days(due_on: date | None, approval_due_on: date | None) -> None:
    """Raise ValidationError when approval would be due before submission."""
    if due_on and approval_due_on and approval_due_on < due_on:
        raise ValidationError({"approval_due_on": _("Write a day that is not before the day of submission.")})


OWN_DEADLINES = ("own_due_on", "own_approval_due_on")


@dataclass(frozen=True)
class OwnDays:
    """A sub-budget's own deadlines, None where the budget's count; `seen` is the digest of those that were shown."""

    slug: str
    own_due_on: date | None
    own_approval_due_on: date | None
    seen: str | None = None


class OwnDaysError(ValidationError):
    """A sub-budget's days, by its slug, run backwards or are others by now."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(list(faults.values()))
        self.faults = faults


@retried
def set_own_deadlines(budget: Budget, days: Collection[OwnDays], *, by: User) -> int:
    """Set deadlines of sub-budgets' own; return how many have changed.

    OwnDaysError by slug when approval would be due before submission, or somebody else has set others since they were
    shown; then nothing is saved.
    """
    check_economist(by)
    with change(by=by.email, reason=Reason.SET_DEADLINES):
        if Budget.objects.get(pk=budget.pk).status != Budget.Status.DRAFT:
            raise RefusedError(_say_adopted())
        wanted = {row.slug: row for row in days}
        rows = SubBudget.objects.filter(budget=budget, slug__in=wanted).select_related("budget")
        held = list(rows.select_for_update(of=("self",)).order_by("pk"))
        changed, faults = [], {}
        for row in held:
            asked = wanted[row.slug]
            is_same = (asked.own_due_on, asked.own_approval_due_on) == (row.own_due_on, row.own_approval_due_on)
            if asked.seen not in (None, digest_of(row, OWN_DEADLINES)) and not is_same:
                faults[row.slug] = _("Somebody else has changed these days since you opened the page.")
            row.own_due_on, row.own_approval_due_on = asked.own_due_on, asked.own_approval_due_on
            if row.submit_by and row.approve_by and row.approve_by < row.submit_by:
                said = _("Approved by %(approve)s at the latest is before submitted by %(submit)s. Write a later day.")
                faults[row.slug] = said % {"approve": row.approve_by, "submit": row.submit_by}
            if not is_same:
                changed.append(row)
        if faults:
            raise OwnDaysError(faults)
        for row in changed:
            row.save(update_fields=list(OWN_DEADLINES))
    return len(changed)


def check_economist(by: User) -> None:
    """Raise NotYourStepError unless the user is the economist."""
    if not may_run_budget(by):
        raise NotYourStepError(_("Only the economist can take this step. Ask the economist."))


def check_all_locked(rows: list[SubBudget]) -> None:
    """Raise UnfinishedError, which names them, when some sub-budgets are not locked."""
    missing = [row for row in rows if row.status != SubBudget.Status.LOCKED]
    if missing:
        names = ", ".join(name_of(row) for row in missing)
        raise UnfinishedError(_("Not locked: %(names)s. Lock them first.") % {"names": names}, missing)


def write_budget_step(budget: Budget, action: Action, to_state: str, *, by: User | None, comment: str = "") -> None:
    """Note a step of the whole budget, from what it is now."""
    WorkflowStep.objects.create(
        budget=budget,
        action=action,
        from_state=budget.phase,
        to_state=to_state,
        by=by,
        comment=comment.strip(),
        event_mark=find_newest_event(),
    )


def find_person(address: str) -> User | None:
    """Return the user with this address; None for a command."""
    user: User | None = UserModel.objects.filter(email=address).first()
    return user


def _hold(budget: Budget) -> list[SubBudget]:
    """Lock the budget with all its sub-budgets, and bring `budget` up to date."""
    held = hold_sub_budgets(SubBudget.objects.filter(budget=budget))
    if not held:
        raise RefusedError(_("The budget has no sub-budgets yet, so there is nothing to compile."))
    budget.refresh_from_db()
    return held


def _check_phase(budget: Budget, *allowed: str) -> None:
    if budget.status != Budget.Status.DRAFT:
        raise RefusedError(_say_adopted())
    if budget.phase not in allowed:
        text = _("%(budget)s is now %(stage)s. Its workflow shows what can be done next.")
        raise RefusedError(text % {"budget": budget.name, "stage": budget.stage})


def _say_adopted() -> str:
    return _("The budget is adopted, so nothing in it changes. The economist can make a revised budget.")


def _enter(budget: Budget, action: Action, phase: str, by: User, comment: str) -> None:
    write_budget_step(budget, action, phase, by=by, comment=comment)
    budget.phase = phase
    budget.save(update_fields=["phase"])
