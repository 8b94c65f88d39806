"""One cost line as a form edits it: each change is an edit of the grid with one line, and history names it by itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from budgets.models import LINE_FIELDS, BudgetProduct, CostLine, EditStep, SubBudget
from budgets.services.editing import open_sheet
from budgets.services.grid.edits import Deletion, GridEdit, GridRefusedError, NewLine, Saved, Values, WholeEdit
from budgets.services.grid.saving import apply_edit
from budgets.services.grid.sheet import STORED
from records.changes import events_of
from records.models import Provenance
from records.reasons import Reason
from records.services.stale import StaleError
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


def add_line(product: BudgetProduct, values: Values, *, by: User) -> CostLine:
    """Add a line last in its product. Raise PermissionDenied when `by` may not edit the sub-budget, as all do here.

    GridRefusedError says what can't be stored.
    """
    new = NewLine(uuid4(), product.lineage, values=_as_entered(values), is_last=True)
    edit = GridEdit(added=(new,), action=EditStep.Action.ADD)
    (line,) = _save(product.sub_budget, edit, by=by, reason=Reason.ADD_COST_LINE).placed
    return line


def change_line(
    line: CostLine,
    values: Values,
    *,
    by: User,
    seen: datetime | None = None,
    reason: Reason = Reason.CHANGE_COST_LINE,
) -> CostLine:
    """Change a line; `seen` is the edited_at the author saw, `reason` is what history says.

    Raise StaleError when the line has been changed since, or moved to another product, CostLine.DoesNotExist when it is
    gone, GridRefusedError with what can't be stored.
    """
    product = line.budget_product
    edit = GridEdit(whole=(WholeEdit(line.lineage, product.lineage, _as_entered(values), seen),))
    saved = _save(product.sub_budget, edit, by=by, reason=reason)
    return saved.changed[0] if saved.changed else CostLine.objects.get(pk=line.pk)


def delete_line(line: CostLine, *, by: User, seen: datetime | None = None) -> None:
    """Delete a line; history keeps it. `seen` is the edited_at the author saw.

    Raise StaleError when the line has been changed since, CostLine.DoesNotExist when it is gone already.
    """
    edit = GridEdit(deleted=(Deletion(line.lineage, seen),), action=EditStep.Action.DELETE)
    if not _save(line.budget_product.sub_budget, edit, by=by, reason=Reason.DELETE_COST_LINE).gone:
        raise CostLine.DoesNotExist


@retried
def restore_line(sub_budget: SubBudget, lineage: UUID, *, by: User) -> CostLine:
    """Add a deleted line again as it was, from its history; one that is already there is left alone.

    Raise CostLine.DoesNotExist when no such line of the sub-budget was deleted.
    """
    with open_sheet(sub_budget, by=by, reason=Reason.UNDO_DELETE_OF_COST_LINE):
        there: CostLine | None = CostLine.objects.filter(budget_product__sub_budget=sub_budget, lineage=lineage).first()
        if there is not None:
            return there
        edit = GridEdit(added=(_find_deleted(sub_budget, lineage),), action=EditStep.Action.ADD)
        (line,) = apply_edit(sub_budget, edit, by=by).placed
    return line


def _find_deleted(sub_budget: SubBudget, lineage: UUID) -> NewLine:
    """Return a deleted line to add again, after those that stood before it."""
    events = events_of(CostLine)
    deleted = events.filter(pgh_label="delete", budget=sub_budget.budget, lineage=lineage).order_by("-pgh_id").first()
    if deleted is None:
        raise CostLine.DoesNotExist
    product = BudgetProduct.objects.filter(pk=deleted.budget_product_id, sub_budget=sub_budget).first()
    if product is None:
        raise CostLine.DoesNotExist
    before = CostLine.objects.filter(budget_product=product, position__lte=deleted.position)
    after = before.order_by("position", "pk").values_list("lineage", flat=True).last()
    values = {name: getattr(deleted, name) for name in STORED}
    return NewLine(lineage, product.lineage, after, values=values, position=deleted.position)


@retried
def _save(sub_budget: SubBudget, edit: GridEdit, *, by: User, reason: Reason) -> Saved:
    try:
        with open_sheet(sub_budget, by=by, reason=reason):
            return apply_edit(sub_budget, edit, by=by)
    except GridRefusedError as refused:
        if refused.clashes:
            raise StaleError(refused.clashes[0].line) from refused
        if refused.gone:
            raise CostLine.DoesNotExist from refused
        raise


def _as_entered(values: Values) -> Values:
    """Return the written fields as they are stored; whoever saves a form has entered its figures."""
    unknown = values.keys() - set(LINE_FIELDS)
    if unknown:
        raise ValueError(f"no fields of a line: {sorted(unknown)}")
    return {**values, "provenance": Provenance.ENTERED.value}
