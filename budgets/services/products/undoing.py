"""Taking back a change of products: every row it wrote is put back as its history has it.

The trick: an act's events say which rows it touched, and the event before each of them how the row was. A row comes back
under its own key, so that what pointed to it does again. Where somebody has changed one of them since, nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.selectors.product_acts import MODELS, events_of_act, find_touched_places
from budgets.services.products.holding import open_products
from records.changes import Events, events_of
from records.reasons import Reason
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Restored:
    """A row that an act touched: how it was before, None where the act made it, and whether it is there now."""

    model: type[Model]
    pk: int
    before: dict[str, Any] | None
    is_there: bool


@retried
def undo_product_act(budget: Budget, act: UUID, *, by: User) -> None:
    """Take back a change of a draft's products, its lines with it. Errors as for `open_products`.

    ValidationError with words when a row has been changed since, or there is nothing to take back.
    """
    places = SubBudget.objects.filter(budget=budget, pk__in=find_touched_places(budget, act))
    with open_products(places, by=by, reason=Reason.UNDO_PRODUCT):
        rows = [row for model in MODELS for row in _read(model, budget, act)]
        if not any(row.model is BudgetProduct for row in rows):
            raise ValidationError(_("There is nothing to take back: the change is not of this budget's products."))
        _restore(rows)


def _read(model: type[Model], budget: Budget, act: UUID) -> list[Restored]:
    """Return the rows of a model that an act touched. ValidationError when one has been changed since."""
    events = list(events_of_act(model, budget, act))
    keys = {event.pgh_obj_id for event in events}
    since = events_of(model).filter(pgh_obj__in=keys, pgh_id__gt=max((e.pgh_id for e in events), default=0))
    if since.exists():
        raise ValidationError(_("It has been changed since, so it can't be taken back as a whole. Change it instead."))
    there = set(model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
    first = {event.pgh_obj_id: event for event in reversed(events)}
    return [
        Restored(model, key, None if event.pgh_label == "insert" else _values_before(model, event), key in there)
        for key, event in first.items()
    ]


def _values_before(model: type[Model], event: Any) -> dict[str, Any]:
    """Return how a row was before an event: a deletion's own values, else those of the event before it."""
    earlier: Events = events_of(model).filter(pgh_obj=event.pgh_obj_id, pgh_id__lt=event.pgh_id)
    found = event if event.pgh_label == "delete" else earlier.order_by("-pgh_id").first()
    if found is None:
        raise ValidationError(_("The history does not reach back to how it was before."))
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(found, name) for name in names}
    return {**values, "edited_at": timezone.now()} if "edited_at" in values else values


def _restore(rows: Iterable[Restored]) -> None:
    """Add what is gone, then change what is there, then remove what the act made: parts before their whole."""
    ordered = sorted(rows, key=lambda row: MODELS.index(row.model))
    for row in ordered:
        if row.before is not None and not row.is_there:
            row.model(pk=row.pk, **row.before).save(force_insert=True)
    for row in ordered:
        if row.before is not None and row.is_there:
            row.model._default_manager.filter(pk=row.pk).update(**row.before)
    for row in reversed(ordered):
        if row.before is None and row.is_there:
            if row.model is BudgetProduct and CostLine.objects.filter(budget_product=row.pk).exists():
                raise ValidationError(_("The product has lines of its own now. Merge or end it instead."))
            row.model._default_manager.filter(pk=row.pk).delete()
