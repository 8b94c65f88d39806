"""Rows that somebody else changed while a form was open: nothing is overwritten silently."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Model

if TYPE_CHECKING:
    from django.db.models import Field


class StaleError(Exception):
    """The row was changed since the author opened it; `saved` is it as it is now."""

    def __init__(self, saved: Any) -> None:
        super().__init__("the row was changed")
        self.saved = saved


def require_fresh(row: Model, seen: datetime | None) -> None:
    """Lock a stored row until the end of the transaction; StaleError when it was changed after `seen`."""
    if row.pk is None:
        return
    saved = _lock(row)
    if seen is not None and saved.edited_at != seen:
        raise StaleError(saved)


def require_same(row: Model, names: Iterable[str], seen: str | None) -> None:
    """As above, for a row that keeps no time: StaleError when the digest of these fields is another than `seen`."""
    saved = _lock(row)
    if seen is not None and digest_of(saved, names) != seen:
        raise StaleError(saved)


def digest_of(row: Model, names: Iterable[str]) -> str:
    """Return the SHA-256 digest of some fields of a row, in hexadecimal."""
    values = [
        str(getattr(row, cast("Field[object, object]", row._meta.get_field(name)).attname) or "") for name in names
    ]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _lock(row: Model) -> Any:
    return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
