"""The form of a moved cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from budgets.models import BudgetProduct
from engine.years import AMOUNTS
from pages.forms import DigestForm
from pricing.models import MovedCost
from web.names import name_of

PRODUCTS = ("from_product", "to_product")


class ProductField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A product of the budget, named with its sub-budget."""

    def label_from_instance(self, obj: BudgetProduct) -> str:
        """Return both names."""
        return f"{name_of(obj.sub_budget)}: {obj.name}"


class MovedForm(DigestForm):
    """From where to where, the three years' amounts and why."""

    class Meta:
        model = MovedCost
        fields = (*PRODUCTS, *AMOUNTS, "reason")
        field_classes = dict.fromkeys(PRODUCTS, ProductField)

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: MovedCost) -> None:
        super().__init__(data, instance=instance)
        products = BudgetProduct.objects.filter(budget=instance.budget).select_related("sub_budget")
        for name in PRODUCTS:
            field = cast(ProductField, self.fields[name])
            field.queryset = products.order_by("sub_budget__position", "position", "pk")
            field.empty_label = _("Choose")
        for name, year in zip(AMOUNTS, instance.budget.years, strict=True):
            self.fields[name].label = _("Amount %(year)s, SEK") % {"year": year}

    def clean(self) -> None:
        """Refuse a move to where it came from."""
        super().clean()
        start, end = (self.cleaned_data.get(name) for name in PRODUCTS)
        if start is not None and start == end:
            self.add_error("to_product", ValidationError(_("Choose another product than the one it moved from.")))
