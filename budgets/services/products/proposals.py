"""Proposals on products: made by an object's owner or manager in draft, answered by those who keep the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import AllocationKey, BudgetProduct, ProductProposal, SubBudget
from budgets.selectors.products import can_propose
from budgets.services.products.holding import open_products
from budgets.services.products.parts import remove_product
from budgets.services.products.register import ProductValues, apply_values, place_product
from budgets.services.proposal_mail import tell_answer, tell_proposal
from objects.selectors.registers import can_keep
from records.reasons import Reason
from records.services import change
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

Kind, State = ProductProposal.Kind, ProductProposal.State
USUAL_VAT = BudgetProduct._meta.get_field("vat_percent").default


def propose_product(
    sub_budget: SubBudget, *, kind: str, name: str, category: str, note: str, by: User, row: BudgetProduct | None = None
) -> ProductProposal:
    """Propose a new product, or a change or end of `row`. PermissionDenied for all but owners and managers in draft."""
    if not can_propose(by, sub_budget) or (row is not None and row.sub_budget_id != sub_budget.pk):
        raise PermissionDenied
    with change(by=by.email, reason=Reason.PROPOSE_PRODUCT):
        proposal = ProductProposal(
            budget=sub_budget.budget,
            sub_budget=sub_budget,
            product=row.product if row else None,
            kind=kind,
            name=name or (row.name if row else ""),
            category=category,
            note=note,
            proposed_by=by,
        )
        proposal.full_clean()
        proposal.save()
        tell_proposal(proposal)
    return proposal


@retried
def accept_proposal(proposal: ProductProposal, *, by: User, answer: str = "", with_lines: bool = False) -> None:
    """Do what is proposed and answer it, as one act. Errors as for the change itself.

    ValidationError with words when it is answered already, or its product has left the sub-budget.
    """
    with open_products([proposal.sub_budget], by=by, reason=Reason.ACCEPT_PROPOSAL):
        held = _hold(proposal)
        _carry_out(held, with_lines=with_lines)
        _answer(held, State.ACCEPTED, answer, by)


def decline_proposal(proposal: ProductProposal, *, by: User, answer: str) -> None:
    """Decline a proposal with a note. PermissionDenied for who keeps no register, ValidationError without a note."""
    if not can_keep(by):
        raise PermissionDenied
    if not answer.strip():
        raise ValidationError({"answer": _("Write why, so that the one who proposed it knows.")})
    with change(by=by.email, reason=Reason.DECLINE_PROPOSAL):
        _answer(_hold(proposal), State.DECLINED, answer, by)


def withdraw_proposal(proposal: ProductProposal, *, by: User) -> None:
    """Take one's own proposal back."""
    if proposal.proposed_by_id != by.pk:
        raise PermissionDenied
    with change(by=by.email, reason=Reason.WITHDRAW_PROPOSAL):
        _answer(_hold(proposal), State.WITHDRAWN, "", by)


def _hold(proposal: ProductProposal) -> ProductProposal:
    rows = ProductProposal.objects.select_for_update(of=("self",)).select_related("sub_budget__budget", "product")
    held: ProductProposal = rows.get(pk=proposal.pk)
    if held.state != State.OPEN:
        raise ValidationError(_("The proposal is answered already: %(state)s.") % {"state": held.get_state_display()})
    return held


def _carry_out(held: ProductProposal, *, with_lines: bool) -> None:
    if held.kind == Kind.ADD:
        place_product(_values(held, None))
        return
    row = BudgetProduct.objects.select_related("product", "sub_budget", "budget", "allocation_key").filter(
        sub_budget=held.sub_budget_id, product=held.product_id
    )
    found = row.first()
    if found is None:
        raise ValidationError(_("The product is no longer in this sub-budget. Decline the proposal."))
    if held.kind == Kind.END:
        remove_product(found, with_lines=with_lines)
    else:
        apply_values(found, _values(held, found))


def _values(held: ProductProposal, row: BudgetProduct | None) -> ProductValues:
    """Return what the product is to be: what is proposed, and of the rest what it is, or what its neighbours are."""
    category = held.category or (row.category if row else "")
    if row is not None:
        return ProductValues(held.name, held.sub_budget, category, row.vat_percent, row.allocation_key)
    return ProductValues(held.name, held.sub_budget, category, USUAL_VAT, _usual_key(held.sub_budget, category))


def _usual_key(sub_budget: SubBudget, category: str) -> AllocationKey | None:
    """Return the key of the sub-budget's last product of the category, which the economist changes where it is another."""
    rows = BudgetProduct.objects.filter(sub_budget=sub_budget, category=category, allocation_key__isnull=False)
    last = rows.select_related("allocation_key").order_by("position").last()
    return last.allocation_key if last else None


def _answer(held: ProductProposal, state: str, answer: str, by: User) -> None:
    held.state, held.answer, held.answered_by, held.answered_at = state, answer.strip(), by, timezone.now()
    held.full_clean()
    held.save()
    tell_answer(held)
