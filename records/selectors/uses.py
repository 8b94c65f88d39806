"""What points to a row, so that it can't be removed: found from the models, so that no kind of thing is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

NAMED = 10


@dataclass(frozen=True)
class Use:
    """Rows of one kind that point to another row: the first of them, and how many there are."""

    model: type[Model]
    rows: list[Any]
    count: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.rows)


def list_uses(row: Model, *, parts: Collection[type[Model]] = ()) -> list[Use]:
    """Return what points to a row or to its `parts`, which go with it. History points to nothing that it would keep."""
    uses = []
    for model, name in list_pointing(type(row)):
        found = model._default_manager.filter(**{name: row.pk})
        if model in parts:
            for part in found:
                uses += list_uses(part, parts=parts)
        elif rows := list(found.select_related().order_by("pk")[: NAMED + 1]):
            uses.append(Use(model, rows[:NAMED], len(rows) if len(rows) <= NAMED else found.count()))
    return uses


def list_pointing(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Yield the kinds of rows that can point to a model's, each with the field that does."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        pointing = relation.related_model
        if isinstance(pointing, type) and not hasattr(pointing, "pgh_tracked_model"):
            yield pointing, relation.field.name  # type: ignore[union-attr]
