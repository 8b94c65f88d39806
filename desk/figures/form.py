"""The form of a published figure."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import PublishedFigure
from desk.figures.words import EDITIONS
from engine.years import split_edition
from forecasts.services.figures import FIELDS, LARGEST_TKR, find_figure_faults
from pages.forms import DigestForm
from records.services.stale import digest_of
from web.days import YearFormField
from web.fields import NumberField

OWN = ("table", "row", "label", "column", "note")


class FigureForm(DigestForm):
    """A figure as a document prints it."""

    table = forms.ChoiceField(label=_("Table"))
    row = forms.CharField(
        label=_("Row"),
        max_length=160,
        widget=forms.TextInput({"list": "rows", "autocomplete": "off"}),
        help_text=_("The same in all columns and years of the row; the list suggests those that there are."),
    )
    label = forms.CharField(
        label=_("Heading"),
        max_length=160,
        required=False,
        help_text=_("What the row is called in print; as the row when left empty."),
    )
    column = forms.CharField(
        label=_("Column"), max_length=40, widget=forms.TextInput({"list": "columns", "autocomplete": "off"})
    )
    edition_kind = forms.ChoiceField(label=_("Kind of figure"), choices=EDITIONS)
    edition_year = YearFormField(label=_("Year"))
    tkr = NumberField(
        label=_("Amount, tkr"),
        max_digits=11,
        min_value=-LARGEST_TKR,
        max_value=LARGEST_TKR,
        required=False,
        help_text=_("As printed, with its sign."),
    )
    is_unknown = forms.BooleanField(label=_("Not yet known: the document prints an x"), required=False)
    note = forms.CharField(label=pgettext_lazy("of a line", "Note"), max_length=240, required=False)
    field_order = ("table", "row", "label", "column", "edition_kind", "edition_year", "tkr", "is_unknown", "note")

    class Meta:
        model = PublishedFigure
        # The edition is made of its kind and year.
        fields = tuple(name for name in FIELDS if name != "edition")

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        instance: PublishedFigure,
        tables: list[tuple[str, str]] | None = None,
    ) -> None:
        super().__init__(data, instance=instance)
        cast(forms.ChoiceField, self.fields["table"]).choices = tables or [(instance.table, instance.table)]
        kind, year = split_edition(instance.edition)
        self.initial["edition_kind"] = kind or "budget"
        self.initial["edition_year"] = year or timezone.localdate().year

    def mark(self) -> str:
        """Return the digest of the stored figure, with its edition."""
        return digest_of(self.instance, FIELDS)

    def get_figure(self) -> PublishedFigure:
        """Return the figure as typed."""
        figure: PublishedFigure = copy(self.instance)
        values = self.cleaned_data
        for name in OWN:
            setattr(figure, name, values.get(name) or "")
        figure.edition = f"{values.get('edition_kind')}:{values.get('edition_year')}"
        figure.tkr = None if values.get("tkr") is None else int(values["tkr"])
        figure.is_unknown = bool(values.get("is_unknown"))
        return figure

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        self.add_faults(find_figure_faults(self.get_figure()))
