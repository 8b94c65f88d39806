"""Undo and redo on the server, one step per save. An undo is a change like any other, which history shows as such."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from budgets.models import CostLine, EditStep, SubBudget
from budgets.selectors.sheets import is_closed
from budgets.services.grid.cells import say_closed
from budgets.services.grid.edits import EditedLine, UndoRefusedError, Values
from budgets.services.grid.sheet import STORED, WorkSheet, to_json
from engine.lines import FIGURES

if TYPE_CHECKING:
    from accounts.models import User

# How many steps back a person can go.
KEPT = 100
RECORD = """
    WITH forgotten AS (
        DELETE FROM budgets_editstep AS s
        WHERE s.user_id = %(user)s AND s.sub_budget_id = %(sub_budget)s AND (s.undone OR s.id IN (
            SELECT o.id FROM budgets_editstep AS o WHERE o.user_id = %(user)s AND o.sub_budget_id = %(sub_budget)s
            ORDER BY o.id DESC OFFSET %(kept)s)))
    INSERT INTO budgets_editstep (user_id, sub_budget_id, action, changes, undone, made_at)
    VALUES (%(user)s, %(sub_budget)s, %(action)s, %(changes)s, false, now())"""


def record_step(sub_budget: SubBudget, changes: list[EditedLine], *, action: str, by: User) -> None:
    """Keep a step; what was undone before it can't be done again, and the oldest are forgotten."""
    stored = Jsonb([change.as_json() for change in changes])
    values = {
        "user": by.pk,
        "sub_budget": sub_budget.pk,
        "action": action,
        "kept": KEPT - 1,
    }
    with connection.cursor() as cursor:
        # Django hands the driver its own value for JSON, which the stubs do not know.
        cursor.execute(RECORD, cast(dict[str, str], {**values, "changes": stored}))


def list_steps(sub_budget: SubBudget, by: User) -> QuerySet[EditStep]:
    """Return a person's own steps in a sub-budget."""
    steps: QuerySet[EditStep] = EditStep.objects.visible_to(by).filter(sub_budget=sub_budget)
    return steps


def apply_changes(sheet: WorkSheet, changes: list[EditedLine], *, by_economist: bool) -> None:
    """Do the changes of a step where nobody has changed the same since. Raise UndoRefusedError."""
    for change in changes:
        _check(sheet, change)
        line = sheet.lines.get(change.line)
        if line is not None and is_closed(line, by_economist=by_economist) and _touches_figures(line, change):
            raise UndoRefusedError(f"“{line.text}”: {say_closed(line)}")
    for change in changes:
        line = sheet.lines.get(change.line)
        if change.after is None:
            if line is not None:
                sheet.delete(line)
        elif line is None:
            sheet.add(change.line, change.after)
        else:
            if any(name in change.after for name in STORED):
                sheet.set_values(line, change.after)
            if "product" in change.after:
                sheet.move(line, change.after)


def _touches_figures(line: CostLine, change: EditedLine) -> bool:
    """Return whether a change takes a line away, or gives it other figures."""
    after = change.after
    return after is None or any(name in after and after[name] != to_json(getattr(line, name)) for name in FIGURES)


def _check(sheet: WorkSheet, change: EditedLine) -> None:
    line = sheet.lines.get(change.line)
    if change.before is None:
        if line is not None:
            raise UndoRefusedError(_("“%(text)s” is there already.") % {"text": line.text})
        if change.after and not _has_product(sheet, change.after):
            raise UndoRefusedError(_("The product of “%(text)s” has been removed.") % {"text": change.after["text"]})
        return
    if line is None:
        if change.after is None:
            return
        raise UndoRefusedError(_("A line of this step has been deleted since. Restore it first."))
    differing = [
        name for name in STORED if name in change.before and to_json(getattr(line, name)) != change.before[name]
    ]
    if differing:
        raise UndoRefusedError(
            _(
                "“%(text)s” has been changed by somebody else since, so the step can't be taken back. Change the line itself."
            )
            % {"text": line.text}
        )
    if change.after is not None and "product" in change.after and not _has_product(sheet, change.after):
        raise UndoRefusedError(_("The product of “%(text)s” has been removed.") % {"text": line.text})


def _has_product(sheet: WorkSheet, values: Values) -> bool:
    return values["product"] in {str(lineage) for lineage in sheet.products}
