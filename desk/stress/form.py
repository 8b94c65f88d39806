"""All inputs of the stress test: besides those of the loans page quantities, pots, a buffer, a horizon, and each class by itself.

Rows of pots are added and removed by asking again with `more` or `drop`, so that the form needs no script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loans.stress_form import Slider, StressForm, make_change
from forecasts.selectors.stress_base import StressBase
from forecasts.selectors.stress_inputs import Given
from investments.models import Investment
from pages.forms import day_input
from web.days import DayFormField, YearFormField
from web.fields import OreFormField, WholeNumberField

POT_KEYS = ("name", "yearly_amount_ore", "life_years", "first_year", "last_year", "replaces")
MOST_ROWS, MOST_YEARS_AHEAD, MOST_MONTHS = 20, 20, 120
POT_PLACE = re.compile(r"recurring_pots\[(?P<row>\d+)\]\.(?P<key>\w+)")
POT_FIELD = re.compile(r"pot_(?P<row>\d+)_(?P<key>\w+)")


@dataclass(frozen=True)
class ClassRow:
    """An asset class with its own fields: a price for all years and by year, quantity and months."""

    name: str
    price: BoundField
    by_year: list[BoundField]
    quantity: BoundField
    months: BoundField


class WholeStressForm(StressForm):
    """What is typed for a class by itself goes before what is typed for the chosen ones or all others."""

    quantity = make_change(gettext_lazy("Quantity of the chosen classes, per cent"))
    months_later = WholeNumberField(
        label=gettext_lazy("Defer the chosen classes, months"),
        required=False, min_value=-MOST_MONTHS, max_value=MOST_MONTHS,
    )  # fmt: skip
    until_year = YearFormField(label=gettext_lazy("Until the end of the year"), required=False)
    buffer = OreFormField(label=gettext_lazy("Buffer, owed beside everything else, SEK"), required=False)
    framework = OreFormField(label=gettext_lazy("Another framework, SEK"), required=False)
    framework_on = DayFormField(label=gettext_lazy("In force from"), required=False, widget=day_input())

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        base: StressBase,
        investments: Sequence[Investment],
        years: Sequence[int],
    ) -> None:
        rows = read_rows(data or {})
        super().__init__(write_rows(data, rows) if data else None, base=base, investments=investments, years=years)
        del self.fields["years_later"]
        self.first, self.last = base.debt.years[0], base.debt.years[-1]
        self._add_classes()
        self.pot_numbers = range(max(len(rows), 1))
        for number in self.pot_numbers:
            self._add_pot(number)

    def _add_classes(self) -> None:
        for slug, name in self.names.items():
            words = {"name": name}
            self.fields[f"price_{slug}"] = make_change(_("%(name)s, price, per cent") % words)
            for year in self.base.debt.years:
                self.fields[f"price_{slug}_{year}"] = make_change(
                    _("%(name)s, price in %(year)s, per cent") % {**words, "year": year}
                )
            self.fields[f"quantity_{slug}"] = make_change(_("%(name)s, quantity, per cent") % words)
            self.fields[f"months_{slug}"] = WholeNumberField(
                label=_("%(name)s, months later") % words,
                required=False, min_value=-MOST_MONTHS, max_value=MOST_MONTHS,
            )  # fmt: skip

    def _add_pot(self, number: int) -> None:
        own: dict[str, forms.Field] = {
            "name": forms.CharField(label=_("Name"), required=False, max_length=80),
            "yearly_amount_ore": OreFormField(label=_("Amount a year, SEK"), required=False),
            "life_years": WholeNumberField(label=_("Life, years"), required=False, min_value=1, max_value=100),
            "first_year": YearFormField(label=_("From"), required=False),
            "last_year": YearFormField(label=_("Until"), required=False),
            "replaces": forms.ChoiceField(
                label=_("In the place of"), required=False, choices=[("", "–"), *self.names.items()]
            ),
        }
        for key, field in own.items():
            self.fields[f"pot_{number}_{key}"] = field

    @property
    def class_rows(self) -> list[ClassRow]:
        """The asset classes with their fields."""
        return [
            ClassRow(
                name,
                self[f"price_{slug}"],
                [self[f"price_{slug}_{year}"] for year in self.base.debt.years],
                self[f"quantity_{slug}"],
                self[f"months_{slug}"],
            )
            for slug, name in self.names.items()
        ]

    @property
    def pot_rows(self) -> list[list[BoundField]]:
        """The rows of pots with their fields."""
        return [[self[f"pot_{number}_{key}"] for key in POT_KEYS] for number in self.pot_numbers]

    @property
    def has_own_classes(self) -> bool:
        """Whether anything is typed, or to correct, for a class by itself."""
        names = [field.name for row in self.class_rows for field in (row.price, *row.by_year, row.quantity, row.months)]
        return any(self.data.get(name) or name in self.errors for name in names)

    @property
    def can_add(self) -> bool:
        """Whether there is room for another row."""
        return len(self.pot_numbers) < MOST_ROWS

    def list_sliders(self, helps: Mapping[str, str]) -> list[Slider]:
        """Return the fields that have a slider, with what stands below each."""
        earlier = _("Negative is earlier, at the earliest in %(month)s") % {"month": f"{self.first}-01"}
        repeats = _("After %(year)s purchases repeat that year's") % {"year": self.last}
        *prices, interest = self.list_prices(helps)
        return [
            *prices,
            Slider(self["quantity"], -50, 50),
            interest,
            Slider(self["months_later"], -12, 36, earlier),
            Slider(self["until_year"], self.last, self.first + 12, repeats),
        ]

    def clean(self) -> dict[str, object]:
        """Look at what the fields say together before they are read."""
        self.refuse_amount("buffer")
        self._check_year("until_year")
        self._check_framework()
        for number in self.pot_numbers:
            self._check_pot(number)
        return super().clean()

    def _check_year(self, field: str) -> None:
        """Refuse a year before the budget's first one, or too far from it to be drawn."""
        year, last = self.cleaned_data.get(field), self.first + MOST_YEARS_AHEAD
        if year is not None and not self.first <= year <= last:
            said = _("Write a year from %(first)s to %(last)s.") % {"first": self.first, "last": last}
            self.add_error(field, said)

    def _check_framework(self) -> None:
        ore, day = self.cleaned_data.get("framework"), self.cleaned_data.get("framework_on")
        if ore is not None and ore <= 0:
            self.add_error("framework", _("Write an amount above 0."))
        if ore is not None and day is None and "framework_on" not in self.errors:
            self.add_error("framework_on", _("Write from which day it is in force."))
        if day is not None and ore is None and "framework" not in self.errors:
            self.add_error("framework", _("Write an amount above 0."))

    def _check_pot(self, number: int) -> None:
        """Refuse a row that is begun and lacks what every pot needs."""
        self.refuse_amount(f"pot_{number}_yearly_amount_ore")
        for key in ("first_year", "last_year"):
            self._check_year(f"pot_{number}_{key}")
        if not self._is_begun(number):
            return
        needed = {
            "name": _("Write a name."), "yearly_amount_ore": _("Write an amount from 0 on."),
            "life_years": _("Write a number of years from 1 to 100."),
        }  # fmt: skip
        for key, said in needed.items():
            field = f"pot_{number}_{key}"
            if self.cleaned_data.get(field) in (None, "") and field not in self.errors:
                self.add_error(field, said)

    def _is_begun(self, number: int) -> bool:
        fields = [f"pot_{number}_{key}" for key in POT_KEYS]
        return any(self.cleaned_data.get(field) not in (None, "") or field in self.errors for field in fields)

    def find_field(self, place: str) -> str | None:
        """Return the field of a place in what is given."""
        found = POT_PLACE.fullmatch(place)
        if found is None:
            return super().find_field(place)
        begun = [number for number in self.pot_numbers if self._is_begun(number)]
        return f"pot_{begun[int(found['row'])]}_{found['key']}"

    def give(self) -> Given:
        """Return what is tried, by the keys of the command's file."""
        framework, day = self.cleaned_data.get("framework"), self.cleaned_data.get("framework_on")
        tried = [{"amount_ore": framework, "from_on": day.isoformat()}] if framework and day else []
        given = {
            **super().give(),
            "recurring_pots": list(self._give_pots()),
            "buffer_ore": self.cleaned_data.get("buffer") or 0,
            "frameworks": tried,
        }
        until = self.cleaned_data.get("until_year")
        return given if until is None else {**given, "until_year": until}

    def _give_pots(self) -> Iterator[dict[str, object]]:
        for number in self.pot_numbers:
            if self._is_begun(number):
                row = {key: self.cleaned_data.get(f"pot_{number}_{key}") for key in POT_KEYS}
                yield {key: value for key, value in row.items() if value not in (None, "")}

    def change_price(self, slug: str) -> object:
        """Return a class's change of price: its own before that of its group, by year where years differ."""
        own = self._own(f"price_{slug}")
        whole = Decimal(str(super().change_price(slug))) if own is None else own
        years = {year: self._own(f"price_{slug}_{year}") for year in self.base.debt.years}
        if all(change is None for change in years.values()):
            return whole
        until = max(self.cleaned_data.get("until_year") or 0, self.last)
        by_year = {year: years.get(year) for year in range(self.first, until + 1)}
        return {str(year): whole if change is None else change for year, change in by_year.items()}

    def change_quantity(self, slug: str) -> Decimal:
        """Return a class's change of quantity: its own before that of the chosen ones."""
        own = self._own(f"quantity_{slug}")
        if own is not None:
            return own
        return self.fraction("quantity") if slug in self.chosen else Decimal(0)

    def _own(self, field: str) -> Decimal | None:
        percent: Decimal | None = self.cleaned_data.get(field)
        return None if percent is None else percent / 100

    def defer(self, slug: str) -> int:
        """Return by how many months a class is deferred: its own before that of the chosen ones."""
        own: int | None = self.cleaned_data.get(f"months_{slug}")
        if own is not None:
            return own
        return (self.cleaned_data.get("months_later") or 0) if slug in self.chosen else 0


def read_rows(data: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the rows of pots that are sent, with one more or one less where that is asked for."""
    found: dict[int, dict[str, object]] = {}
    for name in data:
        if place := POT_FIELD.fullmatch(name):
            found.setdefault(int(place["row"]), {})[place["key"]] = data.get(name)
    rows = [found[number] for number in sorted(found)]
    dropped = str(data.get("drop", ""))
    if dropped.isdecimal() and int(dropped) < len(rows):
        del rows[int(dropped)]
    if data.get("more") and len(rows) < MOST_ROWS:
        rows.append({})
    return rows[:MOST_ROWS]


def write_rows(data: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> MultiValueDict[str, object]:
    """Return what is sent with its rows of pots numbered from 0 on."""
    names = [name for name in data if not POT_FIELD.fullmatch(name) and name not in ("more", "drop")]
    kept: MultiValueDict[str, object] = MultiValueDict()
    for name in names:
        kept.setlist(name, data.getlist(name) if isinstance(data, MultiValueDict) else [data[name]])
    for number, row in enumerate(rows):
        for key in POT_KEYS:
            kept[f"pot_{number}_{key}"] = row.get(key, "")
    return kept
