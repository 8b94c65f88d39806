"""The forms of a customer with its membership, and of a count of inhabitants."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.selectors.customers import municipality_of
from budgets.services.customer_faults import (
    MOST_INHABITANTS,
    CustomerValues,
    find_count_faults,
    find_customer_faults,
)
from budgets.services.customers import COUNT_FIELDS, CUSTOMER_FIELDS, mark_customer
from objects.models import Customer, Inhabitants
from pages.forms import DigestForm, text_area
from web.days import DayFormField
from web.fields import NumberField

# The form's names of a municipality's fields.
MEMBERSHIP = {
    "code": "code",
    "municipality_name": "name",
    "county": "county",
    "member_from_on": "member_from_on",
    "member_to_on": "member_to_on",
    "note": "note",
}


class CustomerForm(DigestForm):
    """A customer; the last fields are for members and former members."""

    organisation_number = forms.CharField(
        label=_("Organisation number"),
        max_length=20,
        required=False,
        help_text=_("Ten digits, for example 212000-0787."),
    )
    gln = forms.CharField(
        label=_("GLN"), max_length=20, required=False, help_text=_("Thirteen digits, for electronic invoices.")
    )
    code = forms.CharField(
        label=_("Municipality code"),
        max_length=4,
        required=False,
        help_text=_("Four digits. This and what follows is for members and former members only."),
    )
    municipality_name = forms.CharField(
        label=_("Name of the municipality"), max_length=60, required=False, help_text=_("For example Vimmerby.")
    )
    county = forms.CharField(label=_("County"), max_length=60, required=False)
    member_from_on = DayFormField(
        label=_("Member from"), required=False, help_text=_("Empty when it has been a member from the start.")
    )
    member_to_on = DayFormField(
        label=_("Member to"),
        required=False,
        help_text=_("The last day. Keys by inhabitants leave it out of the years after."),
    )
    note = forms.CharField(label=pgettext_lazy("of a line", "Note"), required=False, widget=text_area(3))

    class Meta:
        model = Customer
        fields = CUSTOMER_FIELDS

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Customer) -> None:
        super().__init__(data, instance=instance)
        municipality = municipality_of(instance)
        if municipality is not None:
            self.initial.update({mine: getattr(municipality, name) for mine, name in MEMBERSHIP.items()})

    def mark(self) -> str:
        """Return the mark of the customer with its membership."""
        return mark_customer(Customer.objects.get(pk=self.instance.pk))

    def get_values(self) -> CustomerValues:
        """Return what was typed."""
        names = (*CUSTOMER_FIELDS, *MEMBERSHIP)
        return CustomerValues(
            **{name: self.cleaned_data.get(name) or "" for name in names if "member_" not in name},
            member_from_on=self.cleaned_data.get("member_from_on"),
            member_to_on=self.cleaned_data.get("member_to_on"),
        )

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        self.add_faults(find_customer_faults(self.instance, self.get_values()))


class CountForm(DigestForm):
    """How many lived in a municipality on a day."""

    count = NumberField(
        label=_("Number of inhabitants"),
        max_digits=7,
        min_value=0,
        max_value=MOST_INHABITANTS,
        help_text=_("Of a day to come the number is a forecast."),
    )

    class Meta:
        model = Inhabitants
        fields = COUNT_FIELDS
        help_texts = {
            "counted_on": _("The day that the number is of, for example the last of December."),
        }

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        typed = {name: self.cleaned_data.get(name) for name in COUNT_FIELDS}
        row = Inhabitants(pk=self.instance.pk, municipality=self.instance.municipality, **typed)
        self.add_faults(find_count_faults(row))
