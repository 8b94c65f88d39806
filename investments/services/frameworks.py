"""Records councils' decisions on frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from investments.models import BorrowingFramework, CouncilDecision
from objects.selectors.decisions import can_register
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from records.services.stale import StaleError, digest_of

if TYPE_CHECKING:
    from accounts.models import User


COUNCIL_DAYS = ("decided_on", "announced_on", "appealed_on", "legal_force_on")


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
