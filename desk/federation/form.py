"""The form of the federation's own row."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.identifiers import read_bankgiro, read_organisation_number
from objects.models import Federation
from objects.services.federation import FEDERATION_FIELDS, find_federation_faults
from pages.forms import DigestForm, text_area


class FederationForm(DigestForm):
    """Who sends the invoices, and where they are paid."""

    organisation_number = forms.CharField(
        label=_("Organisation number"), max_length=20, help_text=_("Ten digits, for example 212000-0787.")
    )
    bankgiro = forms.CharField(
        label=_("Bankgiro"),
        max_length=20,
        required=False,
        help_text=_("Seven or eight digits. Where the customers pay; it stands on the invoices."),
    )

    class Meta:
        model = Federation
        fields = FEDERATION_FIELDS
        widgets = {"note": text_area(3)}

    def clean_organisation_number(self) -> str:
        """Return its digits; what is none as it was typed."""
        typed: str = self.cleaned_data["organisation_number"]
        return read_organisation_number(typed) or typed

    def clean_bankgiro(self) -> str:
        """Return its digits; what is none as it was typed."""
        typed: str = self.cleaned_data["bankgiro"]
        return read_bankgiro(typed) or typed

    def clean(self) -> None:
        """Look at the numbers."""
        super().clean()
        typed = {name: self.cleaned_data.get(name) or "" for name in FEDERATION_FIELDS}
        self.add_faults(find_federation_faults(Federation(**typed)))
