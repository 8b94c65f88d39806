"""Notes how far a purchase has come, a shared fact that lives on after adoption, and carries over what is left of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from budgets.models import Budget
from investments.models import Investment, InvestmentItem, PlannedLoan, PurchaseState
from investments.selectors.side_by_side import can_follow, find_left, find_row, find_state
from investments.services.purchases import open_investments
from objects.models import Decision
from objects.services.rows import save_checked
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from records.services.stale import require_fresh
from web.faults import retried
from web.numbers import format_sek

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


@retried
def carry_over(item: InvestmentItem, *, into: Budget, ore: int, decision: Decision, by: User) -> InvestmentItem:
    """Carry what is left of a purchase over to the next year's budget, by a decision: one act that can be taken back there.

    The purchase is noted as deferred, so that no more than what is paid of it is depreciated from its own year, and a loan
    that the next budget holds for that year is that much smaller. ValidationError by field, PermissionDenied.
    """
    if faults := find_carry_faults(item, into, ore):
        raise ValidationError(dict(faults))
    with open_investments(into, by=by, reason=Reason.CARRY_OVER, purchase=item.name):
        row = find_row(into, item.investment)
        if row is None:
            raise ValidationError(_("The class is not in %(budget)s. Add it there first.") % {"budget": into.name})
        state = find_state(item.lineage) or PurchaseState(item_lineage=item.lineage)
        state.state, state.provenance = PurchaseState.State.DEFERRED, Provenance.ENTERED
        state.save()
        _borrow_less(into, row, item.year, ore)
        carried: InvestmentItem = InvestmentItem.objects.create(
            budget=into,
            investment=row,
            name=item.name,
            customer=item.customer,
            year=into.years[0],
            amount_ore=ore,
            priority=item.priority,
            decision=decision,
            note=_("Carried over from %(year)s.") % {"year": item.year},
        )
    return carried


def find_carry_faults(item: InvestmentItem, into: Budget, ore: int) -> list[tuple[str, str]]:
    """Return what can't be with a carry-over, as (field, words)."""
    faults = []
    if item.year != into.years[0] - 1:
        words = _("A purchase of %(year)s is carried over to a budget for %(next)s.")
        faults.append(("into", words % {"year": item.year, "next": item.year + 1}))
    left = find_left(item)
    if left is None:
        faults.append(("ore", _("The amount of the purchase is not known, so nothing can be carried over.")))
    elif not 0 < ore <= left:
        words = _("Write an amount above 0, at most what is not paid yet: %(left)s kr.")
        faults.append(("ore", words % {"left": format_sek(left)}))
    return faults


def _borrow_less(into: Budget, row: Investment, year: int, ore: int) -> None:
    """Lower the loan that the next budget took over for the purchase's own year, where one pays for the class."""
    rows = PlannedLoan.objects.select_for_update(of=("self",)).filter(budget=into, investment=row, year=year)
    loan = rows.filter(repayments=None, principal_ore__gte=ore).order_by("pk").first()
    if loan is not None:
        loan.principal_ore -= ore
        loan.save(update_fields=["principal_ore"])
