"""Reads the inputs of a stress test from JSON: every fault is noted at once, by its place.

The command's file, the page's form and a kept scenario are read by the same keys.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from engine.framework import Framework
from engine.money import MAX_ORE
from engine.stress import Inputs, Pot

KEYS = (
    "price_change", "defer_months", "quantity_change", "interest_shift", "unpriced_systems", "recurring_pots",
    "buffer_ore", "frameworks", "until_year", "break_even_classes",
)  # fmt: skip
POT_KEYS = ("name", "yearly_amount_ore", "first_year", "last_year", "life_years", "replaces")
FRAMEWORK_KEYS = ("amount_ore", "from_on")
T = TypeVar("T")
Given = dict[str, Any]
"""Inputs as JSON has them, by the keys."""
MOST_YEARS, MOST_MONTHS, MOST_CHANGE, MOST_DECIMALS = 100, 480, 100, 12


class Fault(NamedTuple):
    """What is wrong at a place, such as `recurring_pots[0].life_years`; none is the whole.

    `kind` names the words of it (`forecasts.words`), `values` what differs in them.
    """

    place: str
    kind: str
    values: Mapping[str, object]


@dataclass
class Reading:
    """Reads one set of inputs against the asset classes and the first and last year of a budget; `faults` are what is wrong."""

    classes: Collection[str]
    reserved: Collection[str]
    first_year: int
    last_year: int
    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: str, kind: str, **values: object) -> None:
        """Note what is wrong at a place."""
        self.faults.append(Fault(place, kind, values))

    def read(self, data: object) -> tuple[Inputs, list[Framework]]:
        """Return the inputs and the frameworks that are tried; what is wrong is left out and told in `faults`."""
        given = self.mapping("", data, KEYS)
        until = self.whole("until_year", given.get("until_year"), self.first_year, self.first_year + MOST_YEARS)
        last = until or self.last_year
        placed = [
            (place, pot)
            for key in ("unpriced_systems", "recurring_pots")
            for place, row in self.rows(key, given.get(key))
            if (pot := self.pot(place, row, last))
        ]
        self._refuse_same_names(placed)
        changes = given.get("price_change")
        inputs = Inputs(
            price_change=self.by_class("price_change", changes, self.price),
            defer_months=self.by_class("defer_months", given.get("defer_months"), self.months),
            quantity_change=self.by_class("quantity_change", given.get("quantity_change"), self.change),
            interest_shift=self.fraction("interest_shift", given.get("interest_shift", 0), -1, 1) or Fraction(0),
            pots=[pot for _place, pot in placed],
            buffer=self.whole("buffer_ore", given.get("buffer_ore"), 0, MAX_ORE) or 0,
            until_year=until,
            break_even_classes=frozenset(self.list_classes("break_even_classes", given.get("break_even_classes"))),
        )
        return inputs, self.frameworks(given.get("frameworks"))

    def mapping(self, place: str, value: object, known: Collection[str] | None = None) -> dict[str, Any]:
        """Return a JSON object; tell of keys that are not among the known ones."""
        if not isinstance(value, Mapping):
            self.fault(place, "no_object", value=_show(value))
            return {}
        for key in value:
            if known is not None and key not in known:
                self.fault(place, "no_key", key=key, keys=", ".join(known))
        return dict(value)

    def rows(self, place: str, value: object) -> list[tuple[str, Any]]:
        """Return the rows of a list with their places; nothing where the key is left out."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(place, "no_list", value=_show(value))
            return []
        return [(f"{place}[{number}]", row) for number, row in enumerate(value)]

    def whole(self, place: str, value: object, least: int, most: int) -> int | None:
        """Return a whole number between two others; None where it is left out or wrong."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.fault(place, "not_whole", value=_show(value))
        elif not least <= value <= most:
            self.fault(place, "not_between", value=value, least=least, most=most)
        elif value != int(value):
            self.fault(place, "not_whole", value=value)
        else:
            return int(value)
        return None

    def fraction(self, place: str, value: object, least: int, most: int) -> Fraction | None:
        """Return an exact fraction between two numbers; None where it is wrong."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.fault(place, "no_fraction", value=_show(value))
        elif not least <= value <= most:
            self.fault(place, "fraction_not_between", value=value, least=least, most=most)
        elif isinstance(value, Decimal) and round(value, MOST_DECIMALS) != value:
            self.fault(place, "decimals", value=_show(value), count=MOST_DECIMALS)
        else:
            return Fraction(value)
        return None

    def change(self, place: str, value: object) -> Fraction | None:
        """Return a change of price or quantity: at least −1, which is all of it away."""
        return self.fraction(place, value, -1, MOST_CHANGE)

    def months(self, place: str, value: object) -> int | None:
        """Return months of deferral; negative is earlier."""
        return self.whole(place, value, -MOST_MONTHS, MOST_MONTHS)

    def price(self, place: str, value: object) -> Fraction | dict[int, Fraction] | None:
        """Return a price change, one for all years or one a year."""
        if not isinstance(value, Mapping):
            return self.change(place, value)
        found: dict[int, Fraction] = {}
        for key, each in value.items():
            change = self.change(f"{place}.{key}", each)
            if not key.isdecimal() or not self.first_year <= int(key) <= self.first_year + MOST_YEARS:
                self.fault(f"{place}.{key}", "no_year", year=self.first_year)
            elif change is not None:
                found[int(key)] = change
        return found

    def by_class(self, place: str, value: object, read: Callable[[str, object], T | None]) -> dict[str, T]:
        """Return what is said of each asset class."""
        found = {}
        for key, each in self.mapping(place, value if value is not None else {}).items():
            told = read(f"{place}.{key}", each)
            if self.is_class(place, key) and told is not None:
                found[key] = told
        return found

    def is_class(self, place: str, key: object) -> bool:
        """Say whether there is such an asset class, and tell where there is not."""
        if key in self.classes:
            return True
        self.fault(place, "no_class", key=key, classes=", ".join(self.classes))
        return False

    def list_classes(self, place: str, value: object) -> list[str]:
        """Return a list of asset classes."""
        return [row for at, row in self.rows(place, value) if self.is_class(at, row)]

    def pot(self, place: str, value: object, last: int) -> Pot | None:
        """Return what is bought every year; from the budget's first year to the horizon where no years are given."""
        before = len(self.faults)
        row = self.mapping(place, value, POT_KEYS)
        if not isinstance(row.get("name"), str) or not row["name"].strip():
            self.fault(place, "no_name")
        for key in ("yearly_amount_ore", "life_years"):
            if row.get(key) is None:
                self.fault(place, "needed", key=key)
        amount = self.whole(f"{place}.yearly_amount_ore", row.get("yearly_amount_ore"), 0, MAX_ORE)
        life = self.whole(f"{place}.life_years", row.get("life_years"), 1, MOST_YEARS)
        most = self.first_year + MOST_YEARS
        first = self.whole(f"{place}.first_year", row.get("first_year"), self.first_year, most) or self.first_year
        until = self.whole(f"{place}.last_year", row.get("last_year"), self.first_year, most) or max(first, last)
        if until < first:
            self.fault(f"{place}.last_year", "before_first", year=until, first=first)
        replaces = row.get("replaces")
        if replaces is not None:
            self.is_class(f"{place}.replaces", replaces)
        if len(self.faults) > before or amount is None or life is None:
            return None
        return Pot(row["name"].strip(), amount, first, until, life, replaces)

    def _refuse_same_names(self, placed: list[tuple[str, Pot]]) -> None:
        taken = {*self.classes, *self.reserved}
        for place, pot in placed:
            if pot.name in taken:
                self.fault(f"{place}.name", "name_taken", name=pot.name)
            taken.add(pot.name)

    def frameworks(self, value: object) -> list[Framework]:
        """Return the frameworks that are tried, by the day from which they are in force."""
        found: dict[date, Framework] = {}
        for place, each in self.rows("frameworks", value):
            row = self.mapping(place, each, FRAMEWORK_KEYS)
            for key in FRAMEWORK_KEYS:
                if row.get(key) is None:
                    self.fault(place, "needed", key=key)
            amount = self.whole(f"{place}.amount_ore", row.get("amount_ore"), 1, MAX_ORE)
            day = self.day(f"{place}.from_on", row.get("from_on"))
            if day in found:
                self.fault(f"{place}.from_on", "same_day", day=day)
            elif day is not None and amount is not None:
                found[day] = Framework(amount, day)
        return [found[day] for day in sorted(found)]

    def day(self, place: str, value: object) -> date | None:
        """Return a day; None where it is left out or wrong."""
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(place, "no_day", value=_show(value))
            return None


def _show(value: object) -> str:
    return repr(str(value) if isinstance(value, Decimal) else value)[:60]
