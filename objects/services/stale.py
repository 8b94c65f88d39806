"""Rows that somebody else changed while a form was open: nothing is overwritten silently."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model


class StaleError(Exception):
    """The row was changed since the author opened it; `saved` is it as it is now."""

    def __init__(self, saved: Any) -> None:
        super().__init__("the row was changed")
        self.saved = saved


def require_fresh(row: Model, seen: datetime | None) -> None:
    """Lock a stored row until the end of the transaction; StaleError when it was changed after `seen`."""
    if row.pk is None:
        return
    saved: Any = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if seen is not None and saved.edited_at != seen:
        raise StaleError(saved)
