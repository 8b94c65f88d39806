"""The forms of the investment budget: a purchase, a class with its life and price, how far a purchase has come, carriers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Budget, BudgetProduct
from engine.years import AMOUNTS
from investments.models import AssetClass, Investment, InvestmentItem, ProductClass, PurchaseState
from investments.services.purchases import find_item_faults, find_row_faults
from objects.models import Customer, Decision
from pages.forms import DigestForm, SeenForm, text_area
from web.fields import NumberField, WholeNumberField
from web.names import name_of

ITEM_FIELDS = (
    "investment", "name", "customer", "year", "month", "quantity", "unit_price_ore", "amount_ore", "priority", "decision", "note",
)  # fmt: skip
ROW_FIELDS = ("asset_class", "financing", "useful_life_years", "assumed_life_years", "unit_price_ore", *AMOUNTS, "note")


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A class of the budget; of one that is there twice, also how it is paid."""

    def label_from_instance(self, obj: Investment) -> str:
        """Return its name."""
        paid = "" if obj.financing == Investment.Financing.LOAN else f" ({obj.get_financing_display()})"
        return f"{obj.asset_class.name}{paid}"


class ItemForm(DigestForm):
    """A purchase: what, for whom, when, how many and at what price, or an amount."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    month = forms.TypedChoiceField(
        label=gettext_lazy("Taken into use in the month"), coerce=int, empty_value=None, required=False
    )
    quantity = WholeNumberField(label=gettext_lazy("Quantity"), required=False, min_value=1, max_value=1_000_000)
    priority = WholeNumberField(
        label=gettext_lazy("Priority"), required=False, min_value=1, max_value=999,
        help_text=gettext_lazy("1 is paid for first. Without one it comes last."),
    )  # fmt: skip

    class Meta:
        model = InvestmentItem
        fields = ITEM_FIELDS
        field_classes = {"investment": RowField}
        labels = {"investment": gettext_lazy("Asset class")}
        help_texts = {
            "amount_ore": gettext_lazy(
                "Follows from quantity and price where both are given. Empty without them: not yet known."
            ),
        }
        widgets = {"note": text_area(2)}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: InvestmentItem) -> None:
        super().__init__(data, instance=instance)
        budget = instance.budget
        rows = cast(RowField, self.fields["investment"])
        rows.queryset = Investment.objects.filter(budget=budget).select_related("asset_class")
        rows.empty_label = _("Choose")
        years = cast(forms.TypedChoiceField, self.fields["year"])
        years.choices = [(year, str(year)) for year in budget.years]
        months = cast(forms.TypedChoiceField, self.fields["month"])
        names = [(number, str(MONTHS[number]).capitalize()) for number in range(1, 13)]
        months.choices = [("", _("Even over the year")), *names]
        cast(forms.ModelChoiceField, self.fields["customer"]).queryset = Customer.objects.all()  # type: ignore[type-arg]
        cast(forms.ModelChoiceField, self.fields["decision"]).queryset = Decision.objects.all()  # type: ignore[type-arg]

    def clean(self) -> None:
        """Let quantity and price give the amount, and look at what the fields say together."""
        super().clean()
        typed = {
            name: self.cleaned_data.get(name) for name in ITEM_FIELDS if name not in ("investment", "note", "name")
        }
        quantity, price = typed["quantity"], typed["unit_price_ore"]
        if typed["year"] is None:
            return
        if quantity and price is not None and not {"quantity", "unit_price_ore", "amount_ore"} & self.errors.keys():
            product = quantity * price
            if "amount_ore" in self.changed_data and typed["amount_ore"] not in (
                None,
                product,
                self.instance.amount_ore,
            ):
                self.add_error(
                    "amount_ore", _("The amount is quantity times price each. Leave it empty, or empty those.")
                )
            self.cleaned_data["amount_ore"] = product
        self.add_faults(find_item_faults(InvestmentItem(budget=self.instance.budget, **typed)))


class RowForm(DigestForm):
    """A class in the budget: how it is paid, its life and price here, and what no purchase says more of."""

    useful_life_years = WholeNumberField(
        label=gettext_lazy("Useful life, years"), required=False, min_value=1, max_value=100,
        help_text=gettext_lazy("In this budget. Another life changes no earlier budget."),
    )  # fmt: skip
    assumed_life_years = WholeNumberField(
        label=gettext_lazy("Assumed life, years"), required=False, min_value=1, max_value=100,
        help_text=gettext_lazy("Counts while the useful life is not known; what rests on it is shown as assumed."),
    )  # fmt: skip

    class Meta:
        model = Investment
        fields = ROW_FIELDS
        widgets = {"note": text_area(2)}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Investment) -> None:
        super().__init__(data, instance=instance)
        classes = cast(forms.ModelChoiceField, self.fields["asset_class"])  # type: ignore[type-arg]
        classes.queryset = AssetClass.objects.order_by("position")
        classes.empty_label = _("Choose")
        for name, year in zip(AMOUNTS, instance.budget.years, strict=True):
            self.fields[name].label = _("Not specified %(year)s, SEK") % {"year": year}
            self.fields[name].help_text = _("Even over the year, beside its purchases. Empty: not yet known.")

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        typed = {name: self.cleaned_data.get(name) for name in ROW_FIELDS if name not in ("note", "asset_class")}
        chosen = self.cleaned_data.get("asset_class")
        if chosen is not None:
            own = Investment(pk=self.instance.pk, budget=self.instance.budget, asset_class=chosen, **typed)
            self.add_faults(find_row_faults(own))


class StateForm(SeenForm):
    """How far a purchase has come."""

    class Meta:
        model = PurchaseState
        fields = ("state", "ordered_ore", "paid_ore", "note")
        widgets = {"note": text_area(2)}


class CarriersForm(forms.Form):
    """The weights by which products carry a class: one field a product that does, and room for one more."""

    product = forms.ModelChoiceField(
        label=gettext_lazy("One more product"), queryset=BudgetProduct.objects.none(), required=False
    )
    weight = NumberField(
        label=pgettext_lazy("of one more product", "Its weight"), required=False, max_digits=12, decimal_places=4, min_value=0
    )  # fmt: skip

    def __init__(self, data: Mapping[str, object] | None, *, budget: Budget, carriers: list[ProductClass]) -> None:
        super().__init__(data)
        self.carriers = carriers
        for row in carriers:
            self.fields[self.name_of(row)] = NumberField(
                label=f"{name_of(row.budget_product.sub_budget)}: {row.budget_product.name}",
                required=False, max_digits=12, decimal_places=4, min_value=0, initial=row.weight,
                help_text=_("Empty: carries it no more."),
            )  # fmt: skip
        self.order_fields([*(self.name_of(row) for row in carriers), "product", "weight"])
        field = cast(forms.ModelChoiceField, self.fields["product"])  # type: ignore[type-arg]
        taken = [row.budget_product_id for row in carriers]
        products = BudgetProduct.objects.filter(budget=budget).exclude(pk__in=taken).select_related("sub_budget")
        field.queryset = products.order_by("sub_budget__position", "position", "pk")
        field.label_from_instance = lambda obj: f"{name_of(obj.sub_budget)}: {obj.name}"  # type: ignore[method-assign]

    @staticmethod
    def name_of(row: ProductClass) -> str:
        """Return what a carrier's field is called."""
        return f"weight_{row.budget_product.lineage.hex}"

    def clean(self) -> None:
        """A product and its weight belong together."""
        product, weight = self.cleaned_data.get("product"), self.cleaned_data.get("weight")
        if product is None and weight:
            self.add_error("product", _("Choose the product that the weight is of."))
        if product is not None and weight is None and "weight" not in self.errors:
            self.cleaned_data["weight"] = 1

    def read(self, budget: Budget, part: int | None) -> list[ProductClass]:
        """Return the carriers as they are chosen."""
        chosen = [(row.budget_product, self.cleaned_data.get(self.name_of(row))) for row in self.carriers]
        if self.cleaned_data.get("product"):
            chosen.append((self.cleaned_data["product"], self.cleaned_data["weight"]))
        return [
            ProductClass(budget=budget, budget_product=product, asset_class_id=part, weight=weight)
            for product, weight in chosen
            if weight is not None
        ]
