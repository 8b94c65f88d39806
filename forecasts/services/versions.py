"""A budget's whole life: copied forward with all that belongs to it, rolled up and adopted."""

from datetime import date

from django.db import transaction

from budgets.models import Budget
from budgets.services.adoption import BehindError, freeze_budget
from budgets.services.copying import copy_lines_forward
from forecasts.services.roll_up import roll_up_budget
from investments.services import copy_investments_forward
from objects.models import Decision

ATTEMPTS = 5


def copy_forward(
    source: Budget, *, slug: str, name: str, on: date, by: str, kind: str = Budget.Kind.ORIGINAL
) -> Budget:
    """A draft for the year after `source`, with its lines, investments and loans, rolled up (rule 2)."""
    with transaction.atomic():
        target = copy_lines_forward(source, slug=slug, name=name, kind=kind, on=on, by=by)
        copy_investments_forward(source, target, by=by)
    roll_up_budget(target, everything=True)
    return target


def adopt_budget(budget: Budget, *, decision: Decision, by: str) -> None:
    """Rolls up, then freezes; when somebody edits in between, does both again. Raises BehindError after five tries."""
    for attempt in range(ATTEMPTS):
        roll_up_budget(budget)
        try:
            freeze_budget(budget, decision=decision, by=by)
        except BehindError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return
