"""What every change of cost lines shares: one at a time in a sub-budget, checked again under the lock, rolled up after.

The one order of locks, for edits and steps alike: the sub-budget's roll-up state, the sub-budget, its lines, the budget.
The triggers keep to it: they count on the roll-up state, then hold the budget, so whoever took another lock before the
state would wait for somebody who waits in turn. Only the states of the sub-budgets concerned are locked: edits of
different sub-budgets of a budget never wait for each other. Steps take several in the order of their keys.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from budgets.models import RollUpState, SubBudget
from budgets.selectors import can_edit
from records.services import change

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

JOB_EXPIRES_SECONDS = 120


@contextmanager
def open_sheet(sub_budget: SubBudget, *, by: User, reason: str) -> Iterator[SubBudget]:
    """A change of a sub-budget's lines, one at a time; gives the sub-budget as it is now. Raises PermissionDenied.

    Whether `by` may edit is asked under the lock, so that nothing is written into what was submitted a moment before.
    """
    try:
        with change(by=by.email, reason=reason):
            # A second query, so that it reads the budget as it is once the state is held.
            RollUpState.objects.select_for_update().only("pk").get(pk=sub_budget.pk)
            rows = SubBudget.objects.select_for_update(of=("self",), no_key=True).select_related("budget")
            locked: SubBudget = rows.get(pk=sub_budget.pk)
            if not can_edit(by, locked):
                raise PermissionDenied
            yield locked
    except IntegrityError as error:
        if "is adopted" in str(error):
            raise PermissionDenied from error
        raise


def request_roll_up(sub_budget_id: int) -> None:
    """Starts the roll-up after commit. A lost broker is no error: the sweep finds what was changed."""
    transaction.on_commit(partial(_send_roll_up, sub_budget_id), robust=True)


def _send_roll_up(sub_budget_id: int) -> None:
    try:
        current_app.send_task("forecasts.roll_up", args=[sub_budget_id], expires=JOB_EXPIRES_SECONDS, retry=False)
    except OperationalError:
        log.warning("The broker can't be reached; the sweep will roll up sub-budget %s.", sub_budget_id)
