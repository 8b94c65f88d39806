"""Keeps frameworks, and the councils' decisions on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from investments.models import BorrowingFramework, CouncilDecision
from objects.selectors.decisions import can_register
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from records.services.stale import StaleError, digest_of, require_same
from web.numbers import format_tkr

if TYPE_CHECKING:
    from accounts.models import User


COUNCIL_DAYS = ("decided_on", "announced_on", "appealed_on", "legal_force_on")


FRAMEWORK_FIELDS = (
    "amount_ore",
    "right_to_borrow_ore",
    "guarantee_fee_ore",
    "least_headroom_ore",
    "decided_by",
    "replaces",
    "needs",
    "note",
)


def save_framework(framework: BorrowingFramework, *, by: User, seen: str | None = None) -> BorrowingFramework:
    """Enter a borrowing framework or change one; triggers count the change, so the forecasts follow.

    `seen` is the digest of FRAMEWORK_FIELDS that the author saw. PermissionDenied when `by` keeps no register,
    ValidationError by field for one that overlaps another or can't be, StaleError.
    """
    if not can_register(by):
        raise PermissionDenied
    faults = find_framework_faults(framework)
    if faults:
        raise ValidationError(dict(faults))
    with change(by=by.email, reason=Reason.SAVE_FRAMEWORK, row=framework):
        if framework.pk:
            require_same(framework, FRAMEWORK_FIELDS, seen)
        framework.full_clean()
        framework.save()
    return framework


def find_framework_faults(framework: BorrowingFramework) -> list[tuple[str, str]]:
    """Return what can't be with a framework, as (field, words); each has a constraint or a trigger behind it."""
    faults: list[tuple[str, str]] = []
    amount, right = framework.amount_ore, framework.right_to_borrow_ore
    if amount is not None and amount <= 0:
        faults.append(("amount_ore", _("A framework is more than 0. Write the amount in SEK.")))
    if amount is not None and right is not None and right < amount:
        words = _(
            "The right to borrow is less than the guarantee, so no more can be owed. Write the lower amount as the framework, or correct the right."
        )
        faults.append(("right_to_borrow_ore", words))
    if (framework.guarantee_fee_ore or 0) < 0:
        faults.append(("guarantee_fee_ore", _("A fee is 0 or more.")))
    least = framework.least_headroom_ore
    if least is not None and (least < 0 or (amount is not None and least >= amount)):
        faults.append(("least_headroom_ore", _("Write an amount from 0 up to the framework, or leave it empty.")))
    return [*faults, *_find_sent(framework), *_find_overlap(framework)]


def _find_sent(framework: BorrowingFramework) -> list[tuple[str, str]]:
    """Return what the councils were asked to decide and would be changed under them."""
    saved = BorrowingFramework.objects.filter(pk=framework.pk, package__sent_at__isnull=False).first()
    if saved is None:
        return []
    words = _("The councils were sent this to decide, so it stays. Enter a new framework to propose something else.")
    names = ("amount_ore", "right_to_borrow_ore", "guarantee_fee_ore")
    return [(name, words) for name in names if getattr(saved, name) != getattr(framework, name)]


def _find_overlap(framework: BorrowingFramework) -> list[tuple[str, str]]:
    """Return that two frameworks would be the most that may be owed at once."""
    others = BorrowingFramework.objects.exclude(pk=framework.pk)
    if framework.replaces is None:
        last = others.filter(replaced_by=None).exclude(replaces=framework.pk).last() or others.last()
        if last is None or not others.filter(replaces=None).exists():
            return []
        words = _("The framework of %(amount)s tkr would be in force beside this one. Choose it under Replaces.")
        return [("replaces", words % {"amount": format_tkr(last.amount_ore)})]
    later = others.filter(replaces=framework.replaces).first()
    if later is not None:
        words = _("The framework of %(amount)s tkr replaces it already. Choose that one, or change it first.")
        return [("replaces", words % {"amount": format_tkr(later.amount_ore)})]
    return (
        [("replaces", _("The frameworks would replace each other in a circle. Choose an earlier one."))]
        if _is_circle(framework)
        else []
    )


def _is_circle(framework: BorrowingFramework) -> bool:
    replaced = dict(BorrowingFramework.objects.values_list("pk", "replaces_id"))
    found, at = set[int](), framework.replaces_id
    while at is not None and at not in found:
        found.add(at)
        at = replaced.get(at)
    return framework.pk in found


def record_council_decision(row: CouncilDecision, *, by: User, seen: str | None = None) -> None:
    """Say when a council decided on a framework; without any day it has not decided, and the row goes.

    Triggers count the change, so the forecasts follow. `seen` is the digest of the days that the author saw, all empty
    where the council had not decided. PermissionDenied when `by` keeps no register of decisions, ValidationError by
    field for days that can't be, StaleError when somebody else changed them meanwhile.
    """
    if not can_register(by):
        raise PermissionDenied
    faults = find_council_faults(row)
    if faults:
        raise ValidationError(dict(faults))
    with change(by=by.email, reason=Reason.DECIDE_IN_COUNCIL, decision=row):
        saved = _lock_council(row)
        if seen is not None and digest_of(saved, COUNCIL_DAYS) != seen:
            raise StaleError(saved)
        for name in COUNCIL_DAYS:
            setattr(saved, name, getattr(row, name))
        if any(getattr(saved, name) for name in COUNCIL_DAYS):
            saved.provenance = Provenance.ENTERED
            saved.full_clean()
            saved.save()
        elif saved.pk:
            saved.delete()


def _lock_council(row: CouncilDecision) -> CouncilDecision:
    """Return what is saved of the same council on the same framework, or an empty one.

    The framework keeps others waiting.
    """
    framework = BorrowingFramework.objects.select_for_update(of=("self",)).get(pk=row.framework_id)
    saved = CouncilDecision.objects.filter(framework=framework, municipality=row.municipality_id).first()
    return saved or CouncilDecision(framework=framework, municipality=row.municipality)


def find_council_faults(row: CouncilDecision) -> list[tuple[str, str]]:
    """Return what can't be with a council's days, as (field, words)."""
    faults: list[tuple[str, str]] = []
    if row.decided_on and row.announced_on and row.announced_on < row.decided_on:
        faults.append(("announced_on", _("The notice was put up before the council decided. Check the days.")))
    if row.appealed_on and row.decided_on and row.appealed_on < row.decided_on:
        faults.append(("appealed_on", _("An appeal can't come before the council's decision. Check the days.")))
    before = row.announced_on or row.decided_on
    if row.legal_force_on and before and row.legal_force_on < before:
        faults.append(("legal_force_on", _("Legal force comes after the decision and its notice. Check the days.")))
    return faults
