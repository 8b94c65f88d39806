"""Saves what was typed in the grid: all of it or nothing, in one transaction, as one step that can be undone.

The trick of two people: each cell comes with what stood there when its author saw it. A cell that nobody else has touched
is saved though its line is newer; one that somebody has is refused and shown with both values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import CostLine, SubBudget
from budgets.selectors.grid import load_rates, load_sums_without_signs
from budgets.selectors.sheets import is_closed
from budgets.selectors.sub_budgets import is_economist
from budgets.services.editing import open_sheet, request_roll_up
from budgets.services.grid.cells import CellError, find_long_texts, read_cell, say_closed, settle_line
from budgets.services.grid.edits import (
    BadCell,
    Clash,
    EditedLine,
    GridEdit,
    GridRefusedError,
    LineEdit,
    NewLine,
    Saved,
    Values,
)
from budgets.services.grid.filling import fill_plan_years
from budgets.services.grid.sheet import STORED, WorkSheet, is_newer, to_json
from budgets.services.grid.steps import record_step
from engine.indexing import Rate
from engine.lines import FIGURES, TIED
from engine.money import COMMON_ORE, MAX_SUM_ORE
from engine.result import CostKind
from engine.slips import is_slip
from engine.years import AMOUNTS
from records.models import Provenance
from records.reasons import Reason
from web.faults import retried
from web.fields import say_slip
from web.numbers import format_sek

if TYPE_CHECKING:
    from accounts.models import User

# The constraint of a line's number in its budget.
LINE_IS_ELSEWHERE = "cost_line_lineage_once_a_budget"
# So many lines at a time, as many as the largest sub-budget has.
MOST_LINES = 2000
REASONS = {
    "cells": Reason.CHANGE_COST_LINES,
    "paste": Reason.PASTE_INTO_COST_LINES,
    "add": Reason.ADD_COST_LINE,
    "copy": Reason.COPY_COST_LINE,
    "move": Reason.MOVE_COST_LINES,
    "delete": Reason.DELETE_COST_LINES,
    "many": Reason.CHANGE_SEVERAL_AMOUNTS,
}

MONEY = {"unit_price_ore", *AMOUNTS}


@retried
def save_edit(sub_budget: SubBudget, edit: GridEdit, *, by: User) -> Saved:
    """Save an edit as one step.

    Raise GridRefusedError with what is bad, changed by others or gone, and then nothing is written (with `partial`
    bad cells are left out instead); PermissionDenied when `by` may not edit.
    """
    with open_sheet(sub_budget, by=by, reason=REASONS[edit.action]):
        return apply_edit(sub_budget, edit, by=by)


def apply_edit(sub_budget: SubBudget, edit: GridEdit, *, by: User) -> Saved:
    """Save as save_edit does, in a sheet that is open already."""
    _check_size(edit)
    whole = bool(edit.added or edit.moved or edit.deleted)
    editor = _Editor(WorkSheet(sub_budget, _touched(edit), whole=whole), edit, by_economist=is_economist(by))
    changes = editor.apply()
    saved = write_sheet(editor.sheet)
    if changes:
        record_step(sub_budget, changes, action=edit.action, by=by)
        request_roll_up(sub_budget.pk)
    return saved


def _check_size(edit: GridEdit) -> None:
    if len(edit.added) > MOST_LINES:
        words = _("At most %(most)s lines can be added at a time; these are %(count)s. Add some of them first.")
        reason = words % {"most": MOST_LINES, "count": len(edit.added)}
        raise GridRefusedError(bad=[BadCell(edit.added[MOST_LINES].line, "", "", reason)])


def write_sheet(sheet: WorkSheet) -> Saved:
    """Write a sheet's lines. Raise GridRefusedError when they can't be summed, or when one is another sub-budget's line."""
    try:
        saved = sheet.write()
    except IntegrityError as error:
        if LINE_IS_ELSEWHERE not in str(error):
            raise
        words = _("A line of another sub-budget has this number already. Reload the page, and add the line again.")
        raise GridRefusedError(bad=[BadCell(line, "", "", words) for line in sheet.added]) from error
    _check_sums(sheet.sub_budget, [*saved.changed, *saved.placed])
    return saved


def _check_sums(sub_budget: SubBudget, lines: list[CostLine]) -> None:
    """Ask for the sums where an amount is so large that they may be beyond what can be summed."""
    large = [(line, name) for line in lines for name in AMOUNTS if abs(getattr(line, name)) > COMMON_ORE]
    if not large:
        return
    sums = dict(zip(AMOUNTS, load_sums_without_signs(sub_budget), strict=True))
    bad = [
        BadCell(line.lineage, name, format_sek(getattr(line, name)), _say_too_large(sums[name]))
        for line, name in large
        if sums[name] > MAX_SUM_ORE
    ]
    if bad:
        raise GridRefusedError(bad=bad)


