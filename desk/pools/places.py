"""Where a figure comes from and where it goes: a pool's page, and what a product's calculated cost rests on."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from budgets.models import COST_KINDS, BudgetProduct
from desk.pools.base import UnderPools
from engine.result import subtract_amounts
from pricing.selectors.places import CALCULABLE_HERE, list_rates, load_pool_contents, load_product_kinds, sum_replaced
from pricing.services.switching import switch_to_calculated, switch_to_entered
from web import errors
from web.names import name_of
from web.typing import Context
from web.views import Crumb

# What a request to switch says it wants.
SWITCHES = {"calculated": switch_to_calculated, "entered": switch_to_entered}


class PoolView(UnderPools, TemplateView):
    """A pool: what it costs, and who takes it."""

    template_name = "desk/pools/pool.html"

    def get_title(self) -> str:
        """Return its name."""
        return name_of(self.pool)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what it is made of and where it ends up."""
        contents = load_pool_contents(self.pool, self.reader)
        own = {"pool": self.pool, "contents": contents, "can_edit": self.can_edit, "years": self.budget.years}
        return super().get_context_data(**{**kwargs, **own})


class InProduct(UnderPools, TemplateView):
    """A page on what a product's calculated cost rests on."""

    @cached_property
    def product(self) -> BudgetProduct:
        """The address's product."""
        rows = BudgetProduct.objects.visible_to(self.reader).select_related("sub_budget", "budget")
        product: BudgetProduct | None = rows.filter(budget=self.budget, lineage=self.kwargs["product"]).first()
        if product is None:
            raise Http404
        return product

    @property
    def product_url(self) -> str:
        """The product in its sub-budget's table."""
        address = reverse("budgets:sub_budget", args=[self.budget.slug, self.product.sub_budget.slug])
        return f"{address}#product-{self.product.lineage}"

    @property
    def rests_url(self) -> str:
        """This page."""
        return reverse("budgets:product_rests_on", args=[self.budget.slug, self.product.lineage])


class RestsOnView(InProduct):
    """What a product's calculated cost rests on: pools with weights, posts and rates; and the switch."""

    template_name = "desk/pools/rests_on.html"

    def get_title(self) -> str:
        """Return the product's name."""
        return str(self.product.name)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the product's sub-budget."""
        return [*super().get_crumbs(), (name_of(self.product.sub_budget), self.product_url)]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add each kind with what it rests on."""
        own = {
            "product": self.product,
            "product_url": self.product_url,
            "kinds": load_product_kinds(self.product, self.reader),
            "rates": list_rates(self.budget),
            "can_edit": self.can_edit,
            "years": self.budget.years,
        }
        return super().get_context_data(**{**kwargs, **own})


class SwitchView(InProduct):
    """Has a product's cost of a kind calculated instead of entered, or the other way; first shows what differs."""

    template_name = "desk/pools/switch.html"
    title = gettext_lazy("Calculated or entered")
    writes = True

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the kind."""
        kind = self.kwargs["calculated_kind"]
        if kind not in CALCULABLE_HERE:
            raise Http404
        found = next((row for row in load_product_kinds(self.product, self.reader) if row.kind == kind), None)
        if found is None:
            raise Http404
        entered = sum_replaced(self.product, kind)
        then = (entered or found.standing) if found.is_calculated else found.calculated
        own = {
            "row": found,
            "now": found.standing,
            "then": then,
            "differs": subtract_amounts(then, found.standing),
            "product": self.product,
            "return_url": self.rests_url,
            "years": self.budget.years,
        }
        return super().get_context_data(**{**kwargs, **own})

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Switch; asked again for what is so already, nothing is done."""
        kind = self.kwargs["calculated_kind"]
        if kind not in CALCULABLE_HERE:
            raise Http404
        to = request.POST.get("to")
        if to not in SWITCHES:
            return errors.bad_request(request, ValueError("neither calculated nor entered"))
        is_calculated, switch = to == "calculated", SWITCHES[to]
        try:
            switch(self.product, kind, by=self.reader)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(refused=" ".join(error.messages)), status=422)
        words = {"kind": dict(COST_KINDS)[kind], "product": self.product.name}
        said = (
            _("%(kind)s of %(product)s is calculated from now on.")
            if is_calculated
            else _("%(kind)s of %(product)s is entered again.")
        )
        messages.success(request, said % words)
        return HttpResponseRedirect(self.rests_url)
