"""The grid of the investment budget: cells as they are typed, read, settled and stored, and those that can't be.

A row is a class of the budget or one of its items, named `row.LINEAGE` or `item.LINEAGE`; a column is a field, or a year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.models import Budget
from engine.lines import Figures, Problem, settle
from engine.result import CostKind
from engine.years import AMOUNTS
from investments.models import Investment, InvestmentItem
from investments.selectors.purchases import list_investments
from investments.services.purchases import open_investments
from records.models import Provenance
from records.reasons import Reason
from web.faults import retried
from web.formulas import parse_exact, parse_sum
from web.numbers import format_sek
from web.reading import NumberError, Scale, clean

if TYPE_CHECKING:
    from accounts.models import User

MONTH, QUANTITY, PRICE, PRIORITY = "month", "quantity", "unit_price_ore", "priority"
COLUMNS = (MONTH, QUANTITY, PRICE, *AMOUNTS, PRIORITY)
AMOUNT = "amount_ore"
TIED = (QUANTITY, PRICE, AMOUNT)
# What the rule of lines calls it.
_AS_LINE = {AMOUNT: "amount_1_ore"}
UNKNOWN = "x"
"""How an amount that is not yet known is printed and typed (rule 8)."""
SCALES = {
    MONTH: Scale(0, Decimal(1), Decimal(12)),
    QUANTITY: Scale(0, Decimal(1), Decimal(1_000_000)),
    PRIORITY: Scale(0, Decimal(1), Decimal(999)),
}


@dataclass(frozen=True)
class TypedCell:
    """A cell as typed, and what stood in it before, as it was shown."""

    row: str
    column: str
    typed: str
    was: str


@dataclass(frozen=True)
class RefusedCell:
    """A cell that is not saved, and why; `stored` is what stands there."""

    cell: TypedCell
    reason: str
    stored: str


@dataclass
class SavedCells:
    """How many cells are saved, and those that are not."""

    count: int = 0
    refused: list[RefusedCell] = field(default_factory=list)


def key_of(row: Investment | InvestmentItem) -> str:
    """Return what a row is called in the grid."""
    return f"{'row' if isinstance(row, Investment) else 'item'}.{row.lineage}"


def show_cell(row: Investment | InvestmentItem, column: str) -> str | None:
    """Return a cell's text; None where the row has no such cell."""
    name = _field_of(row, column)
    if name is None:
        return None
    value = getattr(row, name)
    if name.endswith("_ore") and name != PRICE:
        return UNKNOWN if value is None else format_sek(value)
    if value is None:
        return ""
    return format_sek(value) if name == PRICE else str(value)


def _field_of(row: Investment | InvestmentItem, column: str) -> str | None:
    """Return the field of a row's cell: an item has an amount in its own year only."""
    if isinstance(row, Investment):
        return column if column in (PRICE, *AMOUNTS) else None
    if column in AMOUNTS:
        return AMOUNT if row.budget.years[AMOUNTS.index(column)] == row.year else None
    return column if column in COLUMNS else None


@retried
def save_cells(budget: Budget, cells: Sequence[TypedCell], *, by: User, is_paste: bool = False) -> SavedCells:
    """Save what can be read as one act, and say what stands against the rest. PermissionDenied."""
    reason = Reason.PASTE_INTO_PURCHASES if is_paste else Reason.CHANGE_PURCHASES
    with open_investments(budget, by=by, reason=reason):
        table = _Table(budget)
        for cell in cells:
            table.read(cell)
        return table.store()


Typed = dict[str, tuple[TypedCell, int | None]]


