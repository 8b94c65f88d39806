"""The form of a hardware strategy: its name, and a row for each staff category of a municipality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from investments.models import AssetClass, HardwareStrategy, StrategyRow
from investments.models.devices import MOST_DEVICES
from investments.models.strategies import MOST_LIFE
from investments.selectors.devices import list_holders
from investments.services.hardware import mark_of
from pages.forms import text_area
from web.fields import OreFormField, WholeNumberField

MORE_ROWS, MOST_ROWS = 5, 120
PARTS = ("customer", "category", "asset_class", "units", "unit_price_ore", "life_years")


class StrategyForm(forms.Form):
    """A strategy; a row that is left wholly empty is none."""

    use_required_attribute = False
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    note = forms.CharField(label=pgettext_lazy("of a line", "Note"), required=False, widget=text_area(2))
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Mapping[str, Any] | None, *, strategy: HardwareStrategy) -> None:
        start = {"name": strategy.name, "note": strategy.note, "seen": mark_of(strategy)}
        super().__init__(data, initial=start)
        self.customers = {str(row.uuid): row for row in list_holders()}
        classes = AssetClass.objects.filter(is_device=True).order_by("position", "pk")
        self.classes = {row.slug: row for row in classes}
        rows = list(strategy.rows.all()) if strategy.pk else []
        sent = sum(name.startswith("category_") for name in data) if data else 0
        self.count = min(max(len(rows) + MORE_ROWS, sent), MOST_ROWS)
        for place in range(self.count):
            self._add_row(place, rows[place] if place < len(rows) else None)

    def _add_row(self, place: int, row: StrategyRow | None) -> None:
        customers = [("", _("Choose")), *((key, found.name) for key, found in self.customers.items())]
        classes = [("", _("Choose")), *((key, found.name) for key, found in self.classes.items())]
        words = {"row": place + 1}
        fields: dict[str, forms.Field] = {
            "customer": forms.ChoiceField(label=_("Customer, row %(row)s") % words, choices=customers, initial=row and str(row.customer.uuid)),
            "category": forms.CharField(label=_("Staff category, row %(row)s") % words, max_length=80, initial=row and row.category),
            "asset_class": forms.ChoiceField(label=_("Type of device, row %(row)s") % words, choices=classes, initial=row and row.asset_class.slug),
            "units": WholeNumberField(label=_("Units, row %(row)s") % words, min_value=1, max_value=MOST_DEVICES, initial=row and row.units),
            "unit_price_ore": OreFormField(label=_("Price each, SEK, row %(row)s") % words, initial=row and row.unit_price_ore),
            "life_years": WholeNumberField(label=_("Life, years, row %(row)s") % words, min_value=1, max_value=MOST_LIFE, initial=row and row.life_years),
        }  # fmt: skip
        for name, field in fields.items():
            field.required = False
            self.fields[f"{name}_{place}"] = field

    def clean(self) -> dict[str, Any]:
        """Say of each row that is begun what it lacks."""
        typed = super().clean() or {}
        for place in range(self.count):
            names = [f"{name}_{place}" for name in PARTS]
            if not any(self.data.get(name) for name in names):
                continue
            for name in names:
                if name not in self.errors and typed.get(name) in (None, ""):
                    self.add_error(name, _("The row lacks this. Write it, or empty the row."))
            price = typed.get(f"unit_price_ore_{place}")
            if price is not None and price <= 0:
                self.add_error(f"unit_price_ore_{place}", _("Write what each costs, more than nothing."))
        return self.cleaned_data

    def list_rows(self) -> list[StrategyRow]:
        """Return the rows that are typed. The form must be valid."""
        typed = self.cleaned_data
        return [
            StrategyRow(
                customer=self.customers[typed[f"customer_{place}"]],
                category=typed[f"category_{place}"],
                asset_class=self.classes[typed[f"asset_class_{place}"]],
                units=typed[f"units_{place}"],
                unit_price_ore=typed[f"unit_price_ore_{place}"],
                life_years=typed[f"life_years_{place}"],
            )
            for place in range(self.count)
            if typed.get(f"category_{place}")
        ]

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each row."""
        return [[self[f"{name}_{place}"] for name in PARTS] for place in range(self.count)]
