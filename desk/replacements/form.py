"""What a replacement plan is made by: prices, index, how far waves are moved, and which classes go into the budget.

Nothing is stored until a proposal is taken: the same address gives the same plan of the same register and budget.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from budgets.models import Budget
from engine.depreciation import MONTHS
from engine.money import MAX_ORE
from engine.replacements import Terms, Wave
from investments.selectors.replacements import Planned, Register, start_terms
from web.fields import NumberField, OreFormField, WholeNumberField
from web.numbers import format_sek

LEAST_INDEX, MOST_INDEX = -50, 100
MOST_MONTHS_LATER = 60


class PlanForm(forms.Form):
    """One price and one choice a class, one index a year after the first, and one deferral a class and year."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None, *, register: Register, budget: Budget) -> None:
        super().__init__(data)
        self.planned, self.years = register.planned, budget.years
        self.start = start_terms(register.planned)
        for row in register.planned:
            name = row.asset_class.name
            if row.unit_price_ore is not None:
                field = OreFormField(label=_("Price each of %(name)s, SEK") % {"name": name}, required=False)
                field.widget.attrs["placeholder"] = format_sek(row.unit_price_ore)
                self.fields[f"price_{row.slug}"] = field
            for year in self.years:
                self.fields[f"defer_{row.slug}_{year}"] = WholeNumberField(
                    label=_("Months later: %(name)s that fall due in %(year)s") % {"name": name, "year": year},
                    required=False, max_digits=2, min_value=-min(row.life_years * MONTHS - 1, MOST_MONTHS_LATER),
                    max_value=MOST_MONTHS_LATER,
                )  # fmt: skip
        for year in self.years[1:]:
            self.fields[f"index_{year}"] = NumberField(
                label=_("Price index %(year)s, %%") % {"year": year}, required=False, max_digits=6, decimal_places=2,
                min_value=LEAST_INDEX, max_value=MOST_INDEX,
            )  # fmt: skip
        for family in dict.fromkeys(row.family for row in register.planned):
            self.fields[f"take_{family}"] = forms.BooleanField(
                label=_("Into the budget"), required=False, initial=self.is_device(family)
            )

    def is_device(self, family: str) -> bool:
        """Say whether a class, or a child of it, is devices: those are chosen from the start."""
        return any(row.asset_class.is_device for row in self.planned if row.family == family)

    def clean(self) -> dict[str, Any]:
        """Refuse a price of nothing."""
        typed = super().clean() or {}
        for name, value in list(typed.items()):
            if name.startswith("price_") and value is not None and not 0 < value <= MAX_ORE:
                self.add_error(name, _("Write what each costs, more than nothing."))
        return self.cleaned_data

    def read(self) -> Terms:
        """Return the terms; what is left empty is as it starts. The form is valid, or nothing was sent."""
        if not self.is_bound:
            return self.start
        typed = self.cleaned_data
        prices = {slug: typed.get(f"price_{slug}") or ore for slug, ore in self.start.prices.items()}
        index = {year: Fraction(typed.get(f"index_{year}") or 0) / 100 for year in self.years[1:]}
        deferred = {
            Wave(row.slug, year): months
            for row in self.planned
            for year in self.years
            if (months := typed.get(f"defer_{row.slug}_{year}"))
        }
        return Terms(self.start.cycles, prices, index, deferred)

    @property
    def families(self) -> list[str]:
        """The classes that go into the budget; those that are chosen from the start while nothing is sent."""
        names = [name.removeprefix("take_") for name in self.fields if name.startswith("take_")]
        if not self.is_bound:
            return [family for family in names if self.is_device(family)]
        return [family for family in names if self.data.get(f"take_{family}")]

    def price_of(self, row: Planned) -> forms.BoundField | None:
        """Return the field of a class's price; none where it costs what it did."""
        name = f"price_{row.slug}"
        return self[name] if name in self.fields else None

    def deferrals_of(self, row: Planned) -> list[forms.BoundField]:
        """Return the fields of a class's waves, by year."""
        return [self[f"defer_{row.slug}_{year}"] for year in self.years]

    @property
    def indexes(self) -> list[forms.BoundField]:
        """The fields of the price index, by year."""
        return [self[f"index_{year}"] for year in self.years[1:]]
