"""Takes a proposal of the replacement plan into the investment budget, in one act that can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from investments.models import Investment, InvestmentItem
from investments.selectors.purchases import list_investments
from investments.selectors.replacements import Proposal, is_replaced, make_row
from investments.services.purchases import open_investments
from records.models import Provenance
from records.reasons import Reason
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


@retried
def take_replacements(proposal: Proposal, *, by: User) -> int:
    """Let a proposal stand in the place of what the budget says of its classes; return how many purchases it is.

    What a person has entered as a purchase stays. PermissionDenied, ValidationError.
    """
    if not proposal.items:
        raise ValidationError(_("Choose at least one class to take into the budget."))
    if proposal.is_too_large:
        raise ValidationError(_("A purchase costs more than can be kept. Look at the prices."))
    with open_investments(proposal.budget, by=by, reason=Reason.TAKE_REPLACEMENTS):
        rows = {
            row.asset_class.slug: row
            for row in list_investments(proposal.budget)
            if row.financing == Investment.Financing.LOAN
        }
        for slug, items in proposal.items.items():
            row = rows.get(slug)
            if row is None and not items:
                continue
            row = _make_row(proposal, slug) if row is None else _empty(proposal, row)
            for item in items:
                item.investment = row
                item.full_clean(exclude=["investment"])
            InvestmentItem.objects.bulk_create(items)
    return proposal.number


def _make_row(proposal: Proposal, slug: str) -> Investment:
    row = make_row(proposal, slug)
    last = Investment.objects.filter(budget=proposal.budget).aggregate(last=Max("position"))["last"]
    row.position, row.provenance = (last or 0) + 1, Provenance.ENTERED
    proposal.give_life(row)
    row.save()
    return row


def _empty(proposal: Proposal, row: Investment) -> Investment:
    """Take away what the row says of its years, and the purchases that an earlier plan proposed."""
    for item in row.items.all():
        if is_replaced(item):
            item.delete()
    has_life = proposal.give_life(row)
    if has_life or any(row.own_amounts) or None in row.own_amounts:
        row.amount_1_ore = row.amount_2_ore = row.amount_3_ore = 0
        row.provenance = Provenance.ENTERED
        row.save()
    return row
