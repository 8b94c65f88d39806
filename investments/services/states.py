"""Notes how far a purchase has come: a shared fact beside the budget, which lives on after its adoption."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from investments.models import InvestmentItem, PurchaseState
from investments.selectors.side_by_side import can_follow
from objects.services.rows import save_checked
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from records.services.stale import require_fresh
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


@retried
def save_state(
    state: PurchaseState, *, item: InvestmentItem, by: User, seen: datetime | str | None = None
) -> PurchaseState:
    """Note how far a purchase has come. PermissionDenied, ValidationError by field, StaleError."""
    if not can_follow(by):
        raise PermissionDenied
    with change(by=by.email, reason=Reason.CHANGE_PURCHASE_STATE, purchase=item.name):
        if isinstance(seen, datetime):
            require_fresh(state, seen)
        elif state.pk is None and PurchaseState.objects.filter(item_lineage=state.item_lineage).exists():
            raise ValidationError(_("Somebody else has noted it meanwhile. Open the page again."))
        state.provenance = Provenance.ENTERED
        save_checked(state, find_state_faults(state))
    return state


def find_state_faults(state: PurchaseState) -> list[tuple[str, str]]:
    """Return what can't be with how far a purchase has come, as (field, words)."""
    faults = []
    for field in ("ordered_ore", "paid_ore"):
        ore = getattr(state, field)
        if ore is not None and ore < 0:
            faults.append((field, _("Write an amount from 0 on.")))
    if state.state == PurchaseState.State.PLANNED and (state.ordered_ore or state.paid_ore):
        faults.append(("state", _("What is ordered or paid is no longer planned only. Choose how far it has come.")))
    return faults
