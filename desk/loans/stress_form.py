"""What is tried in the stress test: prices, time, and amounts that nobody knows yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django import forms
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from engine.money import MAX_ORE
from engine.stress import Debt, Inputs, Pot
from investments.models import AssetClass, Investment
from pages.words import join
from web.fields import NumberField, OreFormField, WholeNumberField

CHOSEN_AT_FIRST = 2
LEAST_PRICE, MOST_PRICE, MOST_YEARS_LATER = -90, 300, 3
# What a slider reaches; a typed number may go further.
SLIDERS = {"price": (-20, 60), "other_price": (-20, 60), "years_later": (0, MOST_YEARS_LATER)}


@dataclass(frozen=True)
class Unknown:
    """An investment whose amount is not known in some years: it is tried as bought in the first of them."""

    field: str
    asset_class: AssetClass
    year: int


def _change(label: str | Promise) -> NumberField:
    return NumberField(
        label=label, required=False, max_digits=5, decimal_places=2, min_value=LEAST_PRICE, max_value=MOST_PRICE
    )


class StressForm(forms.Form):
    """Nothing is stored: the same address gives the same answer from the same budget.

    Without `chosen` in what is sent nobody has chosen yet, and the largest classes are.
    """

    use_required_attribute = False
    price = _change(gettext_lazy("Price of the chosen classes, per cent"))
    other_price = _change(gettext_lazy("Price of all others, per cent"))
    years_later = WholeNumberField(
        label=gettext_lazy("Defer the chosen classes, years"), required=False, min_value=0, max_value=MOST_YEARS_LATER
    )
    classes = forms.MultipleChoiceField(
        label=pgettext_lazy("of assets", "Chosen classes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        debt: Debt,
        investments: Iterable[Investment],
        classes: Iterable[AssetClass],
        years: Sequence[int],
    ) -> None:
        super().__init__(data or {})
        self.debt = debt
        bought: dict[str, int] = {}
        for part, loan in debt.purchases:
            bought[part] = bought.get(part, 0) + loan.principal
        self.class_names = {row.slug: row.name for row in sorted(classes, key=lambda row: row.position)}
        self.names = {slug: name for slug, name in self.class_names.items() if slug in bought}
        field = self.fields["classes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(self.names.items())
        largest = sorted(bought, key=lambda part: -bought[part])[:CHOSEN_AT_FIRST]
        if "chosen" not in self.data:
            self.data = MultiValueDict({"classes": [slug for slug in self.names if slug in largest]})
        self.unknown = list(_list_unknown(investments, years))
        for row in self.unknown:
            words = _("%(name)s, investment in %(year)s, SEK")
            said = words % {"name": row.asset_class.name, "year": row.year}
            self.fields[row.field] = OreFormField(label=said, required=False)

    def clean(self) -> dict[str, object]:
        """Refuse amounts below zero or beyond what any amount may be."""
        for row in self.unknown:
            ore = self.cleaned_data.get(row.field)
            if ore is not None and not 0 <= ore <= MAX_ORE:
                self.add_error(row.field, _("Write an amount from 0 on."))
        return self.cleaned_data

    @property
    def chosen(self) -> list[str]:
        """The chosen classes; the largest ones until somebody chooses."""
        return list(self.cleaned_data.get("classes", ()))

    @property
    def chosen_words(self) -> str:
        """Their names in words, or that none is chosen."""
        return join([self.names[slug] for slug in self.chosen]) or _("none")

    @property
    def unknown_fields(self) -> list[BoundField]:
        """The fields of amounts that nobody knows."""
        return [self[row.field] for row in self.unknown]

    def percent(self, name: str) -> Decimal:
        """Return a change in per cent, 0 where none is given."""
        return self.cleaned_data.get(name) or Decimal(0)

    @property
    def is_tried(self) -> bool:
        """Whether anything is tried at all."""
        return any(value for name, value in self.cleaned_data.items() if name != "classes")

    def read(self) -> Inputs:
        """Return what is tried as the engine's value."""
        chosen = set(self.chosen)
        prices = {slug: self.percent("price" if slug in chosen else "other_price") for slug in self.names}
        months = 12 * (self.cleaned_data.get("years_later") or 0)
        return Inputs(
            price_change={slug: Fraction(percent) / 100 for slug, percent in prices.items() if percent},
            defer_months=dict.fromkeys(chosen, months) if months else {},
            pots=list(self._read_unknown()),
            break_even_classes=frozenset(chosen),
        )

    def _read_unknown(self) -> Iterable[Pot]:
        for row in self.unknown:
            ore, life = self.cleaned_data.get(row.field), row.asset_class.life_years
            if ore and life:
                yield Pot(row.asset_class.name, ore, row.year, row.year, life)


def _list_unknown(investments: Iterable[Investment], years: Sequence[int]) -> Iterable[Unknown]:
    for row in investments:
        missing = [year for year, ore in zip(years, row.amounts, strict=True) if ore is None]
        if missing and row.financing == Investment.Financing.LOAN and row.asset_class.life_years:
            yield Unknown(f"unknown_{row.lineage.hex}", row.asset_class, missing[0])
