"""Adding, changing and deleting one cost line. Each is one transaction, one step that can be undone, and one roll-up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max

from budgets.models import LINE_FIELDS, BudgetProduct, CostLine, EditStep, SubBudget
from budgets.services.editing import open_sheet, request_roll_up
from budgets.services.grid.edits import Change, Values
from budgets.services.grid.sheet import STORED, is_newer, to_json
from budgets.services.grid.steps import record_step
from engine.money import multiply
from records.changes import events_of
from records.models import Provenance

if TYPE_CHECKING:
    from accounts.models import User

FIELDS = tuple(name.removesuffix("_id") for name in LINE_FIELDS)


class StaleLineError(Exception):
    """Somebody else changed the line since it was opened; `line` is what it is now."""

    def __init__(self, line: CostLine) -> None:
        super().__init__(f"{line} was changed at {line.edited_at}")
        self.line = line


def add_line(product: BudgetProduct, values: dict[str, Any], *, by: User) -> CostLine:
    """Adds a line last in its product. Raises PermissionDenied when `by` may not edit the sub-budget."""
    with open_sheet(product.sub_budget, by=by, reason="add cost line"):
        last = CostLine.objects.filter(budget_product=product).aggregate(last=Max("position"))["last"]
        line = CostLine(budget=product.budget, budget_product=product, position=(last or 0) + 1)
        _write(line, values)
        _finish(product.sub_budget, Change(line.lineage, None, _place(line)), EditStep.Action.ADD, by)
    return line


def change_line(
    line: CostLine, values: dict[str, Any], *, by: User, seen: datetime | None = None, reason: str = "change cost line"
) -> CostLine:
    """Changes a line; `seen` is the edited_at the author saw, `reason` is what history says.

    Raises StaleLineError when the line has been changed since, or moved to another product; CostLine.DoesNotExist when it is
    gone; PermissionDenied when `by` may not edit.
    """
    with open_sheet(sub_budget := line.budget_product.sub_budget, by=by, reason=reason):
        current: CostLine = CostLine.objects.select_for_update().get(pk=line.pk)
        moved = current.budget_product_id != line.budget_product_id
        if moved or (seen is not None and current.edited_at != seen):
            raise StaleLineError(current)
        current.budget_product = line.budget_product
        before = _stored(current)
        _write(current, values)
        after = _stored(current)
        changed = [name for name in STORED if before[name] != after[name]]
        step = Change(line.lineage, {name: before[name] for name in changed}, {name: after[name] for name in changed})
        _finish(sub_budget, step if changed else None, EditStep.Action.CELLS, by)
    return current


def delete_line(line: CostLine, *, by: User, seen: datetime | None = None) -> None:
    """Deletes a line; history keeps it. `seen` is the edited_at the author saw.

    Raises StaleLineError when the line has been changed since, CostLine.DoesNotExist when it is gone already, and
    PermissionDenied when `by` may not edit the sub-budget.
    """
    with open_sheet(sub_budget := line.budget_product.sub_budget, by=by, reason="delete cost line"):
        rows = CostLine.objects.select_for_update(of=("self",)).select_related("budget_product")
        current: CostLine = rows.get(pk=line.pk)
        if is_newer(current, seen):
            raise StaleLineError(current)
        step = Change(current.lineage, _place(current), None)
        current.delete()
        _finish(sub_budget, step, EditStep.Action.DELETE, by)


def restore_line(sub_budget: SubBudget, lineage: UUID, *, by: User) -> CostLine:
    """Adds a deleted line again as it was, from its history; one that is already there is left alone.

    Raises CostLine.DoesNotExist when no such line of the sub-budget was deleted, PermissionDenied when `by` may not edit.
    """
    with open_sheet(sub_budget, by=by, reason="undo delete of cost line"):
        there: CostLine | None = CostLine.objects.filter(budget_product__sub_budget=sub_budget, lineage=lineage).first()
        if there is not None:
            return there
        line = _find_deleted(sub_budget, lineage)
        line.save(force_insert=True)
        _finish(sub_budget, Change(lineage, None, _place(line)), EditStep.Action.ADD, by)
    return line


def _find_deleted(sub_budget: SubBudget, lineage: UUID) -> CostLine:
    events = events_of(CostLine)
    deleted = events.filter(pgh_label="delete", budget=sub_budget.budget, lineage=lineage).order_by("-pgh_id").first()
    product = deleted and BudgetProduct.objects.filter(pk=deleted.budget_product_id, sub_budget=sub_budget).first()
    if not product:
        raise CostLine.DoesNotExist
    kept = {name: getattr(deleted, name) for name in (*FIELDS, "position", "provenance")}
    return CostLine(budget=sub_budget.budget, budget_product=product, lineage=lineage, **kept)


def _finish(sub_budget: SubBudget, step: Change | None, action: str, by: User) -> None:
    if step is not None:
        record_step(sub_budget, [step], action=action, by=by)
    request_roll_up(sub_budget.pk)


def _stored(line: CostLine) -> Values:
    return {name: to_json(getattr(line, name)) for name in STORED}


def _place(line: CostLine) -> Values:
    """All that a step keeps of a line, with its product and the line before it."""
    before = CostLine.objects.filter(budget_product=line.budget_product_id).exclude(pk=line.pk)
    after = (
        before.filter(position__lte=line.position).order_by("position", "pk").values_list("lineage", flat=True).last()
    )
    place = {"product": str(line.budget_product.lineage), "after": str(after) if after else None}
    return _stored(line) | place


def _write(line: CostLine, values: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(line, name, values[name])
    if line.quantity is not None and line.unit_price_ore is not None:
        worked_out = multiply(line.quantity, line.unit_price_ore)
        typed_alone = "amount_1_ore" in values and not {"quantity", "unit_price_ore"} & values.keys()
        if typed_alone and line.amount_1_ore != worked_out:
            line.quantity = line.unit_price_ore = None
        else:
            line.amount_1_ore = worked_out
    line.provenance = Provenance.ENTERED
    line.save()
