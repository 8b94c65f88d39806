"""What the pages on a customer's cost begin with: whose it is, and what it is compared with."""

from __future__ import annotations

from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.selectors.budgets import find_budget, find_earlier
from objects.models import Customer
from pages.base import InBudget
from reports.costs.selectors import find_cost_customer, list_cost_customers
from web.views import Crumb


class InCosts(InBudget):
    """A page on a customer's cost; `?customer=` is its uuid, the own one or the first when left out."""

    nav_key = "costs"

    @cached_property
    def customers(self) -> list[Customer]:
        """Those the reader may choose from."""
        return list_cost_customers(self.budget, self.reader)

    @cached_property
    def customer(self) -> Customer | None:
        """Whose costs are shown."""
        return self.find_customer()

    def find_customer(self) -> Customer | None:
        """Return the address's customer; one the reader may not see does not exist."""
        typed = self.request.GET.get("customer", "")
        customer = find_cost_customer(self.customers, typed)
        if customer is None and typed:
            raise Http404
        return customer

    @cached_property
    def earlier(self) -> Budget | None:
        """The budget that it is compared with, where the reader may see it."""
        earlier = find_earlier(self.budget)
        return earlier if earlier is None else find_budget(self.reader, earlier.slug)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the budget."""
        return [(self.budget.name, reverse("reports:overview", args=[self.budget.slug])), (_("Members"), "")]
