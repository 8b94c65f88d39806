"""Contracts: the list with what ends when, and one with where its cost ends up."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from budgets.models import BudgetProduct
from desk.contracts.table import ContractFilter, ContractTable
from desk.contracts.words import STATES, say_clause, say_end, state_of
from engine.years import Amounts
from objects.models import Contract
from objects.selectors.contracts import (
    can_add_contracts,
    can_keep_contract,
    can_read_contracts,
    find_contract,
    list_contracts,
)
from pages.changes import load_changes
from pages.form_view import ReaderView
from pricing.selectors.origins import list_contract_lines, list_targets, price_contract
from web.views import BaseListView, Context, Crumb


class ContractListView(BaseListView[Contract]):
    """The contracts that the federation has."""

    title = gettext_lazy("Contracts")
    nav_key = "contracts"
    template_name = "desk/contracts/contracts.html"
    table_class = ContractTable
    filterset_class = ContractFilter

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the list to the federation."""
        if not can_read_contracts(self.reader):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_rows(self, user: User) -> QuerySet[Contract]:
        """Return those the reader may see."""
        return list_contracts(user)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add those that it is time to decide on."""
        today = timezone.localdate()
        due = [contract for contract in list_contracts(self.reader) if contract.is_due(today)]
        return super().get_context_data(due=due, can_add=can_add_contracts(self.reader), **kwargs)


class InContract(ReaderView):
    """A page about the address's contract."""

    nav_key = "contracts"

    @cached_property
    def contract(self) -> Contract:
        """The address's contract."""
        if not can_read_contracts(self.reader):
            raise PermissionDenied
        contract = find_contract(self.reader, self.kwargs["contract"])
        if contract is None:
            raise Http404
        return contract

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [(_("Contracts"), reverse("objects:contracts"))]


class ContractView(InContract):
    """One contract."""

    template_name = "desk/contracts/contract.html"

    def get_title(self) -> str:
        """Return its name."""
        return str(self.contract)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add where its cost ends up, and the lines it may become."""
        contract, today = self.contract, timezone.localdate()
        found = list_contract_lines(self.reader, contract)
        shown = {
            "contract": contract,
            "state": STATES[state_of(contract, today)],
            "is_due": contract.is_due(today),
            "clause": say_clause(contract),
            "lines": [row.line for row in found],
            "targets": [
                _show_target(
                    contract,
                    target,
                    next((r.line.amounts for r in found if r.line.budget_id == target.budget_id), None),
                )
                for target in list_targets(self.reader, [contract.product_id])
            ],
            "changes": load_changes(self.reader, contract),
            "can_keep": can_keep_contract(self.reader, contract),
        }
        return super().get_context_data(**{**kwargs, **shown})


def _show_target(contract: Contract, target: BudgetProduct, now: Amounts | None) -> dict[str, object]:
    """Return what a draft's line would be: its amounts by the clause beside those it has."""
    amounts = price_contract(contract, target.budget)
    warning = say_end(contract, target.budget.years[2])
    return {"product": target, "amounts": amounts, "now": now, "is_same": now == amounts, "warning": warning}
