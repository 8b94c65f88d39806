"""Takes a person's last step in a sub-budget back, and does it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.models import EditStep, SubBudget
from budgets.selectors.sub_budgets import is_economist
from budgets.services.editing import open_sheet, request_roll_up
from budgets.services.grid.edits import EditedLine, GridRefusedError, Saved, UndoRefusedError
from budgets.services.grid.saving import write_sheet
from budgets.services.grid.sheet import WorkSheet
from budgets.services.grid.steps import apply_changes, list_steps
from records.reasons import Reason
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


@retried
def undo_step(sub_budget: SubBudget, *, by: User, number: int | None = None) -> tuple[EditStep, Saved]:
    """Take back the last step that is not undone. Raise UndoRefusedError, PermissionDenied.

    `number` is the step that the page named: where it is undone already nothing is done, so it may be sent twice.
    """
    with open_sheet(sub_budget, by=by, reason=Reason.UNDO) as act:
        step = list_steps(sub_budget, by).filter(undone=False).last()
        if (done := _find_done(sub_budget, by, step, number, undone=True)) is not None:
            return done, Saved()
        if step is None:
            raise UndoRefusedError(_("There is nothing to undo."))
        act.tell(step=step.action)
        changes = [EditedLine.from_json(stored).reversed() for stored in reversed(step.changes)]
        return step, _redo_or_undo(sub_budget, step, changes, by=by, undone=True)


@retried
def redo_step(sub_budget: SubBudget, *, by: User, number: int | None = None) -> tuple[EditStep, Saved]:
    """Do the first undone step again; `number` as above. Raise UndoRefusedError, PermissionDenied."""
    with open_sheet(sub_budget, by=by, reason=Reason.REDO) as act:
        step = list_steps(sub_budget, by).filter(undone=True).first()
        if (done := _find_done(sub_budget, by, step, number, undone=False)) is not None:
            return done, Saved()
        if step is None:
            raise UndoRefusedError(_("There is nothing to redo."))
        act.tell(step=step.action)
        changes = [EditedLine.from_json(stored) for stored in step.changes]
        return step, _redo_or_undo(sub_budget, step, changes, by=by, undone=False)


def _find_done(
    sub_budget: SubBudget, by: User, step: EditStep | None, number: int | None, *, undone: bool
) -> EditStep | None:
    """Return the named step where what is asked for is done already; None where it is next. Raise UndoRefusedError."""
    if number is None or (step is not None and step.pk == number):
        return None
    named = list_steps(sub_budget, by).filter(pk=number, undone=undone).first()
    if named is None:
        raise UndoRefusedError(
            _("You have changed something else since the page was shown. Look at it, and try again.")
        )
    return named


def _redo_or_undo(sub_budget: SubBudget, step: EditStep, changes: list[EditedLine], *, by: User, undone: bool) -> Saved:
    whole = any(change.before is None or change.after is None or "product" in change.after for change in changes)
    sheet = WorkSheet(sub_budget, {change.line for change in changes}, whole=whole)
    apply_changes(sheet, changes, by_economist=is_economist(by))
    try:
        saved = write_sheet(sheet)
    except GridRefusedError as refused:
        raise UndoRefusedError(refused.bad[0].reason) from refused
    EditStep.objects.filter(pk=step.pk).update(undone=undone)
    request_roll_up(sub_budget.pk)
    return saved
