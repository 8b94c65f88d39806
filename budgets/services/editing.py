"""What every change of cost lines shares: one at a time in a sub-budget, checked again under the lock, rolled up after.

The one order of locks, for edits and steps alike: the sub-budget's roll-up state, the sub-budget, its lines, the budget.
The triggers keep to it: they count on the roll-up state, then hold the budget, so whoever took another lock before the
state would wait for somebody who waits in turn. Only the states of the sub-budgets concerned are locked: edits of
different sub-budgets of a budget never wait for each other. Steps take several in the order of their keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from budgets.models import SubBudget
from budgets.selectors.sub_budgets import can_edit
from records.reasons import Reason
from records.services import Act, change
from records.services.sending import send_task

if TYPE_CHECKING:
    from accounts.models import User

JOB_EXPIRES_SECONDS = 120
# Two statements, so that the second reads both as they are once the state is held; sent as one.
LOCK = """
    SELECT FROM budgets_rollupstate WHERE sub_budget_id = %s FOR UPDATE;
    SELECT s.status, b.status FROM budgets_subbudget AS s JOIN budgets_budget AS b ON b.id = s.budget_id
    WHERE s.id = %s FOR NO KEY UPDATE OF s"""


@contextmanager
def open_sheet(sub_budget: SubBudget, *, by: User, reason: Reason) -> Iterator[Act]:
    """A change of a sub-budget's lines, one at a time. Raise PermissionDenied, SubBudget.DoesNotExist.

    Whether `by` may edit is asked under the lock, of the states as they are now (`sub_budget` is given them), so that
    nothing is written into what was submitted a moment before.
    """
    try:
        with change(by=by.email, reason=reason) as act:
            _lock(sub_budget)
            if not can_edit(by, sub_budget):
                raise PermissionDenied
            yield act
    except IntegrityError as error:
        if "is adopted" in str(error):
            raise PermissionDenied from error
        raise


def _lock(sub_budget: SubBudget) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sub_budget.pk, sub_budget.pk])
        cursor.nextset()
        statuses = cursor.fetchone()
    if statuses is None:
        raise SubBudget.DoesNotExist
    sub_budget.status, sub_budget.budget.status = statuses


def request_roll_up(sub_budget_id: int) -> None:
    """Start the roll-up after commit. A lost broker is no error: the sweep finds what was changed."""
    send = partial(send_task, "forecasts.roll_up", sub_budget_id, expires=JOB_EXPIRES_SECONDS)
    transaction.on_commit(send, robust=True)
