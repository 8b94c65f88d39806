"""Reasons for differences in the reconciliation: linked, changed and removed by the economist, each time undoable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from budgets.models import Budget
from forecasts.models import ReconciliationReason
from forecasts.selectors.reconciliation import Place, ReasonEvent, can_explain, list_reason_events
from records.reasons import Reason
from records.services import change
from records.services.stale import StaleError

if TYPE_CHECKING:
    from accounts.models import User


def save_reason(budget: Budget, place: Place, *, text: str, by: User, seen: str | None = None) -> ReconciliationReason:
    """Link a reason to a figure or change it; who writes last is its author. `seen` is the text the author saw.

    Raise StaleError with the reason as it is when that is another by now, None when it is removed; PermissionDenied when `by` may not link reasons.
    """
    _check(by)
    with change(by=by.email, reason=Reason.LINK_REASON):
        reason = _lock(budget, place)
        if seen is not None and seen != (reason.text if reason else ""):
            raise StaleError(reason)
        reason = reason or ReconciliationReason(budget=budget, **_named(place))
        reason.text, reason.author, reason.created_at = text, by, timezone.now()
        reason.save()
    return reason


def remove_reason(budget: Budget, place: Place, *, by: User) -> None:
    """Remove a figure's reason; history keeps it. Raise PermissionDenied when `by` may not."""
    _check(by)
    with change(by=by.email, reason=Reason.REMOVE_REASON):
        reason = _lock(budget, place)
        if reason is not None:
            reason.delete()


def undo_reason(budget: Budget, place: Place, *, by: User) -> None:
    """Take back what was last done with a figure's reason, from its history. Raise PermissionDenied as above."""
    _check(by)
    with change(by=by.email, reason=Reason.UNDO_CHANGE_OF_REASON):
        reason = _lock(budget, place)
        events = list_reason_events(budget, place, 2)
        if not events:
            return
        newest = events[0]
        if newest.pgh_label == "delete" and reason is None:
            _write(ReconciliationReason(budget=budget, **_named(place)), newest)
        elif newest.pgh_label == "insert" and reason is not None:
            reason.delete()
        elif newest.pgh_label == "update" and reason is not None and len(events) > 1:
            _write(reason, events[1])


def _write(reason: ReconciliationReason, event: ReasonEvent) -> None:
    """As it was: also its author, and the day it was written."""
    reason.text, reason.author_id = event.text, event.author_id
    reason.save()
    ReconciliationReason.objects.filter(pk=reason.pk).update(created_at=event.created_at)


def _lock(budget: Budget, place: Place) -> ReconciliationReason | None:
    """Return the reason, locked until the end of the transaction.

    The budget's row stands for one not yet there.
    """
    Budget.objects.select_for_update(no_key=True).only("pk").get(pk=budget.pk)
    return ReconciliationReason.objects.filter(budget=budget, **_named(place)).first()


def _named(place: Place) -> dict[str, str]:
    return dict(zip(("table", "row", "column"), place, strict=True))


def _check(by: User) -> None:
    if not can_explain(by):
        raise PermissionDenied