class _Table:
    def __init__(self, budget: Budget) -> None:
        self.rows: dict[str, Investment | InvestmentItem] = {}
        for row in list_investments(budget):
            self.rows[key_of(row)] = row
            for item in row.items.all():
                item.budget = budget
                self.rows[key_of(item)] = item
        self.typed: dict[str, Typed] = {}
        self.saved = SavedCells()

    def read(self, cell: TypedCell) -> None:
        """Read a cell, or note why it can't be."""
        row = self.rows.get(cell.row)
        name = None if row is None else _field_of(row, cell.column)
        if row is None or name is None:
            self._refuse(cell, _("The purchase has been removed."))
            return
        try:
            value = READERS[name](cell.typed)
            stored = show_cell(row, cell.column) or ""
            if value != getattr(row, name) and clean(cell.was) != clean(stored):
                words = _("Somebody else has saved %(theirs)s meanwhile. Write it again to keep yours.")
                raise NumberError(words % {"theirs": stored or _("nothing")})
            self.typed.setdefault(cell.row, {})[name] = (cell, value)
        except NumberError as error:
            self._refuse(cell, str(error))

    def _refuse(self, cell: TypedCell, reason: str) -> None:
        row = self.rows.get(cell.row)
        stored = (show_cell(row, cell.column) or "") if row is not None else ""
        self.saved.refused.append(RefusedCell(cell, reason, stored))

    def store(self) -> SavedCells:
        """Write the rows whose cells fit together."""
        for key, typed in self.typed.items():
            row = self.rows[key]
            values = self._settle(row, typed) if isinstance(row, InvestmentItem) else _values_of(typed)
            changed = [name for name, value in values.items() if value != getattr(row, name)]
            if changed:
                for name in changed:
                    setattr(row, name, values[name])
                row.provenance = Provenance.ENTERED
                row.save()
                self.saved.count += len(changed)
        return self.saved

    def _settle(self, item: InvestmentItem, typed: Typed) -> dict[str, int | None]:
        """Return an item's new values by the rule of lines (rule 11): factors give the amount, a typed amount clears them."""
        values = _values_of(typed)
        tied = {name: values.pop(name) for name in TIED if name in values}
        if not tied:
            return values
        if tied.get(QUANTITY) is not None and item.unit_price_ore is None and PRICE not in tied:
            tied[PRICE] = item.investment.unit_price_ore
        if AMOUNT in tied and tied[AMOUNT] is None:
            if len(tied) == 1:
                return {**values, **dict.fromkeys(TIED)}
            del tied[AMOUNT]
        stored = Figures(CostKind.DIRECT_COST.value, item.quantity, item.unit_price_ore, item.amount_ore)
        wanted = Figures(
            CostKind.DIRECT_COST.value,
            tied.get(QUANTITY, item.quantity),
            tied.get(PRICE, item.unit_price_ore),
            tied.get(AMOUNT, item.amount_ore),
        )
        settled = settle(stored, wanted, {_AS_LINE.get(name, name) for name in tied}, is_base_grant=False)
        for name in TIED:
            problem = settled.problems.get(_AS_LINE.get(name, name))
            if problem is not None and name in typed:
                self._refuse(typed[name][0], _say(problem))
        figures = settled.figures
        quantity = None if figures.quantity is None else int(figures.quantity)
        return {**values, QUANTITY: quantity, PRICE: figures.unit_price_ore, AMOUNT: figures.amount_1_ore}


def _values_of(typed: Typed) -> dict[str, int | None]:
    return {name: value for name, (_cell, value) in typed.items()}


def _say(problem: Problem) -> str:
    if problem == Problem.ALONE:
        return _("Write both quantity and price each, or neither.")
    if problem == Problem.DIFFERS:
        return _("The amount is quantity times price each. Write that, or leave the amount as it is.")
    return _("Quantity times price each is too large.")


def _read_amount(typed: str) -> int | None:
    if clean(typed).casefold() in (UNKNOWN, "?"):
        return None
    return _read_price(typed) or 0


def _read_price(typed: str) -> int | None:
    if not clean(typed):
        return None
    ore = parse_sum(typed)
    if ore < 0:
        raise NumberError(_("Write an amount from 0 on."))
    return ore


def _read_whole(scale: Scale) -> Callable[[str], int | None]:
    return lambda typed: int(parse_exact(typed, scale)) if clean(typed) else None


READERS: dict[str, Callable[[str], int | None]] = {
    **{name: _read_whole(scale) for name, scale in SCALES.items()},
    PRICE: _read_price,
    **dict.fromkeys((*AMOUNTS, AMOUNT), _read_amount),
}
