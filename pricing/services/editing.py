"""What every change of posts and pools shares: one at a time in a budget, checked again under the lock, calculated after.

The order of locks is that of the calculation: the budget's state first, then the rows, whose triggers count on the state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from budgets.models import Budget
from pricing.models import CalculationState
from pricing.selectors.editing import can_edit_pools
from records.reasons import Reason
from records.services import Act, change
from records.services.sending import send_task

if TYPE_CHECKING:
    from accounts.models import User

JOB_EXPIRES_SECONDS = 120


@contextmanager
def open_pools(budget: Budget, *, by: User, reason: Reason) -> Iterator[Act]:
    """A change of a budget's posts, pools or weights. Raise PermissionDenied.

    Whether `by` may is asked under the lock, of the budget as it is now; the calculation is asked for after commit.
    """
    with change(by=by.email, reason=reason) as act:
        CalculationState.objects.select_for_update().filter(pk=budget.pk).first()
        budget.refresh_from_db(fields=["status", "phase"])
        if not can_edit_pools(by, budget):
            raise PermissionDenied
        yield act
        request_calculation(budget.pk)


def request_calculation(budget_id: int) -> None:
    """Start the calculation after commit. A lost broker is no error: the sweep finds what was changed."""
    send = partial(send_task, "forecasts.calculate", budget_id, expires=JOB_EXPIRES_SECONDS)
    transaction.on_commit(send, robust=True)


def calculate_again(budget: Budget, *, by: User) -> None:
    """Have everything calculated anew, though nothing was changed. Raise PermissionDenied."""
    with open_pools(budget, by=by, reason=Reason.CALCULATE_AGAIN):
        CalculationState.objects.filter(pk=budget.pk).update(changed=F("changed") + 1)
