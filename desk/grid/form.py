"""The form that changes many amounts at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import COST_KINDS, BudgetProduct
from engine.spreading import Spread
from web.fields import NumberField, NumberInput, OreFormField

READERS = {
    "percent": NumberField(max_digits=14, decimal_places=4, min_value=-1000, max_value=1000),
    "amount": OreFormField(),
}


class ManyForm(forms.Form):
    """Which amounts of a sub-budget to change, and by how much."""

    use_required_attribute = False
    scope = forms.ChoiceField(label=gettext_lazy("Lines"))
    kind = forms.ChoiceField(label=gettext_lazy("Cost kind"), required=False)
    years = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Years"), coerce=int, widget=forms.CheckboxSelectMultiple, initial=["0"]
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            ("percent", gettext_lazy("raise by per cent")),
            ("amount", gettext_lazy("raise each amount by kronor")),
            ("index", gettext_lazy("adjust the year before by today's index")),
        ],
        initial="percent",
    )
    value = forms.CharField(
        label=gettext_lazy("By how much"),
        required=False,
        help_text=gettext_lazy(
            "For example 3.5 or −2. Not needed for the index, which leaves depreciation, interest, server operation and use of equity as they are."
        ),
        widget=NumberInput,
    )
    # Lines that are selected in the grid, and those that its filter shows, which the script names.
    lines = forms.CharField(required=False, widget=forms.HiddenInput)
    visible = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        products: list[BudgetProduct],
        years: tuple[int, int, int],
        kind: str = "",
        by_script: bool = False,
    ) -> None:
        """`by_script` offers what only the script can name; it takes away again what there is none of."""
        super().__init__(data, initial={"kind": kind}, auto_id="many-%s")
        known = {name for name in ("lines", "visible") if by_script or (data or {}).get(name)}
        scopes = [("all", _("All lines"))]
        scopes += [("selected", _("The selected lines"))] if "lines" in known else []
        scopes += [("visible", _("The lines that the filter shows"))] if "visible" in known else []
        self._offer("scope", [*scopes, *((str(product.lineage), product.name) for product in products)])
        self._offer("kind", [("", _("All")), *COST_KINDS])
        self._offer("years", [(str(at), str(year)) for at, year in enumerate(years)])

    def _offer(self, name: str, choices: list[tuple[str, str | Promise]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> None:
        """Read the value as the way of changing needs it."""
        values = self.cleaned_data
        reader = READERS.get(values.get("how", ""))
        try:
            values["number"] = reader.clean(values.get("value", "")) if reader else None
        except forms.ValidationError as error:
            self.add_error("value", error)


class SpreadForm(forms.Form):
    """A new sum of a year's amounts, of a product's lines or of all, and how it is spread on them."""

    use_required_attribute = False
    scope = forms.ChoiceField(label=gettext_lazy("Lines"))
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    total = OreFormField(label=gettext_lazy("New sum"))
    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            (Spread.PROPORTION.value, gettext_lazy("in proportion")),
            (Spread.CHANGE.value, gettext_lazy("the change equally")),
            (Spread.ALIKE.value, gettext_lazy("all lines alike")),
        ],
        initial=Spread.PROPORTION.value,
    )
    visible = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, object] | None = None, *, products: list[BudgetProduct], years: tuple[int, int, int]
    ) -> None:
        super().__init__(data, auto_id="spread-%s")
        scopes = [("all", _("All lines")), *((str(product.lineage), product.name) for product in products)]
        cast(forms.ChoiceField, self.fields["scope"]).choices = scopes
        cast(forms.ChoiceField, self.fields["year"]).choices = [(str(at), str(year)) for at, year in enumerate(years)]
