"""Lists in Swedish order: one expression for every ordering by what people write, whichever server sorts.

`in_order` takes the names of fields as `order_by` does. A model's own ordering names `in_swedish` where it is by a text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Func, OrderBy
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Collate

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    Order = str | Combinable | OrderBy

# Texts that only machines write, whose signs are compared as they are.
MACHINES = (models.SlugField, models.EmailField, models.URLField)


class SwedishOrder(Func):
    """The database's key of a text (`engine.alphabet`)."""

    function = "swedish_order"
    output_field = models.TextField()


def in_swedish(name: str) -> Order:
    """Return the order by a text; a minus before the name turns it."""
    key = Collate(SwedishOrder(F(name.removeprefix("-"))), "C")
    return key.desc() if name.startswith("-") else key


def in_order(model: type[models.Model], names: Iterable[Any]) -> list[Any]:
    """Return an order by fields, those that people write in Swedish order."""
    return [in_swedish(name) if isinstance(name, str) and is_written(model, name) else name for name in names]


def is_written(model: type[models.Model], path: str) -> bool:
    """Say whether a path leads to a text that people write: no choice, no name in an address."""
    place: Any = model
    field: Any = None
    for name in path.removeprefix("-").split(LOOKUP_SEP):
        try:
            field = place._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return False
        place = field.related_model
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, MACHINES)
    return is_text and not field.choices


__all__ = ["SwedishOrder", "in_order", "in_swedish", "is_written"]
