"""Taking back a change of products: every row it wrote is put back as its history has it (`records.services.restoring`)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.selectors.product_acts import MODELS, events_of_act, find_touched_places
from budgets.services.products.holding import open_products
from records.reasons import Reason
from records.services.restoring import Restored, read_act, restore
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


@retried
def undo_product_act(budget: Budget, act: UUID, *, by: User) -> None:
    """Take back a change of a draft's products, its lines with it. Errors as for `open_products`.

    ValidationError with words when a row has been changed since, or there is nothing to take back.
    """
    places = SubBudget.objects.filter(budget=budget, pk__in=find_touched_places(budget, act))
    with open_products(places, by=by, reason=Reason.UNDO_PRODUCT):
        rows = read_act(MODELS, lambda model: events_of_act(model, budget, act))
        if not any(row.model is BudgetProduct for row in rows):
            raise ValidationError(_("There is nothing to take back: the change is not of this budget's products."))
        restore(rows, MODELS, say_needed=_say_lines)


def _say_lines(row: Restored) -> str:
    has_lines = row.model is BudgetProduct and CostLine.objects.filter(budget_product=row.pk).exists()
    return _("The product has lines of its own now. Merge or end it instead.") if has_lines else ""
