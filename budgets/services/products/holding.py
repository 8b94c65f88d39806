"""What every change of products shares: who may, in which budget, one at a time, as one act of history.

Locks are taken in the order that `budgets.services.editing` states, the roll-up states, the sub-budgets, the budget, and
before them those of what gives to products, as the calculation takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from budgets.models import Budget, SubBudget
from budgets.product_givers import list_givers
from budgets.services.editing import request_roll_up
from budgets.services.workflow import hold_sub_budgets
from objects.selectors.registers import can_keep
from records.reasons import Reason
from records.services import Act, change
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User


def say_closed(budget: Budget) -> str:
    """Say why the products of a budget can't be changed, and what to do instead; empty when they can."""
    if budget.status == Budget.Status.DRAFT:
        return ""
    return _("%(budget)s is adopted, so its products stay as they are. The economist can make a revised budget.") % {
        "budget": budget.name
    }


@contextmanager
def open_products(sub_budgets: Iterable[SubBudget], *, by: User, reason: Reason, **of: object) -> Iterator[Act]:
    """A change of products of these sub-budgets of one budget, one at a time; what it moved is rolled up after.

    PermissionDenied for who keeps no register, ValidationError with words when the budget is adopted or a sub-budget
    locked by now.
    """
    if not can_keep(by):
        raise PermissionDenied
    places = list(sub_budgets)
    keys = {row.pk for row in places}
    with change(by=by.email, reason=reason, **of) as act:
        for budget in sorted({row.budget_id for row in places}):
            for giver in list_givers():
                giver.hold(budget)
        held = hold_sub_budgets(SubBudget.objects.filter(pk__in=keys))
        check_open(held)
        yield act
        for key in sorted(keys):
            request_roll_up(key)


def check_open(held: Iterable[SubBudget]) -> None:
    """Raise ValidationError, which says why, when products of one of the held sub-budgets can't be changed."""
    for row in held:
        if closed := say_closed(row.budget):
            raise ValidationError(closed)
        if row.status == SubBudget.Status.LOCKED:
            said = _("%(name)s is locked in the compiled budget. Unlock it first.")
            raise ValidationError(said % {"name": name_of(row)})
