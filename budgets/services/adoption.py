"""Adopting a budget: after it nothing under it changes, which database triggers hold."""

from django.db import transaction
from django.utils import timezone

from budgets.models import Budget
from budgets.selectors import is_behind
from objects.models import Decision
from records.services import change


class BehindError(Exception):
    """The budget was changed while it was being adopted; roll it up and try again."""


def freeze_budget(budget: Budget, *, decision: Decision, by: str) -> None:
    """Adopts a rolled-up draft by a decision. Raises BehindError when a change came in between.

    The row lock waits for writers under way, and makes later ones see the adopted budget and be refused.
    """
    with change(by=by, reason=f"adopt by {decision}"), transaction.atomic():
        locked = Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
        if locked.status != Budget.Status.DRAFT:
            raise ValueError(f"{locked.slug} is {locked.status}, only a draft can be adopted.")
        if is_behind(locked):
            raise BehindError(locked.slug)
        locked.status, locked.adopted_by, locked.adopted_at = Budget.Status.ADOPTED, decision, timezone.now()
        locked.save()
    budget.refresh_from_db()
