"""Proposals on products: an owner makes and withdraws one, who keeps the register accepts or declines it with a note."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import BudgetProduct, ProductProposal
from budgets.selectors.products import list_own_places, list_proposals
from budgets.services.products.proposals import (
    accept_proposal,
    decline_proposal,
    propose_product,
    withdraw_proposal,
)
from desk.products.base import InProduct, InProducts, ProductFormView
from desk.products.form import AnswerForm, ProposalForm
from pricing.selectors.gifts import load_gifts
from web.views import Context


class ProposeView(ProductFormView):
    """Proposes a product of the sub-budgets that the reader owns or manages."""

    title = gettext_lazy("Propose a product")
    submit = gettext_lazy("Propose")

    def require(self) -> None:
        """Stop those who have no sub-budget in draft."""
        if self.budget and not self.places:
            raise PermissionDenied

    @cached_property
    def places(self) -> list[Any]:
        """The sub-budgets that the reader may propose for."""
        return list_own_places(self.budget, self.reader)

    @property
    def row(self) -> BudgetProduct | None:
        """The product that it is about; None for a new one."""
        return None

    def get_form(self, data: QueryDict | None = None) -> ProposalForm:
        """Return the form."""
        return ProposalForm(data, places=self.places, row=self.row)

    def save(self, form: ProposalForm) -> str:
        """Send it to who keeps the register."""
        values = dict(form.cleaned_data)
        place = next(row for row in self.places if row.slug == values.pop("sub_budget"))
        kind = values.pop("kind", ProductProposal.Kind.ADD)
        propose_product(place, kind=kind, by=self.reader, row=self.row, **values)
        return _("The proposal is sent to the economist, and stands above the list.")


class ProposeChangeView(InProduct, ProposeView):
    """Proposes to change or end a product."""

    title = gettext_lazy("Propose a change of the product")

    @cached_property
    def places(self) -> list[Any]:
        """The product's sub-budget, where the reader may propose for it."""
        own = list_own_places(self.budget, self.reader)
        return [row for row in own if row.pk == self.product.sub_budget_id]

    @property
    def row(self) -> BudgetProduct | None:
        """The address's product."""
        return self.product

    def get_return_url(self) -> str:
        """Return the product's page."""
        return self.product_url


class InProposal(InProducts):
    """A page about the address's proposal."""

    @cached_property
    def proposal(self) -> ProductProposal:
        """The proposal; of another budget it does not exist."""
        key: UUID = self.kwargs["proposal"]
        found = list_proposals(self.budget, self.reader).filter(uuid=key).first()
        if found is None:
            raise Http404
        return found


class AnswerView(InProposal, ProductFormView):
    """Accepts or declines a proposal."""

    title = gettext_lazy("Answer the proposal")
    submit = gettext_lazy("Answer")
    template_name = "desk/products/answer.html"

    def get_form(self, data: QueryDict | None = None) -> forms.Form:
        """Return the form."""
        return AnswerForm(data, is_end=self.proposal.kind == ProductProposal.Kind.END)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what is proposed, and of an end what the product is given."""
        product = self.ended
        gifts = load_gifts(product, self.reader) if product else None
        return super().get_context_data(proposal=self.proposal, gifts=gifts, **{"product": product, **kwargs})

    @cached_property
    def ended(self) -> BudgetProduct | None:
        """The product that is proposed to end, while the sub-budget has it."""
        if self.proposal.kind != ProductProposal.Kind.END:
            return None
        rows = BudgetProduct.objects.filter(sub_budget=self.proposal.sub_budget_id, product=self.proposal.product_id)
        found: BudgetProduct | None = rows.first()
        return found

    def save(self, form: forms.Form) -> str:
        """Do what is proposed, or decline it."""
        values = form.cleaned_data
        if values["verdict"] == "decline":
            decline_proposal(self.proposal, by=self.reader, answer=values["answer"])
            return _("The proposal is declined.")
        with_lines = values.get("with_lines", False)
        accept_proposal(self.proposal, by=self.reader, answer=values["answer"], with_lines=with_lines)
        return _("The proposal is accepted and carried out.")


class WithdrawView(InProposal):
    """Takes one's own proposal back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it back, or say that it is answered."""
        try:
            withdraw_proposal(self.proposal, by=self.reader)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("The proposal is withdrawn."))
        return HttpResponseRedirect(self.list_url)
