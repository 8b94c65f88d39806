"""The forms of the register: a new product, another name, place, category, VAT or key, and ending, splitting, merging."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import BudgetProduct
from budgets.selectors.products import count_lines, load_product_rows
from budgets.services.products.parts import end_product, merge_products, split_product
from budgets.services.products.register import add_product, change_product
from desk.products.base import OfProductView, ProductFormView
from desk.products.form import EndForm, MergeForm, NewProductForm, ProductForm, SplitForm
from web.views import Context


class NewProductView(ProductFormView):
    """Adds a product to a draft budget."""

    title = gettext_lazy("New product")
    submit = gettext_lazy("Add product")

    def get_form(self, data: QueryDict | None = None) -> NewProductForm:
        """Return the form."""
        place = self.request.GET.get("sub_budget")
        return NewProductForm(data, instance=BudgetProduct(budget=self.budget), initial={"sub_budget": place})

    def save(self, form: NewProductForm) -> str:
        """Add it."""
        product = add_product(form.get_values(), by=self.reader, product=form.cleaned_data["product"])
        return _("“%(name)s” is added. Open it in its sub-budget to enter its lines.") % {"name": product.name}


class EditProductView(OfProductView):
    """Renames a product, moves it to another sub-budget, or gives it another category, VAT or key."""

    title = gettext_lazy("Change product")
    submit = gettext_lazy("Save")

    def get_form(self, data: QueryDict | None = None) -> ProductForm:
        """Return the form."""
        return ProductForm(data, instance=self.product)

    def save(self, form: ProductForm) -> str:
        """Save it."""
        change_product(self.product, form.get_values(), by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]}


class EndProductView(OfProductView):
    """Takes a product out of the budget, after a question about its lines."""

    title = gettext_lazy("End the product in this budget?")
    submit = gettext_lazy("End product")
    template_name = "desk/products/end_product.html"

    def get_form(self, data: QueryDict | None = None) -> EndForm:
        """Return the question."""
        return EndForm(data, initial=self.get_initial(), line_count=count_lines(self.product))

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what it costs."""
        (row,) = load_product_rows([self.product], self.budget, self.reader)
        return super().get_context_data(row=row, **kwargs)

    def save(self, form: EndForm) -> str:
        """End it."""
        name, values = self.product.name, form.cleaned_data
        end_product(self.product, by=self.reader, with_lines=values.get("with_lines", False), shown=values["shown"])
        return _("“%(name)s” is ended in this budget. It can be undone below the list.") % {"name": name}

    def get_return_url(self) -> str:
        """Return the product's page while there is one."""
        return self.product_url if self.product.pk else self.list_url


class MergeProductView(EndProductView):
    """Lets a product's lines follow it into another one."""

    title = gettext_lazy("Merge the product into another one")
    submit = gettext_lazy("Merge")
    template_name = "desk/products/product_form.html"

    def get_form(self, data: QueryDict | None = None) -> Any:
        """Return the form."""
        return MergeForm(data, initial=self.get_initial(), product=self.product)

    def save(self, form: Any) -> str:
        """Merge them."""
        name, into = self.product.name, form.cleaned_data["into"]
        merge_products(self.product, into, by=self.reader, shown=form.cleaned_data["shown"])
        return _("“%(name)s” is merged into “%(into)s” with its lines.") % {"name": name, "into": into.name}


class SplitProductView(OfProductView):
    """Gives some of a product's lines to a new one."""

    title = gettext_lazy("Split the product")
    submit = gettext_lazy("Split")

    def get_form(self, data: QueryDict | None = None) -> SplitForm:
        """Return the form, which starts with what the product is."""
        old = self.product
        new = BudgetProduct(
            budget=self.budget,
            sub_budget=old.sub_budget,
            category=old.category,
            vat_percent=old.vat_percent,
            allocation_key=old.allocation_key,
        )
        return SplitForm(data, instance=new, source=old, initial=self.get_initial())

    def save(self, form: SplitForm) -> str:
        """Split it."""
        values = form.cleaned_data
        new = split_product(self.product, form.get_values(), values["lines"], by=self.reader, shown=values["shown"])
        return _("“%(new)s” has the chosen lines; what the two cost together is as before.") % {"new": new.name}
