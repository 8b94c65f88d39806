"""What the pages of the investment budget start from: who reads and changes it, and the rows that addresses name."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from investments.models import Investment, InvestmentItem
from investments.selectors.purchases import find_investment, find_item, list_investments
from pages.base import InBudget
from pricing.selectors.editing import can_edit_pools
from web.views import Crumb


class InInvestments(InBudget):
    """A page on a budget's investments, for all who see the budget."""

    nav_key = "investments"
    help_key = "investments"
    writes = False

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Stop those who may not change what this page changes."""
        if self.writes and request.user.is_authenticated and not self.can_edit:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def can_edit(self) -> bool:
        """Whether the reader may change it: the economist, until the budget is proposed."""
        return can_edit_pools(self.reader, self.budget)

    @property
    def list_url(self) -> str:
        """The investment budget."""
        return reverse("budgets:investments", args=[self.budget.slug])

    @cached_property
    def rows(self) -> list[Investment]:
        """Its rows with their items."""
        return list_investments(self.budget)

    @cached_property
    def row(self) -> Investment:
        """The address's row."""
        found = find_investment(self.budget, self.kwargs["investment"], self.reader)
        if found is None:
            raise Http404
        return found

    @cached_property
    def item(self) -> InvestmentItem:
        """The address's purchase."""
        found = find_item(self.budget, self.kwargs["purchase"], self.reader)
        if found is None:
            raise Http404
        return found


class BelowInvestments(InInvestments):
    """A page below the list."""

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [*super().get_crumbs(), (_("Investments"), self.list_url)]
