"""Spreads a new sum on lines: planned first, so that each line can be seen before and after, then saved as one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from budgets.models import CostLine, EditStep
from budgets.selectors.sheets import SheetLine, split_closed
from budgets.services.grid.edits import GridEdit, LineEdit
from engine.slips import is_slip
from engine.spreading import Spread, spread
from engine.years import AMOUNTS
from web.numbers import format_sek


@dataclass(frozen=True)
class Spreading:
    """What lines become, öre of one year: the lines with their amounts before and after, and what is not touched.

    `emptied` of them lose their quantity and price, `slips` become about a thousand times what they were (`engine.slips`).
    """

    rows: list[tuple[CostLine, int, int]]
    closed: int
    edit: GridEdit
    emptied: int
    slips: int

    @property
    def count(self) -> int:
        """How many lines change."""
        return len(self.edit.changed)


def plan_spread(lines: Iterable[SheetLine], year: int, total: int, how: Spread, *, by_economist: bool) -> Spreading:
    """Return how `total` öre of a year (0, 1, 2) is spread on those of the lines that may be typed. Nothing is written.

    Raise AllocationError where none may be, or where there is no proportion to spread by.
    """
    open_rows, fixed = split_closed(lines, by_economist=by_economist)
    typed = [row.line for row in open_rows]
    closed = sum(row.line.amounts[year] for row in fixed)
    after = spread([line.amounts[year] for line in typed], total - closed, how)
    rows = [(line, line.amounts[year], amount) for line, amount in zip(typed, after, strict=True)]
    changed = [(line, amount) for line, before, amount in rows if amount != before]
    edits = tuple(LineEdit(line.lineage, {AMOUNTS[year]: format_sek(ore)}, {}, line.edited_at) for line, ore in changed)
    emptied = sum(line.quantity is not None for line, _ore in changed) if year == 0 else 0
    slips = sum(is_slip(before, amount) for _line, before, amount in rows)
    return Spreading(rows, closed, GridEdit(edits, action=EditStep.Action.MANY), emptied, slips)
