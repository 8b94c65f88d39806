"""The register of a budget's products, and the page of one of them."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from budgets.models import Budget, BudgetProduct
from budgets.selectors.product_acts import list_product_acts
from budgets.selectors.products import (
    ProductRow,
    can_propose,
    find_budget_product,
    list_own_places,
    list_places,
    list_product_keys,
    list_proposals,
    list_register,
    load_customer_shares,
    load_product_rows,
)
from budgets.services.products.register import confirm_category
from budgets.services.products.undoing import undo_product_act
from desk.products.base import InProduct, InProducts
from desk.products.filter import ProductFilter
from desk.products.table import YEARS, ProductTable
from engine.result import sum_amounts
from objects.selectors.registers import can_keep
from pages.acts import ToldAct, tell_acts
from pages.base import InBudget
from pages.changes import load_changes
from pages.imports import find_import_url
from records.services.stale import StaleError
from web.views import BaseListView, Context, Rows, own_address


class ProductListView(InBudget, BaseListView[BudgetProduct]):
    """All products of a budget, filtered, with what has been done with them last."""

    title = gettext_lazy("Products")
    nav_key = "products"
    template_name = "desk/products/products.html"
    table_class = ProductTable
    object_list: QuerySet[BudgetProduct]

    def get_rows(self, user: User) -> QuerySet[BudgetProduct]:
        """Return those the reader may see."""
        return list_register(self.budget, user)

    def get_filterset(self, rows: Rows[BudgetProduct]) -> ProductFilter:
        """Filter by what this budget holds."""
        return ProductFilter(
            self.request.GET,
            queryset=rows,
            request=self.request,
            places=list(list_places(self.budget)),
            keys=list(list_product_keys(self.budget)),
        )

    @property
    def can_change(self) -> bool:
        """Whether the reader keeps the register, and the budget is still a draft."""
        return can_keep(self.reader) and self.budget.status == Budget.Status.DRAFT

    @cached_property
    def rows(self) -> list[ProductRow]:
        """The products with what each costs, and who pays."""
        return load_product_rows(self.object_list, self.budget, self.reader)

    def get_table_data(self) -> list[ProductRow]:
        """Return them."""
        return self.rows

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table its budget, and the sums of all rows."""
        totals = dict(zip(YEARS, sum_amounts(row.amounts for row in self.rows), strict=True))
        return {"budget": self.budget, "totals": totals, "can_confirm": self.can_change}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what the reader may do, and what has been done."""
        shown = {
            "acts": self.tell_acts(),
            "can_change": self.can_change,
            "can_propose": bool(list_own_places(self.budget, self.reader)),
            "proposals": list(list_proposals(self.budget, self.reader)),
            "import_url": find_import_url("products", self.reader, self.budget.slug),
        }
        return super().get_context_data(**shown, **kwargs)

    def tell_acts(self) -> list[ToldAct]:
        """Return the latest changes to those who keep the register."""
        if not can_keep(self.reader):
            return []

        def undo_url(act: UUID) -> str:
            return reverse("budgets:undo_product_act", args=[self.budget.slug, act])

        acts = list_product_acts(self.budget, self.reader)
        return tell_acts(acts, undo_url if self.can_change else None)


class ConfirmCategoryView(InProducts):
    """Confirms an assumed category, one product at a time, as the list showed it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Confirm it, and go back to the list."""
        self.require()
        lineage, _dot, seen = request.POST.get("product", "").partition(".")
        product = _find(self.budget, self.reader, lineage)
        try:
            confirm_category(product, by=self.reader, seen=seen)
        except StaleError:
            said = _("Somebody else has changed “%(name)s” since you opened the list. Look at it again.")
            messages.error(request, said % {"name": product.name})
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            said = _("The category of “%(name)s” is confirmed.")
            messages.success(request, said % {"name": product.name})
        return HttpResponseRedirect(own_address(request.POST.get("next", "")) or self.list_url)


def _find(budget: Budget, user: User, lineage: str) -> BudgetProduct:
    try:
        product = find_budget_product(budget, user, UUID(lineage))
    except ValueError:
        product = None
    if product is None:
        raise Http404
    return product


class UndoView(InProducts):
    """Takes back a change of products."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it back, or say why it can't be."""
        self.require()
        try:
            undo_product_act(self.budget, self.kwargs["act"], by=self.reader)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("The change is undone."))
        return HttpResponseRedirect(self.list_url)


class ProductView(InProduct):
    """One product: what it is in the budget, what it costs and who pays, and its history."""

    template_name = "desk/products/product.html"

    def get_title(self) -> str:
        """Return its name."""
        return self.product.name

    def get_context_data(self, **kwargs: object) -> Context:
        """Read what belongs to it."""
        (row,) = load_product_rows([self.product], self.budget, self.reader)
        shares = load_customer_shares(self.product, self.reader)
        shown = {
            "row": row,
            "shares": shares,
            "share_totals": sum_amounts(amounts for _customer, amounts in shares),
            "can_change": can_keep(self.reader) and self.budget.status == Budget.Status.DRAFT,
            "can_propose": can_propose(self.reader, self.product.sub_budget),
            "changes": load_changes(self.reader, self.product),
            "lines_url": reverse("budgets:sub_budget", args=[self.budget.slug, self.product.sub_budget.slug]),
        }
        return super().get_context_data(**{**kwargs, **shown})
