"""What one customer pays in a budget: the municipality officer's first page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView

from budgets.models import Budget, RevenueCategory, SubBudget
from budgets.selectors.sub_budgets import find_sub_budget
from budgets.words import name_earlier
from objects.models.roles import FEDERATION_ROLES, roles_of
from objects.selectors.tokens import can_see_tokens
from pages.addresses import lines_url
from pricing.selectors.why import load_why
from reports.costs.base import InCosts
from reports.costs.selectors import Cost, load_costs
from reports.costs.share import ProductShare, find_share
from reports.why.selectors import list_awaited, load_places
from reports.why.words import Speaker
from web.ahead import reading_at_once
from web.views import Context

# Sub-budgets named where only the change of all customers is known.
NAMED_PLACES = 4


@dataclass(frozen=True)
class LinkedCost:
    """A row of costs with the addresses of what its figures are made of; of an object also its products."""

    cost: Cost
    url: str
    earlier_url: str
    products: list[LinkedCost] = field(default_factory=list)


class CostsView(InCosts, TemplateView):
    """A customer's costs; `?object=` is a sub-budget's slug, `?category=` a revenue category, `?product=` a lineage."""

    title = pgettext_lazy("of a member", "Costs")
    template_name = "reports/costs/costs.html"

    @cached_property
    def only(self) -> SubBudget | None:
        """The sub-budget whose costs alone are shown; one the reader may not see does not exist."""
        typed = self.request.GET.get("object", "")
        sub_budget = find_sub_budget(self.reader, self.budget.slug, typed) if typed else None
        if sub_budget is None and typed:
            raise Http404
        return sub_budget

    @property
    def category(self) -> str:
        """The revenue category whose costs alone are shown; one that is none does not exist."""
        typed = self.request.GET.get("category", "")
        if typed and typed not in RevenueCategory.values:
            raise Http404
        return typed

    @cached_property
    def share(self) -> ProductShare | None:
        """The customer's share of the product that is chosen; one that no key splits does not exist."""
        typed = self.request.GET.get("product", "")
        if not typed or self.customer is None:
            return None
        try:
            share = find_share(self.budget, self.customer, UUID(typed))
        except ValueError:
            share = None
        if share is None:
            raise Http404
        return share

    def get_title(self) -> str:
        """Return the customer's name."""
        return self.customer.name if self.customer else super().get_title()

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the costs."""
        with reading_at_once("costs", self.budget.pk, self.reader.pk):
            return self._read(**kwargs)

    def _read(self, **kwargs: object) -> Context:
        earlier = self.earlier
        costs = load_costs(self.budget, earlier, self.customer, self.only, self.category) if self.customer else None
        shown = {
            **(self._explain(earlier) if costs and earlier else {}),
            "why_url": f"{reverse('reports:why', args=[self.budget.slug])}?{self._query(object='', category='')}",
            "awaited": list_awaited(self.customer, self.reader),
            "customer": self.customer,
            "customers": self.customers,
            "only": self.only,
            "all_query": self._query(object="", category=""),
            "costs": costs,
            "category": self.category and RevenueCategory(self.category).label,
            "categories": [self._link(row, earlier, category=row.code) for row in costs.categories] if costs else [],
            "objects": self._link_objects(costs.objects, earlier) if costs else [],
            "total": self._link(costs.total, earlier) if costs else None,
            "share": self.share,
            "share_url": self._share_lines(),
            "keys_url": self._keys_url(),
            "is_compared": costs is not None and costs.total.earlier is not None,
            "earlier_year": name_earlier(self.budget),
            "with_products": self.request.GET.get("products") == "1",
            "products_query": self._query(products="1"),
            "objects_query": self._query(),
            "can_see_tokens": can_see_tokens(self.reader),
        }
        return super().get_context_data(**shown, **kwargs)

    def _explain(self, earlier: Budget) -> Context:
        """Return the causes of the change of what is shown; else what changed most for all customers."""
        found = load_why(self.budget, earlier, self.customer)
        if found is None:
            return {"earlier": earlier, "places": load_places(self.budget, earlier, self.reader)[:NAMED_PLACES]}
        why = found.keep(self.only.slug if self.only else "", self.category)
        causes = Speaker(self.budget, earlier, self.reader).say_causes(why)
        return {"why": why, "why_after": why.before + why.change, "causes": causes}

    def _link_objects(self, rows: Iterable[Cost], earlier: Budget | None) -> list[LinkedCost]:
        """Return the objects, each leading to its products, and those to the customer's share."""
        return [
            replace(
                self._link(row, earlier, object=row.code),
                products=[self._link(product, earlier, product=product.code) for product in row.products],
            )
            for row in rows
        ]

    def _link(self, row: Cost, earlier: Budget | None, **of: str) -> LinkedCost:
        """Return a row with the pages of what the customer pays that the figures are made of, now and the year before."""
        query = self._query(**{"products": "1", **of})
        part = "#share" if "product" in of else "#objects"
        now = "" if row.is_gone else f"{reverse('reports:costs', args=[self.budget.slug])}?{query}{part}"
        before = "" if earlier is None else f"{reverse('reports:costs', args=[earlier.slug])}?{query}{part}"
        return LinkedCost(row, now, before if row.earlier else "")

    def _share_lines(self) -> str:
        if self.share is None:
            return ""
        product = self.share.product
        return lines_url(self.budget, sub_budget=product.sub_budget.slug, product=str(product.lineage))

    def _keys_url(self) -> str:
        """Return the address of the keys, for those who may see all customers' weights."""
        return reverse("invoices:keys", args=[self.budget.slug]) if roles_of(self.reader) & FEDERATION_ROLES else ""

    def _query(self, **more: str) -> str:
        chosen = {"customer": str(self.customer.uuid)} if self.customer else {}
        chosen |= {"object": self.only.slug} if self.only else {}
        chosen |= {"category": self.category} if self.category else {}
        return urlencode({name: value for name, value in {**chosen, **more}.items() if value})
