"""What the pages of a budget's products have in common."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.models import BudgetProduct
from budgets.selectors.products import find_budget_product
from budgets.services.products.holding import say_closed
from budgets.services.shown import ChangedError, mark_shown
from objects.selectors.registers import can_keep
from pages.base import InBudget
from pages.form_view import FormView, ReaderView
from web.views import Context, Crumb


class InProducts(InBudget, ReaderView):
    """A page about the products of a budget."""

    nav_key = "products"

    @property
    def list_url(self) -> str:
        """The register's address."""
        return reverse("budgets:products", args=[self.budget.slug])

    def require(self) -> None:
        """Stop those who do not keep the register; a budget that the reader may not see does not exist."""
        if self.budget and not can_keep(self.reader):
            raise PermissionDenied

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the register."""
        return [*super().get_crumbs(), (_("Products"), self.list_url)]


class InProduct(InProducts):
    """A page about one product in a budget."""

    @cached_property
    def product(self) -> BudgetProduct:
        """The address's product; one the reader may not see does not exist."""
        product = find_budget_product(self.budget, self.reader, self.kwargs["product"])
        if product is None:
            raise Http404
        return product

    @property
    def product_url(self) -> str:
        """The product's address."""
        return reverse("budgets:product", args=[self.budget.slug, self.product.lineage])

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the product."""
        return super().get_context_data(**{**kwargs, "product": self.product})


class ProductFormView(InProducts, FormView):
    """A form of those who keep the register, for a draft budget; of an adopted one it says why there is none."""

    template_name = "desk/products/product_form.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the form, or say why it can't be filled in."""
        self.require()
        return self.refuse() if self.why_not() else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save; where somebody changed what the form was filled in on, show it as it is now."""
        self.require()
        if self.why_not():
            return self.refuse()
        try:
            return super().post(request, *args, **kwargs)
        except ChangedError as changed:
            typed = request.POST.copy()
            typed["shown"] = self.mark()
            form = self.get_form(typed)
            form.is_valid()
            form.add_error(None, str(changed))
            return self.show(form, status=422)

    def why_not(self) -> str:
        """Say why nothing can be changed here; empty when it can."""
        return say_closed(self.budget)

    def refuse(self) -> HttpResponse:
        """Say why nothing can be changed here."""
        own = {"refused": self.why_not(), "return_url": self.get_return_url()}
        return self.render_to_response(self.get_context_data(**own), status=409)

    def get_return_url(self) -> str:
        """Return the register."""
        return self.list_url

    def mark(self) -> str:
        """Return the mark of what the form shows."""
        return ""


class OfProductView(InProduct, ProductFormView):
    """A form about one product."""

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the product."""
        return [*super().get_crumbs(), (self.product.name, self.product_url)]

    def get_return_url(self) -> str:
        """Return the product's page."""
        return self.product_url

    def mark(self) -> str:
        """Return the mark of the product's sub-budget."""
        return mark_shown(self.product.sub_budget)

    def get_initial(self) -> dict[str, Any]:
        """Return the mark, for a form that is carried out on what it showed."""
        return {"shown": self.mark()}
