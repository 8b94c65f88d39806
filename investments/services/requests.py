"""Supplementary requests on their way: written, submitted, answered by a decision, each step with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import CostLine
from budgets.selectors.sub_budgets import is_economist
from engine.money import MAX_ORE
from engine.years import Amounts
from investments.models import SupplementaryRequest
from investments.models.requests import ASKED, GRANTED
from investments.selectors.requests import (
    can_write,
    is_own,
    list_lines_to_lower,
    list_own_objects,
    list_products,
    list_request_decisions,
)
from objects.models import Decision
from objects.services.registers import hold
from objects.services.rows import save_checked
from records.reasons import Reason
from records.services import change
from records.services.stale import require_fresh
from web.faults import retried
from web.numbers import format_sek

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

State, Financing = SupplementaryRequest.State, SupplementaryRequest.Financing
Faults = list[tuple[str, str]]


def find_request_faults(row: SupplementaryRequest, by: User) -> Faults:
    """Return what can't be with a request as (field, words)."""
    about = _check_about(row, by)
    return [*_check_object(row, by), *about, *_check_amounts(row), *([] if about else _check_financing(row, by))]


def _check_object(row: SupplementaryRequest, by: User) -> Faults:
    if row.governance_object_id is None:
        return [] if is_economist(by) else [("governance_object", _("Choose the object that the money is for."))]
    if not list_own_objects(by).filter(pk=row.governance_object_id).exists():
        return [("governance_object", _("You can ask for your own objects only. Choose one of them."))]
    return []


def _check_about(row: SupplementaryRequest, by: User) -> Faults:
    if (row.asset_class_id is None) == (row.product_id is None):
        said = _("Choose an asset class for something that is bought, or a product for a cost; one of them.")
        return [("product" if row.product_id else "asset_class", said)]
    if row.product_id and not list_products(row.budget, by).filter(product=row.product_id).exists():
        return [("product", _("The budget has no such product of yours. Choose another one."))]
    if row.month is not None and row.product_id:
        return [("month", _("A month is told of what is bought. Leave it empty for a product's cost."))]
    if row.month is not None and not 1 <= row.month <= 12:
        return [("month", _("%(month)s is not a month. Write a number from 1 to 12.") % {"month": row.month})]
    return []


def _check_amounts(row: SupplementaryRequest) -> Faults:
    faults = []
    for name, year in zip(ASKED, row.budget.years, strict=True):
        ore = getattr(row, name) or 0
        if not 0 <= ore <= MAX_ORE:
            said = _("%(amount)s kr can't be asked for in %(year)s. Write an amount of zero or more.")
            faults.append((name, said % {"amount": format_sek(ore), "year": year}))
    if not faults and not any(getattr(row, name) for name in ASKED):
        faults.append((ASKED[0], _("Write how much is asked for in at least one of the years.")))
    return faults


def _check_financing(row: SupplementaryRequest, by: User) -> Faults:
    if row.asset_class_id and row.financing != Financing.LOAN:
        return [("financing", _("What is bought of an asset class is paid by a loan. Choose that."))]
    if row.product_id and row.financing == Financing.LOAN:
        said = _(
            "A loan pays for assets only. Choose who pays a product's cost: the members, equity or the object itself."
        )
        return [("financing", said)]
    if row.financing != Financing.WITHIN_OBJECT:
        return (
            [("taken_from", _("A line is lowered only within the object. Leave it empty."))] if row.taken_from else []
        )
    line = list_lines_to_lower(row.budget, by).filter(lineage=row.taken_from).first() if row.taken_from else None
    if line is None:
        return [("taken_from", _("Choose the line that is lowered by what is asked for."))]
    return _check_lowered(row, line)


def _check_lowered(row: SupplementaryRequest, line: CostLine) -> Faults:
    faults: Faults = []
    if line.budget_product.sub_budget.governance_object_id != row.governance_object_id:
        faults.append(("taken_from", _("The line is another object's. Choose a line of the object that asks.")))
    said = _("“%(line)s” holds %(held)s kr in %(year)s, less than the %(asked)s kr that are asked for.")
    for name, year, held in zip(ASKED, row.budget.years, line.amounts, strict=True):
        asked = getattr(row, name) or 0
        if asked > max(held, 0):
            shown = {"line": line.text, "held": format_sek(held), "year": year, "asked": format_sek(asked)}
            faults.append((name, said % shown))
    return faults


@retried
def save_request(row: SupplementaryRequest, *, by: User, seen: datetime | None = None) -> SupplementaryRequest:
    """Write a request or change a draft. PermissionDenied, ValidationError by field, StaleError."""
    if not row.budget.is_adopted:
        raise ValidationError(_("A draft budget is changed as it is; money is asked for beside an adopted one."))
    reason = Reason.CHANGE_REQUEST if row.pk else Reason.ADD_REQUEST
    with change(by=by.email, reason=reason, row=row.name):
        if row.pk:
            hold(row)
            if not can_write(by, SupplementaryRequest.objects.get(pk=row.pk)):
                raise PermissionDenied
            require_fresh(row, seen)
        else:
            row.asked_by = by
        faults = find_request_faults(row, by)
        if not faults and not can_write(by, row):
            raise PermissionDenied
        save_checked(row, faults)
    return row


