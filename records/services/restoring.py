"""Taking back an act: every row that it wrote is put back as its history has it.

The trick: an act's events say which rows it touched, and the event before each of them how the row was. A row comes back
under its own key, so that what pointed to it does again. Where somebody has changed one of them since, nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from records.changes import Events, events_of

Models: TypeAlias = Sequence[type[Model]]


@dataclass(frozen=True)
class Restored:
    """A row that an act touched: how it was before, None where the act made it, and whether it is there now."""

    model: type[Model]
    pk: int
    before: dict[str, Any] | None
    is_there: bool


def read_act(
    models: Models,
    find_events: Callable[[type[Model]], Events],
    *,
    keep_changes: Callable[[type[Model], Events], Events] = lambda _model, events: events,
) -> list[Restored]:
    """Return the rows of some models that an act touched, by its events of each, oldest first.

    `keep_changes` leaves out of later events those that are no change of anybody. ValidationError when a row has been
    changed since.
    """
    return [row for model in models for row in _read(model, list(find_events(model)), keep_changes)]


def _read(
    model: type[Model], events: list[Any], keep_changes: Callable[[type[Model], Events], Events]
) -> list[Restored]:
    keys = {event.pgh_obj_id for event in events}
    since = events_of(model).filter(pgh_obj__in=keys, pgh_id__gt=max((e.pgh_id for e in events), default=0))
    if keep_changes(model, since).exists():
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


def restore(rows: Iterable[Restored], models: Models, *, say_needed: Callable[[Restored], str]) -> None:
    """Put the rows back; `models` are in the order in which one may point to another, the pointing one last.

    `say_needed` says why a row that the act made has to stay; empty when it may go. ValidationError with words where one
    has to, or where something else has its name or number by now.
    """
    ordered = sorted(rows, key=lambda row: models.index(row.model))
    try:
        with transaction.atomic():
            _put_back(ordered)
            for row in reversed(ordered):
                if row.before is None and row.is_there:
                    if needed := say_needed(row):
                        raise ValidationError(needed)
                    row.model._default_manager.filter(pk=row.pk).delete()
    except IntegrityError as error:
        said = _("Something else has its name or number by now, so it can't be taken back. Change it instead.")
        raise ValidationError(said) from error


def _put_back(ordered: Sequence[Restored]) -> None:
    """Add what is gone, then change what is there."""
    for row in ordered:
        if row.before is not None and not row.is_there:
            row.model(pk=row.pk, **row.before).save(force_insert=True)
    for row in ordered:
        if row.before is not None and row.is_there:
            row.model._default_manager.filter(pk=row.pk).update(**row.before)
