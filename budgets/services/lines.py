"""Adding, changing and deleting cost lines. Each is one transaction that names its author and starts the roll-up."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from celery import current_app
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from kombu.exceptions import OperationalError

from budgets.models import BudgetProduct, CostLine, SubBudget
from budgets.selectors import can_edit
from engine.money import multiply
from records.models import Provenance
from records.services import change

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

JOB_EXPIRES_SECONDS = 120
FIELDS = (
    "text",
    "cost_kind",
    "quantity",
    "unit_price_ore",
    "amount_1_ore",
    "amount_2_ore",
    "amount_3_ore",
    "governance_object",
    "note",
)


class StaleLineError(Exception):
    """Somebody else changed the line since it was opened; `line` is what it is now."""

    def __init__(self, line: CostLine) -> None:
        super().__init__(f"{line} was changed at {line.edited_at}")
        self.line = line


def add_line(product: BudgetProduct, values: dict[str, Any], *, by: User) -> CostLine:
    """Adds a line last in its product. Raises PermissionDenied when `by` may not edit the sub-budget."""
    _check_edit(product, by)
    with change(by=by.email, reason="add cost line"):
        last = CostLine.objects.filter(budget_product=product).aggregate(last=Max("position"))["last"]
        line = CostLine(budget=product.budget, budget_product=product, position=(last or 0) + 1)
        _write(line, values)
        request_roll_up(product.sub_budget_id)
    return line


def change_line(
    line: CostLine, values: dict[str, Any], *, by: User, seen: datetime | None = None, reason: str = "change cost line"
) -> CostLine:
    """Changes a line; `seen` is the edited_at the author saw, `reason` is what history says.

    Raises StaleLineError when the line has been changed since, or moved to another product; PermissionDenied when `by` may not edit.
    """
    _check_edit(line.budget_product, by)
    with change(by=by.email, reason=reason):
        current: CostLine = CostLine.objects.select_for_update().get(pk=line.pk)
        moved = current.budget_product_id != line.budget_product_id
        if moved or (seen is not None and current.edited_at != seen):
            raise StaleLineError(current)
        current.budget_product = line.budget_product
        _write(current, values)
        request_roll_up(line.budget_product.sub_budget_id)
    return current


def delete_line(line: CostLine, *, by: User) -> None:
    """Deletes a line; history keeps it. Raises PermissionDenied when `by` may not edit the sub-budget."""
    _check_edit(line.budget_product, by)
    with change(by=by.email, reason="delete cost line"):
        sub_budget_id = line.budget_product.sub_budget_id
        line.delete()
        request_roll_up(sub_budget_id)


def restore_line(sub_budget: SubBudget, lineage: UUID, *, by: User) -> CostLine:
    """Adds a deleted line again as it was, from its history; one that is already there is left alone.

    Raises CostLine.DoesNotExist when no such line of the sub-budget was deleted, PermissionDenied when `by` may not edit.
    """
    if not can_edit(by, sub_budget):
        raise PermissionDenied
    with change(by=by.email, reason="undo delete of cost line"):
        there: CostLine | None = CostLine.objects.filter(budget_product__sub_budget=sub_budget, lineage=lineage).first()
        if there is not None:
            return there
        line = _find_deleted(sub_budget, lineage)
        line.save(force_insert=True)
        request_roll_up(sub_budget.pk)
    return line


def _find_deleted(sub_budget: SubBudget, lineage: UUID) -> CostLine:
    events = apps.get_model("budgets", "CostLineEvent")._default_manager
    deleted = events.filter(pgh_label="delete", budget=sub_budget.budget, lineage=lineage).order_by("-pgh_id").first()
    product = deleted and BudgetProduct.objects.filter(pk=deleted.budget_product_id, sub_budget=sub_budget).first()
    if not product:
        raise CostLine.DoesNotExist
    kept = {name: getattr(deleted, name) for name in (*FIELDS, "position", "provenance")}
    return CostLine(budget=sub_budget.budget, budget_product=product, lineage=lineage, **kept)


def request_roll_up(sub_budget_id: int) -> None:
    """Starts the roll-up after commit. A lost broker is no error: the sweep finds what was changed."""
    transaction.on_commit(partial(_send_roll_up, sub_budget_id), robust=True)


def _send_roll_up(sub_budget_id: int) -> None:
    try:
        current_app.send_task("forecasts.roll_up", args=[sub_budget_id], expires=JOB_EXPIRES_SECONDS, retry=False)
    except OperationalError:
        log.warning("The broker can't be reached; the sweep will roll up sub-budget %s.", sub_budget_id)


def _check_edit(product: BudgetProduct, by: User) -> None:
    if not can_edit(by, product.sub_budget):
        raise PermissionDenied


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