def _say_too_large(ore: int) -> str:
    words = _(
        "With this amount the sub-budget's amounts for the year come to %(sum)s kronor. The most that can be summed is %(most)s."
    )
    return words % {"sum": format_sek(ore, decimals=0), "most": format_sek(MAX_SUM_ORE, decimals=0)}


def _touched(edit: GridEdit) -> set[UUID]:
    return {item.line for group in (edit.changed, edit.whole, edit.moved, edit.deleted, edit.added) for item in group}


class _Editor:
    """Applies an edit to a work sheet and collects what stands against it."""

    def __init__(self, sheet: WorkSheet, edit: GridEdit, *, by_economist: bool) -> None:
        self.sheet, self.edit, self.by_economist = sheet, edit, by_economist
        self.bad: list[BadCell] = []
        self.clashes: list[Clash] = []
        self.gone: list[BadCell] = []

    @cached_property
    def _rates(self) -> list[Rate]:
        return load_rates(self.sheet.sub_budget.budget.years, timezone.localdate())

    def _load_rates(self) -> list[Rate]:
        return self._rates

    def apply(self) -> list[EditedLine]:
        """Return what changes. Raise GridRefusedError."""
        changes = [*self._add(), *self._change(), *self._change_whole(), *self._move(), *self._delete()]
        if self.gone or self.clashes or (self.bad and not self.edit.partial):
            raise GridRefusedError(bad=self.bad, clashes=self.clashes, gone=self.gone)
        return changes

    def _change(self) -> Iterator[EditedLine]:
        for edit in self.edit.changed:
            line = self.sheet.lines.get(edit.line)
            if line is None:
                words = _("The line has been deleted.")
                self.gone += [BadCell(edit.line, name, typed, words) for name, typed in edit.cells.items()]
            else:
                yield from self._store(line, self._merge(line, edit))

    def _change_whole(self) -> Iterator[EditedLine]:
        for edit in self.edit.whole:
            line = self.sheet.lines.get(edit.line)
            if line is None:
                self.gone.append(BadCell(edit.line, "", "", _("The line has been deleted.")))
            elif is_newer(line, edit.seen) or line.budget_product.lineage != edit.product:
                self.clashes.append(Clash(line, "", ""))
            else:
                yield from self._store(line, self._read(line, {}, self._open_values(line, edit.values)))

    def _merge(self, line: CostLine, edit: LineEdit) -> Values:
        """Return the typed values but for those that somebody else has changed, which are noted."""
        cells = self._open_cells(line, edit.cells)
        values = self._read(line, cells, {}, kept=edit.kept if self.edit.is_asking else None)
        if is_newer(line, edit.seen):
            clashing = {name for name in values if _clashes(line, name, values[name], edit.was)}
            self.clashes += [Clash(line, name, edit.cells[name]) for name in clashing if name in edit.cells]
            values = {name: value for name, value in values.items() if name not in clashing}
        return values

    def _open_cells(self, line: CostLine, cells: dict[str, str]) -> dict[str, str]:
        """Return the cells that may be typed in; closed ones that would become another are noted."""
        if not is_closed(line, by_economist=self.by_economist):
            return cells
        self._refuse_closed(
            line, [name for name in FIGURES if name in cells and not _is_as_seen(line, name, cells)], cells
        )
        return {name: typed for name, typed in cells.items() if name not in FIGURES}

    def _open_values(self, line: CostLine, values: Values) -> Values:
        """Return the same of values that are read already; who saves a closed line's form has not entered its figures."""
        if not is_closed(line, by_economist=self.by_economist):
            return values
        self._refuse_closed(
            line, [name for name in FIGURES if name in values and values[name] != getattr(line, name)], {}
        )
        return {name: value for name, value in values.items() if name not in (*FIGURES, "provenance")}

    def _refuse_closed(self, line: CostLine, names: Iterable[str], typed: dict[str, str]) -> None:
        self.bad += [BadCell(line.lineage, name, typed.get(name, ""), say_closed(line)) for name in names]

    def _store(self, line: CostLine, values: Values) -> Iterator[EditedLine]:
        new = {name: to_json(value) for name, value in values.items()}
        new = {name: value for name, value in new.items() if value != to_json(getattr(line, name))}
        if not new:
            return
        if new.keys() & set(FIGURES) and line.provenance != Provenance.ENTERED:
            new["provenance"] = Provenance.ENTERED.value
        if AMOUNTS[-1] in new and line.index_provenance:
            new["index_provenance"] = ""  # it is no longer what an index made
        before = {name: to_json(getattr(line, name)) for name in new}
        self.sheet.set_values(line, new)
        yield EditedLine(line.lineage, before, new)

    def _read(
        self, line: CostLine, cells: dict[str, str], known: Values, *, kept: dict[str, int] | None = None
    ) -> Values:
        """Return the typed cells as values, completed by those that follow from them.

        Those that can't be read, or are to be asked about unless they are `kept`, are noted and left out.
        """
        values = dict(known)
        wrong: dict[str, Exception] = {}
        for name, typed in cells.items():
            try:
                values[name] = read_cell(name, typed)
            except CellError as error:
                wrong[name] = error
        if kept is not None:
            self._ask(line, cells, values, kept)
        if "note" in values and values["note"] == " ".join(line.note.split()):
            values["note"] = line.note  # a cell has no line breaks
        wrong |= find_long_texts(known) | settle_line(line, values)
        if not wrong:
            years = self.sheet.sub_budget.budget.years
            fill_plan_years(line, values, self.edit.plan_years, years=years, rates=self._load_rates)
        self.bad += [BadCell(line.lineage, name, cells.get(name, ""), str(reason)) for name, reason in wrong.items()]
        return values

    def _ask(self, line: CostLine, cells: dict[str, str], values: Values, kept: dict[str, int]) -> None:
        """Note the amounts that are about a thousand times what stood there, and take them out of the values."""
        for name in MONEY & values.keys():
            before, after = getattr(line, name), values[name]
            if before is None or after is None or not is_slip(before, after) or kept.get(name) == after:
                continue
            del values[name]
            self.bad.append(BadCell(line.lineage, name, cells[name], say_slip(before, after), asked=after))

    def _add(self) -> Iterator[EditedLine]:
        for new in self.edit.added:
            product = self.sheet.products.get(new.product)
            if new.line in self.sheet.lines:
                continue  # sent twice
            if product is None:
                words = _("The product has been removed from the sub-budget. Add the line to another product.")
                self.gone.append(BadCell(new.line, "", new.cells.get("text", ""), words))
                continue
            after = self.sheet.last_of(new.product) if new.is_last else new.after
            values = self._start(new) | {"product": str(new.product), "after": str(after) if after else None}
            line = self.sheet.add(new.line, values, position=new.position)
            read = self._read(line, new.cells, new.values)
            self.sheet.set_values(line, {name: to_json(value) for name, value in read.items()})
            yield EditedLine(new.line, None, self.sheet.values_of(line))

    def _start(self, new: NewLine) -> Values:
        """Return what a new line holds before its cells: those of the line it copies, else nothing yet."""
        source = self.sheet.lines.get(new.copy_of) if new.copy_of else None
        if source is not None:
            copied = {name: to_json(getattr(source, name)) for name in STORED}
            return copied | {"provenance": Provenance.ENTERED.value, "index_provenance": ""}
        empty: Values = dict.fromkeys(AMOUNTS, 0) | {"text": _("New line"), "note": ""}
        return empty | {"cost_kind": CostKind.DIRECT_COST.value, "provenance": Provenance.ENTERED.value}

    def _move(self) -> Iterator[EditedLine]:
        for move in self.edit.moved:
            line = self.sheet.lines.get(move.line)
            if line is None or move.product not in self.sheet.products:
                words = (
                    _("The line has been deleted.")
                    if line is None
                    else _("The product has been removed from the sub-budget.")
                )
                self.gone.append(BadCell(move.line, "", line.text if line else "", words))
                continue
            before = self.sheet.place_of(line)
            after = {"product": str(move.product), "after": str(move.after) if move.after else None}
            if before != after and move.after != move.line:
                self.sheet.move(line, after)
                yield EditedLine(line.lineage, before, self.sheet.place_of(line))

    def _delete(self) -> Iterator[EditedLine]:
        for deletion in self.edit.deleted:
            line = self.sheet.lines.get(deletion.line)
            if line is None:
                continue  # it is gone, as was asked for
            if is_newer(line, deletion.seen):
                self.clashes.append(Clash(line, "", ""))
                continue
            if is_closed(line, by_economist=self.by_economist):
                self._refuse_closed(line, [""], {})
                continue
            before = self.sheet.values_of(line)
            self.sheet.delete(line)
            yield EditedLine(line.lineage, before, None)


def _clashes(line: CostLine, name: str, wanted: object, was: dict[str, str]) -> bool:
    """Return whether somebody else has changed the cell, or one it belongs with, to something else than is wanted."""
    if getattr(line, name) == wanted:
        return False
    together = {name} | (TIED & was.keys() if name in TIED else set())
    return any(not _is_as_seen(line, other, was) for other in together)


def _is_as_seen(line: CostLine, name: str, was: dict[str, str]) -> bool:
    if name not in was:
        return False
    try:
        seen = read_cell(name, was[name])
    except CellError:
        return False
    now = getattr(line, name)
    if name == "note":
        now = " ".join(now.split())
    return bool(seen == now)
