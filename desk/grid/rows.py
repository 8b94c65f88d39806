"""The lines of the grid as inputs that hold kronor, part of one form that works without script.

templates/desk/grid/_lines.jinja draws them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import NamedTuple, Protocol
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budgets.models import COST_KINDS, CostLine
from budgets.selectors.sheets import Sheet, SheetLine, is_closed
from budgets.services.grid.edits import CELLS
from desk.sub_budget.rows import Shown
from engine.lines import FIGURES
from objects.models import GovernanceObject
from web.fields import name_of_answer
from web.jinja import draw
from web.numbers import format_change_in, format_in, format_quantity, format_sek

# (line, field) to what was typed, and a line to (field, what is wrong with it).
Typed = Mapping[tuple[UUID, str], str]
Problems = Mapping[UUID, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Entered:
    """What was typed and could not be saved, what is wrong with it, and the amounts in öre that are asked about."""

    typed: Typed = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)
    asked: Mapping[tuple[UUID, str], int] = field(default_factory=dict)


class LineCells(Protocol):
    """What a line's cells are written from: a line, or the line as its history keeps it."""

    @property
    def text(self) -> str: ...
    @property
    def cost_kind(self) -> str: ...
    @property
    def quantity(self) -> Decimal | None: ...
    @property
    def unit_price_ore(self) -> int | None: ...
    @property
    def amount_1_ore(self) -> int: ...
    @property
    def amount_2_ore(self) -> int: ...
    @property
    def amount_3_ore(self) -> int: ...
    @property
    def note(self) -> str: ...


class Cell(NamedTuple):
    """An input: its field and what it holds."""

    field: str
    value: str
    is_bad: bool
    is_closed: bool


class GridLine(NamedTuple):
    """A line's row, ready to be drawn; `problems` are (column, what is wrong).

    Texts throughout, which are drawn without a call each. `number` is its place in `number_lines`, nothing in a row that the
    script asks for, since that posts no form. `asked` are inputs' names and the amounts that their author keeps by saving again.
    """

    number: str
    key: str
    lineage: UUID
    text: str
    seen: str
    earlier: str | None
    about: GovernanceObject | None
    cells: list[Cell]
    before: str
    change: str
    source: SafeString
    url: str
    problems: list[tuple[str, str]]
    asked: list[tuple[str, int]]
    is_closed: bool
    rests_on: str = ""


def list_kinds() -> dict[str, str]:
    """Return the cost kinds' names in the reader's language."""
    return {kind: str(label) for kind, label in COST_KINDS}


def write_cells(line: LineCells, kinds: Mapping[str, str]) -> list[str]:
    """Return a line's cells as texts, in the order of CELLS: what inputs hold, and what a save compares."""
    return [
        line.text,
        kinds[line.cost_kind],
        "" if line.quantity is None else format_quantity(line.quantity),
        "" if line.unit_price_ore is None else format_sek(line.unit_price_ore),
        format_sek(line.amount_1_ore),
        format_sek(line.amount_2_ore),
        format_sek(line.amount_3_ore),
        " ".join(line.note.split()),
    ]


def grid_lines(sheet: Sheet, shown: Shown, years: Sequence[int], entered: Entered) -> dict[UUID, list[GridLine]]:
    """Return the lines of a sheet's products as inputs, with what was typed instead where something is wrong."""
    make, numbers = _LineMaker(shown, years, entered), count()
    return {row.product.lineage: [make(line, str(next(numbers))) for line in row.lines] for row in sheet.products}


def number_lines(sheet: Sheet) -> list[str]:
    """Return the keys of a sheet's lines at the numbers that their inputs are named by, as `0:text`."""
    return [row.line.lineage.hex for product in sheet.products for row in product.lines]


def draw_rows(rows: Iterable[SheetLine], shown: Shown, years: Sequence[int]) -> dict[UUID, SafeString]:
    """Return single lines' rows by lineage."""
    make = _LineMaker(shown, years, Entered())
    lines = [make(row, "") for row in rows]
    return {line.lineage: draw("desk/grid/_lines.jinja", lines=[line], shown=shown, said=None) for line in lines}


class _LineMaker:
    """Makes lines' rows; words are looked up once."""

    def __init__(self, shown: Shown, years: Sequence[int], entered: Entered) -> None:
        self.shown, self.entered, self.kinds = shown, entered, list_kinds()
        names = [_("text"), _("cost kind"), _("quantity"), _("unit price"), *map(str, years)]
        self.words = dict(zip(CELLS, [*names, pgettext("of a line", "note")], strict=True))

    def __call__(self, row: SheetLine, number: str) -> GridLine:
        line, shown = row.line, self.shown
        key = str(line.lineage)
        problems = self.entered.problems.get(line.lineage, ())
        closed = is_closed(line, by_economist=shown.by_economist)
        return GridLine(
            number=number,
            key=key,
            lineage=line.lineage,
            text=line.text,
            seen=line.edited_at.isoformat(),
            earlier=None if row.earlier is None else str(row.earlier),
            about=line.governance_object,
            cells=self._make_cells(line, {name for name, _reason in problems}, FIGURES if closed else ()),
            before=format_in(row.earlier, shown.unit),
            change=format_change_in(row.change, shown.unit),
            source=shown.source_of(row),
            url=f"{shown.lines}{key}/",
            problems=[(self.words[name], reason) for name, reason in problems if name in self.words],
            asked=[
                (name_of_answer(f"{key}:{name}"), ore)
                for (lineage, name), ore in self.entered.asked.items()
                if lineage == line.lineage
            ],
            is_closed=closed,
            rests_on=shown.rests_on_of(line.budget_product.lineage) if line.is_calculated else "",
        )

    def _make_cells(self, line: CostLine, bad: set[str], closed: Sequence[str]) -> list[Cell]:
        typed = self.entered.typed
        return [
            Cell(name, typed.get((line.lineage, name), value) if typed else value, name in bad, name in closed)
            for name, value in zip(CELLS, write_cells(line, self.kinds), strict=True)
        ]
