"""The forms of a product: what it is in a budget, and the questions before it is ended, split or merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from budgets.models import AllocationKey, BudgetProduct, ProductProposal, RevenueCategory, SubBudget
from budgets.models.proposals import LONGEST_NOTE
from budgets.selectors.products import SHOWN, list_addable, list_mergeable, list_places, list_product_keys
from budgets.services.products.register import ProductValues
from objects.models import Product
from pages.forms import DigestForm
from web.fields import type_number
from web.names import name_of
from web.numbers import format_sek

if TYPE_CHECKING:
    from collections.abc import Mapping

    PlaceChoice = forms.ModelChoiceField[SubBudget]
    KeyChoice = forms.ModelChoiceField[AllocationKey]
    ProductChoice = forms.ModelChoiceField[BudgetProduct]
    LastingChoice = forms.ModelChoiceField[Product]
else:
    PlaceChoice = KeyChoice = ProductChoice = LastingChoice = forms.ModelChoiceField

WITH_LINES = _("Delete its lines and what it is given too")
VAT_HELP = _("Per cent of the price, for example 25. Write 0 for what is sold without VAT.")


class PlaceField(PlaceChoice):
    """Sub-budgets by name, known by slug."""

    def label_from_instance(self, obj: SubBudget) -> str:
        """Return its name in the reader's language."""
        return name_of(obj)


class KeyField(KeyChoice):
    """Allocation keys by name, known by slug."""

    def label_from_instance(self, obj: AllocationKey) -> str:
        """Return its name in the reader's language."""
        return name_of(obj)


class ProductField(ProductChoice):
    """Products with their sub-budget, known by lineage."""

    def label_from_instance(self, obj: BudgetProduct) -> str:
        """Return name and sub-budget."""
        return f"{obj.name}, {name_of(obj.sub_budget)}"


class LastingField(LastingChoice):
    """Lasting products with their object, known by public id."""

    def label_from_instance(self, obj: Product) -> str:
        """Return its name, its object, and that it has ended."""
        owner = name_of(obj.governance_object) if obj.governance_object else _("Base grant")
        ended = _(", ended %(day)s") % {"day": obj.ended_on.isoformat()} if obj.ended_on else ""
        return f"{obj.name}, {owner}{ended}"


class ProductForm(DigestForm):
    """What a product is in a budget."""

    sub_budget = PlaceField(
        SubBudget.objects.none(), to_field_name="slug", label=_("Sub-budget"), empty_label=_("Choose")
    )
    allocation_key = KeyField(
        AllocationKey.objects.none(),
        to_field_name="slug",
        label=_("Allocation key"),
        required=False,
        empty_label=_("none yet: nobody pays"),
        help_text=_("Decides what each customer pays of the product."),
    )

    class Meta:
        model = BudgetProduct
        formfield_callback = type_number
        fields = SHOWN
        help_texts = {"vat_percent": VAT_HELP}

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: BudgetProduct, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        budget = instance.budget
        cast(PlaceChoice, self.fields["sub_budget"]).queryset = list_places(budget)
        cast(KeyChoice, self.fields["allocation_key"]).queryset = list_product_keys(budget)
        if instance.sub_budget_id is not None:
            self.initial["sub_budget"] = instance.sub_budget.slug
        if instance.allocation_key is not None:
            self.initial["allocation_key"] = instance.allocation_key.slug
        category = cast(forms.ChoiceField, self.fields["category"])
        category.choices = [("", _("Choose")), *BudgetProduct._meta.get_field("category").flatchoices]

    def _post_clean(self) -> None:
        """Leave the row as it was shown: the service reads, checks and writes it."""

    def get_values(self) -> ProductValues:
        """Return what was chosen."""
        return ProductValues(**{name: self.cleaned_data[name] for name in SHOWN})


