"""Takes a person's last step in a sub-budget back, and does it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.models import EditStep, SubBudget
from budgets.services.editing import open_sheet, request_roll_up
from budgets.services.grid.edits import EditedLine, Saved, UndoRefusedError
from budgets.services.grid.sheet import WorkSheet
from budgets.services.grid.steps import apply_changes, list_steps
from records.reasons import Reason

if TYPE_CHECKING:
    from accounts.models import User


def undo_step(sub_budget: SubBudget, *, by: User) -> tuple[EditStep, Saved]:
    """Take back the last step that is not undone. Raise UndoRefusedError, PermissionDenied."""
    with open_sheet(sub_budget, by=by, reason=Reason.UNDO):
        step = list_steps(sub_budget, by).filter(undone=False).last()
        if step is None:
            raise UndoRefusedError(_("There is nothing to undo."))
        changes = [EditedLine.from_json(stored).reversed() for stored in reversed(step.changes)]
        return step, _redo_or_undo(sub_budget, step, changes, undone=True)


def redo_step(sub_budget: SubBudget, *, by: User) -> tuple[EditStep, Saved]:
    """Do the first undone step again. Raise UndoRefusedError, PermissionDenied."""
    with open_sheet(sub_budget, by=by, reason=Reason.REDO):
        step = list_steps(sub_budget, by).filter(undone=True).first()
        if step is None:
            raise UndoRefusedError(_("There is nothing to redo."))
        changes = [EditedLine.from_json(stored) for stored in step.changes]
        return step, _redo_or_undo(sub_budget, step, changes, undone=False)


def _redo_or_undo(sub_budget: SubBudget, step: EditStep, changes: list[EditedLine], *, undone: bool) -> Saved:
    whole = any(change.before is None or change.after is None or "product" in change.after for change in changes)
    sheet = WorkSheet(sub_budget, {change.line for change in changes}, whole=whole)
    apply_changes(sheet, changes)
    saved = sheet.write()
    EditStep.objects.filter(pk=step.pk).update(undone=undone)
    request_roll_up(sub_budget.pk)
    return saved
