"""The form of a contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from objects.models import Contract, Product
from objects.services.contracts import find_contract_faults
from pages.forms import SeenForm, text_area
from web.fields import NumberField, type_number
from web.ordering import in_swedish

if TYPE_CHECKING:
    ProductChoiceField = forms.ModelChoiceField[Product]
else:
    ProductChoiceField = forms.ModelChoiceField

FIELDS = (
    "name", "supplier", "product", "registry_no", "starts_on", "ends_on", "notice_months", "last_notice_on", "warn_days",
    "amount_ore", "price_year", "index_name", "index_month", "note",
)  # fmt: skip


class ContractForm(SeenForm):
    """A contract."""

    index_percent = NumberField(
        label=_("Raise a year by the clause, per cent"),
        max_digits=6,
        decimal_places=3,
        required=False,
        help_text=_("What the index is expected to raise the price by. Left empty, the price stays."),
    )
    field_order = (*FIELDS[:-1], "index_percent", "note")

    class Meta:
        model = Contract
        formfield_callback = type_number
        fields = (*FIELDS, "index_percent")
        widgets = {"note": text_area(3)}
        help_texts = {
            "name": _("What is bought, as the contract names it."),
            "notice_months": _("Counted back from the end. Or write the last day below."),
            "price_year": _("The year whose price the amount is."),
            "index_name": _("As the clause names it, for example KPI."),
            "index_month": _("1 to 12: which month's index the price is raised by."),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Contract) -> None:
        super().__init__(data, instance=instance)
        field = cast(ProductChoiceField, self.fields["product"])
        field.queryset = Product.objects.filter(ended_on=None).order_by(in_swedish("name"))
        cast(NumberField, self.fields["index_month"]).narrow(least=1, most=12)

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        names = (*FIELDS, "index_percent")
        contract = Contract(**{name: self.cleaned_data.get(name) for name in names if name != "product"})
        self.add_faults(find_contract_faults(contract))
