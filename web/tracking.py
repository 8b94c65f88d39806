"""History of a model: every insert, update and delete, whether by the ORM, in bulk, by COPY or by raw SQL."""

from collections.abc import Callable
from typing import Any

import pghistory
from django.db.models import Model


def tracked(**options: Any) -> Callable[[type[Model]], type[Model]]:
    """A class decorator; `options` are those of pghistory.track, such as exclude.

    The trackers are made anew for each model: copies of them, as the library's default setting makes, lose which
    operation they are for at statement level.
    """
    decorate: Callable[[type[Model]], type[Model]] = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )
    return decorate
