"""Taking back a change of products: every row it wrote is put back as its history has it.

How is told in `records.services.restoring`. What the calculation wrote since is no change of anybody, and is calculated anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.selectors.product_acts import events_of_act, find_touched_places
from budgets.services.products.holding import open_products
from budgets.services.products.pointing import list_pointing
from objects.models import Product
from records.changes import Events
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
        written = list_written()
        rows = read_act(written, lambda model: events_of_act(model, budget, act), keep_changes=_leave_out_calculated)
        if not any(row.model is BudgetProduct for row in rows):
            raise ValidationError(_("There is nothing to take back: the change is not of this budget's products."))
        _require_targets(rows)
        restore(rows, written, say_needed=_say_needed)


def list_written() -> list[type[Model]]:
    """Return what a change of products writes: what points to another comes after it."""
    return [Product, BudgetProduct, *(model for model, _keys in list_pointing())]


def _leave_out_calculated(model: type[Model], events: Events) -> Events:
    """Leave out what the calculation wrote, which is calculated anew."""
    return events.filter(is_calculated=False) if model is CostLine else events


def _say_needed(row: Restored) -> str:
    """Say what the act did not make and points to a product that it made; empty where nothing does."""
    if row.model is not BudgetProduct:
        return ""
    for model, keys in list_pointing():
        if any(model._default_manager.filter(**{key: row.pk}).exists() for key in keys):
            if model is CostLine:
                return _("The product has lines of its own now. Merge or end it instead.")
            return _("The product is given something by pools or posts now. Merge or end it instead.")
    return ""


def _require_targets(rows: Iterable[Restored]) -> None:
    """Raise ValidationError where a row would point to what is gone and does not come back with it."""
    back = [row for row in rows if row.before is not None]
    coming = {(row.model, row.pk) for row in back}
    for row in back:
        for key in row.model._meta.concrete_fields:
            target = (row.before or {}).get(key.attname)
            whole = key.related_model
            if whole is None or target is None or (whole, target) in coming:
                continue
            if not whole._default_manager.filter(pk=target).exists():
                raise ValidationError(_("What it rested on has been removed since, so it can't be taken back."))