@retried
def submit_request(request: SupplementaryRequest, *, by: User) -> None:
    """Submit a draft, held to its rules again. PermissionDenied, ValidationError with words."""
    with change(by=by.email, reason=Reason.SUBMIT_REQUEST, row=request.name):
        held = _hold(request, State.DRAFT)
        if not can_write(by, held):
            raise PermissionDenied
        if faults := find_request_faults(held, by):
            raise ValidationError(faults[0][1])
        held.state, held.submitted_at = State.SUBMITTED, timezone.now()
        held.save()


@retried
def take_back_request(request: SupplementaryRequest, *, by: User) -> None:
    """Make a submitted request a draft again, while it is not answered. PermissionDenied, ValidationError."""
    with change(by=by.email, reason=Reason.TAKE_BACK_REQUEST, row=request.name):
        held = _hold(request, State.SUBMITTED)
        if not is_own(by, held):
            raise PermissionDenied
        held.state, held.submitted_at = State.DRAFT, None
        held.save()


@retried
def remove_request(request: SupplementaryRequest, *, by: User) -> None:
    """Remove a draft; history keeps it. PermissionDenied, ValidationError."""
    with change(by=by.email, reason=Reason.REMOVE_REQUEST, row=request.name):
        held = _hold(request, State.DRAFT)
        if not can_write(by, held):
            raise PermissionDenied
        held.delete()


def find_answer_faults(
    request: SupplementaryRequest, state: str, granted: Amounts, decision: Decision | None, answer: str
) -> Faults:
    """Return what can't be with an answer as (field, words)."""
    faults: Faults = []
    if decision is None or not list_request_decisions().filter(pk=decision.pk).exists():
        faults.append(
            ("decision", _("Choose the decision that answers the request; enter it first where it is missing."))
        )
    if state in (State.PARTLY, State.REFUSED) and not answer.strip():
        faults.append(("answer", _("Write why, so that the one who asked knows.")))
    if state == State.PARTLY:
        faults += _check_granted(request, granted)
    return faults


def _check_granted(request: SupplementaryRequest, granted: Amounts) -> Faults:
    faults: Faults = []
    for name, year, ore, asked in zip(GRANTED, request.budget.years, granted, request.amounts, strict=True):
        if not 0 <= ore <= asked:
            said = _(
                "%(amount)s kr can't be granted for %(year)s: write from 0 to the %(asked)s kr that are asked for."
            )
            faults.append((name, said % {"amount": format_sek(ore), "year": year, "asked": format_sek(asked)}))
    if not faults and not any(granted):
        faults.append((GRANTED[0], _("Nothing is granted. Refuse the request instead.")))
    if not faults and granted == request.amounts:
        faults.append((GRANTED[0], _("This is all that is asked for. Grant the request instead.")))
    return faults


def set_answer(request: SupplementaryRequest, state: str, granted: Amounts) -> None:
    """Let a request hold an answer and what it grants, without storing it."""
    request.state = state
    amounts = {State.GRANTED: request.amounts, State.PARTLY: granted}.get(State(state))
    for place, name in enumerate(GRANTED):
        setattr(request, name, None if amounts is None else amounts[place])


@retried
def answer_request(
    request: SupplementaryRequest, *, state: str, granted: Amounts, decision: Decision | None, answer: str, by: User
) -> None:
    """Grant a submitted request, wholly or partly, or refuse it, by a decision. PermissionDenied, ValidationError by field."""
    if not is_economist(by):
        raise PermissionDenied
    with change(by=by.email, reason=Reason.ANSWER_REQUEST, row=request.name):
        held = _hold(request, State.SUBMITTED)
        if faults := find_answer_faults(held, state, granted, decision, answer):
            raise ValidationError(dict(faults))
        set_answer(held, state, granted)
        held.decision, held.answer, held.answered_by, held.answered_at = decision, answer.strip(), by, timezone.now()
        held.full_clean(exclude=["asset_class", "product"])
        held.save()


@retried
def reopen_request(request: SupplementaryRequest, *, by: User) -> None:
    """Take an answer back, while no revised budget holds it. PermissionDenied, ValidationError."""
    if not is_economist(by):
        raise PermissionDenied
    with change(by=by.email, reason=Reason.REOPEN_REQUEST, row=request.name):
        held = _hold(request, *SupplementaryRequest.ANSWERED)
        if held.gathered_in is not None:
            said = _("%(budget)s holds what is granted. Remove it there first.")
            raise ValidationError(said % {"budget": held.gathered_in.name})
        set_answer(held, State.SUBMITTED, (0, 0, 0))
        held.decision, held.answer, held.answered_by, held.answered_at = None, "", None, None
        held.save()


def _hold(request: SupplementaryRequest, *states: str) -> SupplementaryRequest:
    """Return the stored request, locked. ValidationError when it is gone, or in another state by now."""
    rows = SupplementaryRequest.objects.select_for_update(of=("self",)).select_related("budget", "gathered_in")
    held: SupplementaryRequest | None = rows.filter(pk=request.pk).first()
    if held is None:
        raise ValidationError(_("Somebody else has removed it since you opened it."))
    if held.state not in states:
        said = _("The request is %(state)s by now, so this can't be done.")
        raise ValidationError(said % {"state": held.get_state_display()})
    return held