class NewProductForm(ProductForm):
    """A product that is new to the budget: one that lasts already, or a new one."""

    product = LastingField(
        Product.objects.none(),
        to_field_name="uuid",
        required=False,
        label=_("Product that there is already"),
        empty_label=_("none: it is a new product"),
        help_text=_("Choose one that another budget has, so that its years hang together."),
    )
    field_order = ("product", *SHOWN)

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: BudgetProduct, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        cast(LastingChoice, self.fields["product"]).queryset = list_addable(instance.budget)
        self.fields["name"].required = False
        self.fields["name"].help_text = _("Leave empty to keep the name of a product that there is already.")

    def clean(self) -> None:
        """Take the name from the product that is chosen."""
        super().clean()
        values = self.cleaned_data
        lasting = values.get("product")
        if not values.get("name"):
            if lasting is None:
                self.add_error("name", _("Write a name, or choose a product that there is already."))
            else:
                values["name"] = lasting.name


class ShownForm(forms.Form):
    """A form that is carried out on what it showed."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput())


class EndForm(ShownForm):
    """The question before a product is ended; one with lines, or that something gives to, asks about these."""

    with_lines = forms.BooleanField(required=False, label=WITH_LINES)

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["with_lines"]


class MergeForm(ShownForm):
    """Which product the lines follow into."""

    into = ProductField(
        BudgetProduct.objects.none(), to_field_name="lineage", label=_("Merge into"), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, product: BudgetProduct, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ProductChoice, self.fields["into"]).queryset = list_mergeable(product)


class SplitForm(ProductForm):
    """The new product, and the lines that it gets."""

    lines = forms.MultipleChoiceField(label=_("Lines of the new product"), widget=forms.CheckboxSelectMultiple)
    shown = forms.CharField(required=False, widget=forms.HiddenInput())
    field_order = (*SHOWN, "lines")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, instance: BudgetProduct, source: BudgetProduct, **kwargs: Any
    ) -> None:
        super().__init__(data, instance=instance, **kwargs)
        lines = source.cost_lines.filter(is_calculated=False).order_by("position", "pk")
        cast(forms.MultipleChoiceField, self.fields["lines"]).choices = [
            (str(line.lineage), f"{line.text}, {format_sek(line.amount_1_ore)} kr") for line in lines
        ]


class ProposalForm(forms.Form):
    """What an owner proposes: a new product, or another name or category, or the end of one."""

    kind = forms.ChoiceField(
        label=_("What you propose"),
        choices=[(kind.value, kind.label) for kind in (ProductProposal.Kind.CHANGE, ProductProposal.Kind.END)],
        widget=forms.RadioSelect,
    )
    sub_budget = forms.ChoiceField(label=_("Sub-budget"))
    name = forms.CharField(label=_("Name"), max_length=160)
    category = forms.ChoiceField(label=_("Revenue category"))
    note = forms.CharField(
        label=_("Reason for the proposal"), max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, places: list[SubBudget], row: BudgetProduct | None = None
    ) -> None:
        super().__init__(data)
        categories = [pair for pair in RevenueCategory.choices if pair[0] != RevenueCategory.BASE_GRANT]
        cast(forms.ChoiceField, self.fields["category"]).choices = [("", _("Choose")), *categories]
        place = cast(forms.ChoiceField, self.fields["sub_budget"])
        place.choices = [(one.slug, name_of(one)) for one in places]
        if len(places) == 1:
            place.initial, place.widget = places[0].slug, forms.HiddenInput()
        if row is None:
            del self.fields["kind"]
        else:
            self.initial = {"kind": ProductProposal.Kind.CHANGE, "name": row.name, "category": row.category}


class AnswerForm(forms.Form):
    """Whether a proposal is carried out, and what is said of it."""

    verdict = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("accept", _("Accept and carry out")), ("decline", _("Decline"))],
        widget=forms.RadioSelect,
    )
    with_lines = forms.BooleanField(required=False, label=WITH_LINES)
    answer = forms.CharField(
        label=_("Note to the one who proposed it"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed to decline."),
    )

    def __init__(self, *args: Any, is_end: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_end:
            del self.fields["with_lines"]
