"""The form of one cost line, in kronor. Quantity and unit price give the first amount; typing another clears both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import COST_KINDS, LINE_FIELDS, BudgetProduct, CostLine
from budgets.selectors.lines import list_governance_objects
from budgets.services.grid.cells import find_long_texts, settle_line
from engine.lines import FIGURES, TIED
from engine.result import CostKind
from engine.years import AMOUNTS
from records.forms import LongTextField
from web.fields import NumberField, OreFormField, ask_about_slips
from web.names import name_of
from web.numbers import UNKNOWN, format_quantity, format_sek

if TYPE_CHECKING:
    from objects.models import GovernanceObject

    ObjectChoiceField = forms.ModelChoiceField[GovernanceObject]
else:
    ObjectChoiceField = forms.ModelChoiceField


class ObjectField(ObjectChoiceField):
    """A choice of governance object by its name in the reader's language."""

    def label_from_instance(self, obj: GovernanceObject) -> str:
        """Return the shown name."""
        return name_of(obj)


class LineForm(forms.Form):
    """Adds a line to `product`, or changes `line`."""

    use_required_attribute = False
    text = forms.CharField(label=gettext_lazy("Text"), max_length=240)
    cost_kind = forms.ChoiceField(label=gettext_lazy("Cost kind"))
    quantity = NumberField(label=gettext_lazy("Quantity"), max_digits=14, decimal_places=4, required=False)
    unit_price_ore = OreFormField(label=gettext_lazy("Unit price, SEK"), required=False)
    amount_1_ore = OreFormField(required=False)
    amount_2_ore = OreFormField()
    amount_3_ore = OreFormField()
    governance_object = ObjectField(
        label=gettext_lazy("Object that the cost is for"), queryset=None, to_field_name="slug", required=False
    )
    note = LongTextField(
        label=pgettext_lazy("of a line", "Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        product: BudgetProduct,
        line: CostLine | None = None,
        closed: str = "",
    ) -> None:
        """`closed` says why the line's figures can't be changed, where they can't."""
        super().__init__(data, initial=_initial(line), auto_id=f"line-{line.lineage if line else product.lineage}-%s")
        self.is_base_grant = product.sub_budget.is_base_grant
        self.line = line or CostLine(budget_product=product, cost_kind=CostKind.DIRECT_COST.value)
        for name, year in zip(AMOUNTS, product.sub_budget.budget.years, strict=True):
            self.fields[name].label = _("Amount %(year)s, SEK") % {"year": year}
        kinds = [kind for kind in COST_KINDS if self.is_base_grant or kind[0] != CostKind.USE_OF_EQUITY]
        cast(forms.ChoiceField, self.fields["cost_kind"]).choices = kinds
        if self.is_base_grant:
            cast(ObjectField, self.fields["governance_object"]).queryset = list_governance_objects()
        else:
            del self.fields["governance_object"]
        self.closed = closed
        # A page on which they were closed sends none of them, also where they are open by now: they stay as they are.
        self.is_closed = bool(closed) or (line is not None and data is not None and not data.keys() & set(FIGURES))
        if self.is_closed:
            for name in FIGURES:
                self.fields[name].disabled = True
        else:
            self.fields["amount_1_ore"].help_text = _("Calculated when quantity and unit price are given.")

    def clean(self) -> None:
        """Settle the figures by what was typed of them; those that hang together wait until all of them can be read."""
        ask_about_slips(self)
        values = self.cleaned_data
        unread = TIED if TIED & self.errors.keys() else frozenset[str]()
        typed = {name: values[name] for name in FIGURES if name in {*self.changed_data} & values.keys() - unread}
        for name, error in (find_long_texts(values) | settle_line(self.line, typed)).items():
            self.add_error(name, str(error))
        settled = values | typed
        if not self.errors and values["amount_1_ore"] is None and settled["quantity"] is None:
            self.add_error("amount_1_ore", _("Write an amount, or quantity and unit price."))
        self.cleaned_data = settled

    def get_values(self) -> dict[str, object]:
        """Return what the services write."""
        left = {"seen", *(FIGURES if self.is_closed else ())}
        values = {name: value for name, value in self.cleaned_data.items() if name not in left}
        if "governance_object" in values:
            chosen = values.pop("governance_object")
            values["governance_object_id"] = chosen.pk if chosen else None
        return values


class PlaceForm(forms.Form):
    """Copies a line, or moves it: within its product, or to another of the sub-budget."""

    ACTS = ("copy", "up", "down", "to")
    use_required_attribute = False
    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    to = forms.ChoiceField(label=gettext_lazy("Move to product"), required=False)
    new = forms.UUIDField(required=False)

    def __init__(
        self, data: Mapping[str, object] | None = None, *, line: CostLine, products: Iterable[BudgetProduct]
    ) -> None:
        super().__init__(data, initial={"new": uuid4()}, auto_id="place-%s")
        own = line.budget_product_id
        others = [(str(product.lineage), product.name) for product in products if product.pk != own]
        cast(forms.ChoiceField, self.fields["to"]).choices = others

    def clean(self) -> None:
        """Ask for a product when a line moves to another."""
        values = self.cleaned_data
        if values.get("act") == "to" and not values.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose a product."))


def _initial(line: CostLine | None) -> dict[str, object]:
    if line is None:
        return {"cost_kind": CostKind.DIRECT_COST.value}
    initial = {name: getattr(line, name) for name in LINE_FIELDS}
    slug = line.governance_object.slug if line.governance_object else None
    return {**initial, "governance_object": slug, "seen": line.edited_at.isoformat()}


def describe_changes(form: LineForm, line: CostLine) -> list[dict[str, str]]:
    """Return where what is typed differs from what somebody else has saved: label, theirs and mine, as shown."""
    names = [name for name in form.fields if name in form.cleaned_data and name != "seen"]
    pairs = {name: (form.cleaned_data[name], getattr(line, name)) for name in names}
    return [
        {"label": str(form.fields[name].label), "mine": _show(name, mine), "theirs": _show(name, theirs)}
        for name, (mine, theirs) in pairs.items()
        if (mine or None) != (theirs or None)
    ]


def _show(name: str, value: Any) -> str:
    if name in AMOUNTS or name == "unit_price_ore":
        return format_sek(value)
    if name == "quantity":
        return UNKNOWN if value is None else format_quantity(value)
    if name == "cost_kind":
        return str(dict(COST_KINDS)[value])
    return name_of(value) if name == "governance_object" and value else str(value or "–")
