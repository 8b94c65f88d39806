"""What is tried in the stress test: prices, time, interest, and amounts that nobody knows yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from engine.depreciation import MONTHS
from engine.framework import Framework
from engine.money import MAX_ORE
from engine.stress import Inputs
from forecasts.selectors.scenarios import read_inputs
from forecasts.selectors.stress_base import StressBase
from forecasts.selectors.stress_inputs import Given
from forecasts.words import say_fault
from investments.models import Investment
from pages.words import join
from web.fields import NumberField, OreFormField, WholeNumberField

CHOSEN_AT_FIRST = 2
LEAST_CHANGE, MOST_CHANGE, MOST_YEARS_LATER = -90, 300, 3
LEAST_POINTS, MOST_POINTS = -10, 50


@dataclass(frozen=True)
class Unknown:
    """An investment whose amount is not known in some years: it is tried as bought in the first of them."""

    field: str
    name: str
    life_years: int
    year: int


@dataclass(frozen=True)
class Slider:
    """A field with a slider from `low` to `high`; a typed number may go further. `help` stands below it."""

    field: BoundField
    low: int
    high: int
    help: str = ""
    step: str = "1"

    @property
    def help_id(self) -> str:
        """The id of what stands below it."""
        return f"{self.field.name}-help"

    @property
    def place(self) -> str:
        """Where the slider stands: at what is typed, as a browser reads numbers; at 0 for what can't be read."""
        try:
            number = self.field.form.fields[self.field.name].clean(self.field.value())
        except forms.ValidationError:
            return "0"
        return str(number or 0)


def make_change(label: str | Promise) -> NumberField:
    """Return the field of a change in per cent."""
    return NumberField(
        label=label, required=False, max_digits=5, decimal_places=2, min_value=LEAST_CHANGE, max_value=MOST_CHANGE
    )


class StressForm(forms.Form):
    """Nothing is stored: the same address gives the same answer from the same budget.

    Without `chosen` in what is sent nobody has chosen yet, and the largest classes are. `given` is what is tried by the
    keys of the command's file, whose reader reads it.
    """

    use_required_attribute = False
    price = make_change(gettext_lazy("Price of the chosen classes, per cent"))
    other_price = make_change(gettext_lazy("Price of all others, per cent"))
    interest = NumberField(
        label=gettext_lazy("Interest, percentage points"),
        required=False, max_digits=4, decimal_places=2, min_value=LEAST_POINTS, max_value=MOST_POINTS,
    )  # fmt: skip
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
        base: StressBase,
        investments: Iterable[Investment],
        years: Sequence[int],
    ) -> None:
        super().__init__(data or {})
        self.base = base
        bought: dict[str, int] = {}
        for borrowed in base.debt.purchases:
            bought[borrowed.part] = bought.get(borrowed.part, 0) + borrowed.loan.principal
        self.names = {slug: name for slug, name in base.classes.items() if slug in bought}
        field = self.fields["classes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(self.names.items())
        largest = sorted(bought, key=lambda part: -bought[part])[:CHOSEN_AT_FIRST]
        if "chosen" not in self.data:
            self.data = MultiValueDict({"classes": [slug for slug in self.names if slug in largest]})
        self.unknown = list_unknown(investments, years)
        for row in self.unknown:
            words = _("%(name)s, investment in %(year)s, SEK")
            said = words % {"name": row.name, "year": row.year}
            self.fields[row.field] = OreFormField(label=said, required=False)
        self.given: Given = {}
        self.inputs, self.frameworks = Inputs(), list[Framework]()

    def clean(self) -> dict[str, object]:
        """Refuse amounts below zero or beyond what any amount may be, and read what is tried."""
        for row in self.unknown:
            self.refuse_amount(row.field)
        if not self.errors:
            self._read()
        return self.cleaned_data

    def refuse_amount(self, field: str) -> None:
        """Refuse an amount below zero or beyond what any amount may be."""
        ore = self.cleaned_data.get(field)
        if ore is not None and not 0 <= ore <= MAX_ORE:
            self.add_error(field, _("Write an amount from 0 on."))

    def _read(self) -> None:
        self.given = self.give()
        self.inputs, self.frameworks, faults = read_inputs(self.given, self.base)
        for fault in faults:
            self.add_error(self.find_field(fault.place), say_fault(fault))

    def find_field(self, place: str) -> str | None:
        """Return the field of a place in what is given; None where there is none."""
        return {"until_year": "until_year", "buffer_ore": "buffer"}.get(place)

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

    def list_sliders(self, helps: Mapping[str, str]) -> list[Slider]:
        """Return the fields that have a slider, with what stands below each."""
        return [*self.list_prices(helps), Slider(self["years_later"], 0, MOST_YEARS_LATER, _("0 to 3 years"))]

    def list_prices(self, helps: Mapping[str, str]) -> list[Slider]:
        """Return those of prices and interest."""
        return [
            Slider(self["price"], -20, 60, helps.get("price", "")),
            Slider(self["other_price"], -20, 60, helps.get("other_price", "")),
            Slider(self["interest"], -2, 5, helps.get("interest", ""), "0.25"),
        ]

    @property
    def is_tried(self) -> bool:
        """Whether anything is tried at all."""
        return any(value for key, value in self.given.items() if key not in ("break_even_classes", "until_year"))

    def fraction(self, field: str) -> Decimal:
        """Return a change in per cent as a fraction, 0 where none is given."""
        return (self.cleaned_data.get(field) or Decimal(0)) / 100

    def give(self) -> Given:
        """Return what is tried, by the keys of the command's file."""
        return {
            "price_change": {slug: change for slug in self.names if (change := self.change_price(slug))},
            "quantity_change": {slug: change for slug in self.names if (change := self.change_quantity(slug))},
            "defer_months": {slug: months for slug in self.names if (months := self.defer(slug))},
            "interest_shift": self.fraction("interest"),
            "unpriced_systems": list(self._give_unknown()),
            "break_even_classes": self.chosen,
        }

    def change_price(self, slug: str) -> object:
        """Return a class's change of price, as a fraction or by year."""
        return self.fraction("price" if slug in self.chosen else "other_price")

    def change_quantity(self, slug: str) -> Decimal:
        """Return a class's change of quantity, as a fraction."""
        return Decimal(0)

    def defer(self, slug: str) -> int:
        """Return by how many months a class is deferred."""
        years = self.cleaned_data.get("years_later") or 0
        return MONTHS * years if slug in self.chosen else 0

    def _give_unknown(self) -> Iterable[dict[str, object]]:
        for row in self.unknown:
            ore = self.cleaned_data.get(row.field)
            if ore:
                year = max(row.year, self.base.debt.years[0])
                years = {"first_year": year, "last_year": year}
                yield {"name": row.name, "yearly_amount_ore": ore, "life_years": row.life_years, **years}


def list_unknown(investments: Iterable[Investment], years: Sequence[int]) -> list[Unknown]:
    """Return the investments by loan whose amounts nobody knows; those of one class are told apart by a number."""
    found: list[Unknown] = []
    for row in investments:
        missing = [year for year, ore in zip(years, row.amounts, strict=True) if ore is None]
        life: int | None = row.asset_class.life_years
        if missing and row.financing == Investment.Financing.LOAN and life:
            name, taken = row.asset_class.name, {other.name for other in found}
            names = (name, *(f"{name} {number}" for number in range(2, len(taken) + 3)))
            free = next(each for each in names if each not in taken)
            found.append(Unknown(f"unknown_{row.lineage.hex}", free, life, missing[0]))
    return found
