"""Going back to earlier values of a line: a new change like any other, so that nothing of its history is lost."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from budgets.models import LINE_FIELDS, CostLine, SubBudget
from budgets.selectors.lines import find_line
from budgets.selectors.sub_budgets import can_edit
from budgets.services.grid.edits import Values
from budgets.services.lines import change_line, restore_line
from objects.models import GovernanceObject
from records.changes import events_of
from records.reasons import Reason
from records.services.stale import StaleError

if TYPE_CHECKING:
    from accounts.models import User


def return_line(sub_budget: SubBudget, lineage: UUID, event: int, *, by: User, seen: datetime | None) -> CostLine:
    """Give a line the values it had after the event with this number; one that is gone comes back first.

    `seen` is the edited_at the author saw, None when the line was gone. Raise CostLine.DoesNotExist when the event is
    not the line's or its product is gone too, StaleError when the line was changed since, PermissionDenied when `by`
    may not edit.
    """
    if not can_edit(by, sub_budget):
        raise PermissionDenied
    with transaction.atomic():
        values = _load_values(sub_budget, lineage, event)
        line = find_line(sub_budget, by, lineage)
        if line is not None and seen is None:
            raise StaleError(line)
        if line is None:
            restore_line(sub_budget, lineage, by=by)
            line = find_line(sub_budget, by, lineage)
            assert line is not None
            seen = line.edited_at
        return change_line(line, values, by=by, seen=seen, reason=Reason.RESTORE_EARLIER_VALUES_OF_COST_LINE)


def _load_values(sub_budget: SubBudget, lineage: UUID, event: int) -> Values:
    events = events_of(CostLine)
    kept = events.filter(budget=sub_budget.budget_id, lineage=lineage, pgh_id=event).first()
    if kept is None:
        raise CostLine.DoesNotExist
    values = {name: getattr(kept, name) for name in LINE_FIELDS}
    if not GovernanceObject.objects.filter(pk=kept.governance_object_id).exists():
        values["governance_object_id"] = None
    return values
