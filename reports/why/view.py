"""Why a customer's cost differs from the budget before, or that of all customers together."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from budgets.models import Budget
from budgets.selectors.shares import has_assumed_keys
from budgets.words import name_earlier
from engine.growth import growth
from objects.models import Customer
from objects.models.roles import FEDERATION_ROLES, roles_of
from pages.addresses import lines_url
from pricing.selectors.reasons import load_reasons
from pricing.selectors.why import ProductWhy, Why, load_why
from reports.costs.base import InCosts
from reports.why.chart import draw_why
from reports.why.selectors import list_awaited, load_places
from reports.why.words import ShownProduct, Speaker
from web.ahead import reading_at_once
from web.views import Context, Crumb

# Products shown at once; the others are folded.
MOST_SHOWN = 12
ALL = "all"


class WhyView(InCosts, TemplateView):
    """The causes of a change. `?customer=all` is all customers together, for those inside the federation."""

    title = gettext_lazy("Why does the cost change?")
    help_key = "costs"
    template_name = "reports/why/why.html"

    @cached_property
    def is_all(self) -> bool:
        """Whether all customers are shown together."""
        return self.request.GET.get("customer") == ALL and bool(roles_of(self.reader) & FEDERATION_ROLES)

    @cached_property
    def customer(self) -> Customer | None:
        """Whose cost is explained; none for all of them."""
        return None if self.is_all else self.find_customer()

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the customer's cost."""
        return (
            [*super().get_crumbs(), (self.customer.name, self.costs_url(self.budget))]
            if self.customer
            else super().get_crumbs()
        )

    def costs_url(self, budget: Budget, **more: str) -> str:
        """Return the page of what the customer pays."""
        own = {"customer": str(self.customer.uuid)} if self.customer else {}
        return f"{reverse('reports:costs', args=[budget.slug])}?{urlencode({**own, **more})}"

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the causes, or what is known of all where the year before has printed figures only."""
        with reading_at_once("why", self.budget.pk, self.reader.pk, self.is_all):
            return self._read(**kwargs)

    def _read(self, **kwargs: object) -> Context:
        earlier = self.earlier
        is_asked = self.customer is not None or self.is_all
        why = load_why(self.budget, earlier, self.customer) if earlier and is_asked else None
        shown: dict[str, object] = {
            "customer": self.customer,
            "customers": self.customers,
            "is_all": self.is_all,
            "earlier": earlier,
            "earlier_year": name_earlier(self.budget),
            "why": why,
            "awaited": list_awaited(self.customer, self.reader),
            "has_assumed_keys": has_assumed_keys(self.budget),
        }
        if why and earlier:
            shown |= self._show(why, earlier)
        elif earlier:
            places = load_places(self.budget, earlier, self.reader)
            names = ("before", "after", "moved", "other")
            total = {name: sum(getattr(place.row.step, name) for place in places) for name in names}
            shown |= {"places": places, "places_total": total}
        return super().get_context_data(**{**shown, **kwargs})

    def _show(self, why: Why, earlier: Budget) -> dict[str, object]:
        speaker = Speaker(self.budget, earlier, self.reader)
        causes = speaker.say_causes(why)
        given = load_reasons(self.budget, earlier, self.reader)
        ordered = sorted(why.products, key=lambda row: -abs(row.change))
        changed = [self._link(speaker.say_product(row, given.get(row.product.pk, ())), earlier) for row in ordered]
        return {
            "causes": causes,
            "chart": draw_why(self.budget, why, causes, ""),
            "before_url": self.costs_url(earlier) if self.customer else lines_url(earlier),
            "after_url": self.costs_url(self.budget) if self.customer else lines_url(self.budget),
            "after": why.before + why.change,
            "growth": growth(why.before + why.change, why.before),
            "products": changed[:MOST_SHOWN],
            "folded": changed[MOST_SHOWN:],
            "folded_change": sum(row.row.change for row in changed[MOST_SHOWN:]),
        }

    def _link(self, shown: ShownProduct, earlier: Budget) -> ShownProduct:
        """Add the pages of what the product's figures are made of: the customer's share, or the product's lines."""
        return replace(
            shown, url=self._share_url(shown.row, self.budget), earlier_url=self._share_url(shown.row, earlier)
        )

    def _share_url(self, row: ProductWhy, budget: Budget) -> str:
        held = row.product if row.product.budget_id == budget.pk else row.earlier
        if held is None or held.budget_id != budget.pk:
            return ""
        if self.customer is None:
            return lines_url(budget, sub_budget=held.sub_budget.slug, product=str(held.lineage))
        return f"{self.costs_url(budget, product=str(held.lineage))}#share" if held.allocation_key_id else ""
