"""How old the devices are, by class and customer, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from investments.selectors.devices import Ages

# Devices of this age and older stand in one column.
OLDEST = 5


@dataclass(frozen=True)
class AgeRow:
    """A customer's devices of a class: how many of each age, all, and how many are past their cycle; or a class's sum."""

    name: str
    by_age: list[int]
    number: int
    past: int
    is_assumed: bool
    is_class: bool = False
    life: int | None = None
    filter: str = ""


@dataclass(frozen=True)
class AgeTable:
    """Rows by class, each class with its sum first, then its customers."""

    heads: list[str]
    rows: list[AgeRow]
    number: int
    past: int
    day: date


def tell_ages(ages: Sequence[Ages], today: date) -> AgeTable:
    """Return the ages with names, a class's sum before its customers."""
    rows: list[AgeRow] = []
    for kind in dict.fromkeys(row.asset_class for row in ages):
        chosen = f"asset_class={kind.slug}"
        parts = [_tell(row, chosen) for row in ages if row.asset_class == kind]
        total = [sum(column) for column in zip(*(part.by_age for part in parts), strict=True)]
        number, past = sum(part.number for part in parts), sum(part.past for part in parts)
        doubtful = any(part.is_assumed for part in parts)
        rows.append(AgeRow(kind.name, total, number, past, doubtful, True, kind.life_years, chosen))
        rows += parts
    heads = [_("under 1 year"), *(str(age) for age in range(1, OLDEST)), _("%(age)s and over") % {"age": OLDEST}]
    return AgeTable(heads, rows, sum(row.number for row in ages), sum(row.past for row in ages), today)


def _tell(row: Ages, chosen: str) -> AgeRow:
    by_age = [0] * (OLDEST + 1)
    for age, number in row.by_age.items():
        by_age[min(age, OLDEST)] += number
    customer = row.customer
    name = customer.name if customer else _("the federation")
    whose = f"{chosen}&customer={customer.uuid if customer else 'none'}"
    return AgeRow(name, by_age, row.number, row.past, row.is_assumed, filter=whose)
