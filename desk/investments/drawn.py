"""The investment budget as it is drawn: texts of cells and sums of classes, by the names that the grid's script knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.provenance import Source, weakest
from investments.models import Investment, InvestmentItem, PurchaseState
from investments.services.cells import COLUMNS, key_of, show_cell
from web.numbers import format_sek

# What a class buys that no item says more of has neither month nor priority: a year's even purchase.
YEARS = range(3)


class DrawnRow(NamedTuple):
    """A row of the grid: its number in the page, its key, what it is, and its cells in the order of the columns."""

    number: int
    key: str
    row: Investment | InvestmentItem
    name: str
    whom: str
    cells: list[str | None]
    state: PurchaseState | None

    @property
    def is_item(self) -> bool:
        """Whether it is a purchase of its own."""
        return isinstance(self.row, InvestmentItem)


@dataclass(frozen=True)
class DrawnGroup:
    """An asset class: its sums of the three years, whether they lack an amount, and its rows."""

    row: Investment
    key: str
    life: str
    life_source: str
    sums: list[str]
    unknown_years: list[int]
    rows: list[DrawnRow]
    source: str


@dataclass(frozen=True)
class DrawnTable:
    """One table: what is paid by loans, or finance leases."""

    title: str
    groups: list[DrawnGroup]
    sums: list[str]
    is_complete: bool

    def figures(self, place: str) -> dict[str, str]:
        """Return the sums by the names that they have in the page."""
        found = {f"{group.key}|{year}": text for group in self.groups for year, text in enumerate(group.sums)}
        return found | {f"{place}|{year}": text for year, text in enumerate(self.sums)}


@dataclass(frozen=True)
class Drawn:
    """Both tables."""

    financed: DrawnTable
    leased: DrawnTable

    def cells(self) -> dict[str, list[str | None]]:
        """Return the texts of all cells by row."""
        tables = (self.financed, self.leased)
        return {row.key: row.cells for table in tables for group in table.groups for row in group.rows}

    def figures(self) -> dict[str, str]:
        """Return all sums by their names."""
        return {**self.financed.figures("financed"), **self.leased.figures("leased")}


def draw_investments(rows: Sequence[Investment], states: dict[UUID, PurchaseState]) -> Drawn:
    """Return an investment budget as it is shown."""
    pen = _Pen(states)
    financed = [row for row in rows if row.financing == Investment.Financing.LOAN]
    leased = [row for row in rows if row.financing != Investment.Financing.LOAN]
    return Drawn(pen.table(_("Paid by loans"), financed), pen.table(_("Finance leases"), leased))


class _Pen:
    def __init__(self, states: dict[UUID, PurchaseState]) -> None:
        self.states = states
        self.number = 0

    def table(self, title: str, rows: list[Investment]) -> DrawnTable:
        sums = [format_sek(sum(row.amounts[year] or 0 for row in rows)) for year in YEARS]
        return DrawnTable(title, [self.group(row) for row in rows], sums, not any(row.unknown_years for row in rows))

    def group(self, row: Investment) -> DrawnGroup:
        items = list(row.items.all())
        for item in items:
            item.budget = row.budget
        return DrawnGroup(
            row,
            f"class.{row.lineage}",
            _say_life(row),
            Source.ASSUMED.value if row.useful_life_years is None and row.life_years is not None else "",
            ["x" if ore is None else format_sek(ore) for ore in row.amounts],
            row.unknown_years,
            [self.line(row), *map(self.line, items)],
            weakest([row.provenance, *(item.provenance for item in items)]),
        )

    def line(self, row: Investment | InvestmentItem) -> DrawnRow:
        self.number += 1
        cells = [show_cell(row, column) for column in COLUMNS]
        if isinstance(row, Investment):
            return DrawnRow(self.number, key_of(row), row, _("Not specified"), "", cells, None)
        whom = row.customer.name if row.customer else ""
        return DrawnRow(self.number, key_of(row), row, row.name, whom, cells, self.states.get(row.lineage))


def _say_life(row: Investment) -> str:
    years = row.life_years
    if years is None:
        return _("life not known")
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
