"""What changes a contract, and the click that makes it a line."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.services.grid.edits import GridRefusedError
from desk.contracts.days import address_of
from desk.contracts.form import ContractForm
from desk.contracts.view import InContract
from objects.models import Contract
from objects.selectors.contracts import can_add_contracts, can_keep_contract
from objects.services.contracts import InUseError, remove_contract, save_contract
from pages.form_view import FormView
from pricing.selectors.origins import list_targets
from pricing.services.origins import make_contract_line
from web.numbers import format_tkr

if TYPE_CHECKING:
    from web.views import Crumb


class NewContractView(InContract, FormView):
    """Adds a contract."""

    title = gettext_lazy("New contract")
    submit = gettext_lazy("Save")

    @cached_property
    def contract(self) -> Contract:
        """A new one, of this year's price."""
        return Contract(price_year=timezone.localdate().year)

    def require(self) -> None:
        """Stop everybody but the economist."""
        if not can_add_contracts(self.reader):
            raise PermissionDenied

    def get_return_url(self) -> str:
        """Return the contract's page, or the list."""
        return address_of(self.contract.uuid) if self.contract.pk else reverse("objects:contracts")

    def get_form(self, data: QueryDict | None = None) -> ContractForm:
        """Return the form."""
        return ContractForm(data, instance=self.contract)

    def save(self, form: ContractForm) -> str:
        """Save it."""
        save_contract(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The contract is saved.")


class EditContractView(NewContractView):
    """Changes a contract."""

    title = gettext_lazy("Change contract")

    # Of a contract that is there, not of a new one.
    contract = InContract.contract

    def require(self) -> None:
        """Stop those who keep neither contracts nor the product's object."""
        if not can_keep_contract(self.reader, self.contract):
            raise PermissionDenied

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the contract."""
        return [*super().get_crumbs(), (str(self.contract), address_of(self.contract.uuid))]


class RemoveContractView(EditContractView):
    """Removes a contract that no line comes from, after a question."""

    title = gettext_lazy("Remove the contract?")
    template_name = "pages/remove.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        self.require()
        return self.render_to_response(self.get_context_data(thing=self.contract, return_url=self.get_return_url()))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it, or say why it stays."""
        self.require()
        try:
            remove_contract(self.contract, by=self.reader)
        except InUseError:
            refused = _("A budget has a line that comes from it, so it stays. Write the day it ends instead.")
            shown = {"thing": self.contract, "return_url": self.get_return_url(), "refused": refused}
            return self.render_to_response(self.get_context_data(**shown), status=422)
        messages.success(request, _("The contract is removed."))
        return HttpResponseRedirect(reverse("objects:contracts"))


class ContractLineView(InContract):
    """Makes the contract's line in a draft, or brings the one it has up to its price."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Do it; only drafts whose sub-budget the reader may edit are there."""
        wanted = request.POST.get("product", "")
        targets = list_targets(self.reader, [self.contract.product_id])
        target = next((row for row in targets if f"{row.budget.slug}/{row.lineage}" == wanted), None)
        if target is None:
            raise Http404
        try:
            line = make_contract_line(self.contract, target, by=self.reader)
        except GridRefusedError as refused:
            messages.error(request, (refused.gone or refused.bad)[0].reason)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            said = _("“%(text)s” is %(amount)s tkr in %(budget)s now.")
            shown = {"text": line.text, "amount": format_tkr(line.amount_1_ore), "budget": target.budget.name}
            messages.success(request, said % shown)
        return HttpResponseRedirect(address_of(self.contract.uuid))
