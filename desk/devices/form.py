"""The forms of the device register: a batch, retiring some of it, writing it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investments.models import AssetClass, DeviceBatch
from investments.models.devices import AHEAD, BACK, MOST_DEVICES
from investments.selectors.devices import DEVICE_FIELDS, list_holders
from investments.services.devices import find_device_faults, find_retirement_faults
from pages.forms import SeenForm, text_area
from web.fields import OreFormField, WholeNumberField, type_number
from web.months import MonthFormField

if TYPE_CHECKING:
    from objects.models import Customer

    CustomerField = forms.ModelChoiceField[Customer]
    ClassField = forms.ModelChoiceField[AssetClass]
else:
    CustomerField = ClassField = forms.ModelChoiceField


class DeviceForm(SeenForm):
    """A batch of devices. How it was retired is not typed here."""

    taken_on = MonthFormField(
        label=_("Month taken into use"),
        back=BACK,
        ahead=AHEAD,
        help_text=_("Its cost is depreciated from that month on. Of what is ordered: the month it is expected."),
    )

    class Meta:
        model = DeviceBatch
        formfield_callback = type_number
        fields = DEVICE_FIELDS
        widgets = {"note": text_area(2)}
        help_texts = {
            "customer": _("Whose devices they are. Left empty for what the federation itself uses, such as a network."),
            "cost_centre": _("As the customer calls it; it may stand on the bill."),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: DeviceBatch) -> None:
        super().__init__(data, instance=instance)
        cast(ClassField, self.fields["asset_class"]).queryset = AssetClass.objects.order_by("position", "pk")
        holders = cast(CustomerField, self.fields["customer"])
        holders.queryset, holders.empty_label = list_holders(), str(_("the federation"))
        if instance.state == DeviceBatch.State.RETIRED:
            del self.fields["state"]
        else:
            choices = [choice for choice in DeviceBatch.State.choices if choice[0] != DeviceBatch.State.RETIRED]
            cast(forms.ChoiceField, self.fields["state"]).choices = choices

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        shown = {name: self.cleaned_data.get(name) for name in DEVICE_FIELDS if name in self.fields}
        was = self.instance
        kept = {"pk": was.pk, "retired_on": was.retired_on, "sale_price_ore": was.sale_price_ore, "state": was.state}
        self.add_faults(find_device_faults(DeviceBatch(**{**kept, **shown})))


class RetireForm(forms.Form):
    """How many of a batch are retired, when, and what they were sold for."""

    number = WholeNumberField(label=pgettext_lazy("of devices", "Number"), min_value=1, max_value=MOST_DEVICES)
    month_on = MonthFormField(
        label=_("Month"), back=BACK, ahead=0, help_text=_("That month is not depreciated any more.")
    )
    price_ore = OreFormField(
        label=_("Sold for in total, SEK"), required=False, help_text=_("Left empty when they were scrapped.")
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, row: DeviceBatch, left: int) -> None:
        super().__init__(data, initial={"number": left})
        self.row = row

    def clean(self) -> None:
        """Hold it to the batch."""
        super().clean()
        number, month, price = (self.cleaned_data.get(name) for name in ("number", "month_on", "price_ore"))
        for field, said in find_retirement_faults(self.row, number=number, month_on=month, price=price or 0):
            if field not in self.errors:
                self.add_error(field or None, said)


class WriteDownForm(forms.Form):
    """The month at whose end those left of a batch were found to be worth less, and what they were worth."""

    month_on = MonthFormField(label=_("Month"), back=BACK, ahead=0, help_text=_("The value is of its last day."))
    value_ore = OreFormField(label=_("Worth after it, SEK"), help_text=_("All that are left of the batch, together."))
