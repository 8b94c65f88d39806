"""The one low reader of history events: of a model, by whom, and what each changed. Who may read is the caller's to ask.

The trick: a model's events lie in a model of their own that is found by its name, so nobody has to list them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias, cast

from django.apps import apps
from django.db.models import Field, Max, Model, QuerySet, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from web.fields import OreField
from web.numbers import format_decimal, format_sek, trim
from web.tracking import noun_of

# Events of a model: their fields are those of the model, and which it is the caller knows.
Events: TypeAlias = "QuerySet[Any]"


def events_of(model: type[Model]) -> Events:
    """Return all events of a model's rows, in no order."""
    event = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    events: Events = event._default_manager.order_by()
    return events


def author_of(context: Mapping[str, object] | None) -> str:
    """Return the address of the one whose change an event's context tells of; empty where it does not."""
    return str((context or {}).get("by") or "")


def newest_of(events: Events) -> QuerySet[Any, int]:
    """Return the query of the number of the newest of these events, to be asked as a part of another."""
    return events.order_by("-pgh_id").values_list("pgh_id", flat=True)[:1]


def find_newest_number(events: Events) -> int:
    """Return the number of the newest of these events; 0 for none."""
    return int(events.aggregate(newest=Max("pgh_id"))["newest"] or 0)


def find_newest_numbers(events: Mapping[type[Model], Events]) -> dict[str, int]:
    """Return the same of each model's events, by the model's label, in one query; all of one moment."""
    asked = [
        rows.order_by().values(label=Value(model._meta.label_lower)).annotate(newest=Max("pgh_id"))
        for model, rows in events.items()
    ]
    found = asked[0].union(*asked[1:], all=True) if asked else ()
    newest = {row["label"]: row["newest"] for row in found}
    return {model._meta.label_lower: newest.get(model._meta.label_lower) or 0 for model in events}


@dataclass(frozen=True)
class RowChange:
    """An event of a row's history: who did what, and each field that became another, as (name, before, after).

    `about` names the row where it is a part of what is read about.
    """

    at: datetime
    by: str
    label: str
    about: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True)
class RowChanges:
    """The newest changes of a row, and how many older ones are left out."""

    rows: list[RowChange]
    left_out: int = 0

    def __bool__(self) -> bool:
        return bool(self.rows)


# Of no interest to a reader.
SILENT = {"id", "uuid", "edited_at", "decision", "plan", "governance_object"}


MOST_CHANGES = 50


def list_changes(row: Model, parts: type[Model] | None = None) -> RowChanges:
    """Return what has been done with a row and with its `parts`, also those that are gone, newest first.

    It takes two queries.
    """
    changes = _changes_of(type(row), {"pgh_obj_id": row.pk}, is_part=False)
    if parts is not None:
        changes += _changes_of(parts, {_key_to(parts, type(row)): row.pk}, is_part=True)
    changes.sort(key=lambda change: change.at, reverse=True)
    return RowChanges(changes[:MOST_CHANGES], len(changes[MOST_CHANGES:]))


def _key_to(part: type[Model], whole: type[Model]) -> str:
    """Return the name of the field by which a part points to its whole."""
    return next(field.name for field in part._meta.concrete_fields if field.related_model is whole)


def _changes_of(model: type[Model], of: dict[str, object], *, is_part: bool) -> list[RowChange]:
    fields = [field for field in model._meta.concrete_fields if field.name not in SILENT]
    # Without a name, select_related would join every key, also that of the row, and leave out rows that are gone.
    related: list[str | None] = [field.name for field in fields if field.is_relation] or [None]
    events = events_of(model).filter(**of)
    changes: list[RowChange] = []
    earlier: dict[object, dict[Field[object, object], str]] = {}
    for event in events.select_related(*cast(list[str], related)).order_by("pgh_id"):
        shown = {field: _show_field(event, field) for field in fields}
        before = earlier.get(event.pgh_obj_id, {})
        differs = [
            (str(field.verbose_name), before.get(field, ""), value)
            for field, value in shown.items()
            if value != before.get(field, "")
        ]
        about = _name_part(event) if is_part else ""
        changes.append(RowChange(event.pgh_created_at, author_of(event.pgh_context), event.pgh_label, about, differs))
        earlier[event.pgh_obj_id] = shown
    return changes[::-1]


def _name_part(event: Any) -> str:
    if hasattr(event, "title"):
        return str(event.title)
    if not hasattr(event, "text"):
        # What is told of such a part when it is added tells it from the others.
        return str(getattr(event, noun_of(event.pgh_tracked_model).shown[0]))
    return f"{event.text}: {event.municipality}" if event.municipality else str(event.text)


def _show_field(event: Model, field: Field[object, object]) -> str:
    value = getattr(event, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return date_format(value, "Y-m-d")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, OreField):
        return format_sek(cast(int, value))
    if isinstance(value, Decimal):
        return format_decimal(trim(value))
    say = getattr(event, f"get_{field.name}_display", None)
    return str(say()) if say else str(value)
