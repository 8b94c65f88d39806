"""What one customer pays in a budget: the municipality officer's first page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView

from budgets.models import SubBudget
from budgets.selectors.budgets import find_budget, find_earlier
from budgets.selectors.sub_budgets import find_sub_budget
from objects.models import Customer
from objects.selectors.tokens import can_see_tokens
from pages.addresses import lines_url
from pages.base import InBudget
from reports.costs.selectors import Cost, find_cost_customer, list_cost_customers, load_costs
from web.views import Context, Crumb


class CostsView(InBudget, TemplateView):
    """A customer's costs; `?customer=` is its uuid, the own one or the first when left out, `?object=` a sub-budget's slug."""

    title = pgettext_lazy("of a member", "Costs")
    nav_key = "costs"
    template_name = "reports/costs/costs.html"

    @cached_property
    def customers(self) -> list[Customer]:
        """Those the reader may choose from."""
        return list_cost_customers(self.budget, self.reader)

    @cached_property
    def customer(self) -> Customer | None:
        """Whose costs are shown; one the reader may not see does not exist."""
        typed = self.request.GET.get("customer", "")
        customer = find_cost_customer(self.customers, typed)
        if customer is None and typed:
            raise Http404
        return customer

    @cached_property
    def only(self) -> SubBudget | None:
        """The sub-budget whose costs alone are shown; one the reader may not see does not exist."""
        typed = self.request.GET.get("object", "")
        sub_budget = find_sub_budget(self.reader, self.budget.slug, typed) if typed else None
        if sub_budget is None and typed:
            raise Http404
        return sub_budget

    def get_title(self) -> str:
        """Return the customer's name."""
        return self.customer.name if self.customer else super().get_title()

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the budget."""
        return [(self.budget.name, reverse("reports:overview", args=[self.budget.slug])), (_("Members"), "")]

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the costs."""
        earlier = find_earlier(self.budget)
        if earlier is not None and find_budget(self.reader, earlier.slug) is None:
            earlier = None
        costs = load_costs(self.budget, earlier, self.customer, self.only) if self.customer else None
        shown = {
            "customer": self.customer,
            "customers": self.customers,
            "only": self.only,
            "all_query": self._query(object=""),
            "costs": costs,
            "categories": self._with_urls(costs.categories) if costs else [],
            "objects": self._with_urls(costs.objects) if costs else [],
            "is_compared": costs is not None and costs.total.earlier is not None,
            "earlier_year": self.budget.fiscal_year - 1,
            "with_products": self.request.GET.get("products") == "1",
            "products_query": self._query(products="1"),
            "objects_query": self._query(),
            "can_see_tokens": can_see_tokens(self.reader),
        }
        return super().get_context_data(**shown, **kwargs)

    def _with_urls(self, rows: Iterable[Cost]) -> list[tuple[Cost, str]]:
        """Return the rows with the addresses of the lines behind them."""
        return [(row, "" if row.lines is None else lines_url(self.budget, **row.lines)) for row in rows]

    def _query(self, **more: str) -> str:
        chosen = {"customer": str(self.customer.uuid)} if self.customer else {}
        chosen |= {"object": self.only.slug} if self.only else {}
        return urlencode({name: value for name, value in {**chosen, **more}.items() if value})
