"""Lawful disposal: the owner removes events for good, and their digests stay, with a record of who did it and why."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from records.models import HistoryDigest, HistoryDisposal, HistoryPart
from records.services import change
from records.services.digests import LOCK, ask
from records.services.verification import Verification, verify_history


class NotWholeError(Exception):
    """History differs from its digests, and disposal must not hide that."""

    def __init__(self, found: Verification) -> None:
        super().__init__(str(found.faults[0]))
        self.found = found


def dispose_history(*, before: date, reason: str, by: str) -> list[HistoryDisposal]:
    """Removes the events of every digest of a day before `before`. Needs the owner's connection.

    Raises NotWholeError, and removes nothing, when history does not pass its check.
    """
    with transaction.atomic(), change(by=by, reason=reason):
        ask(LOCK)
        found = verify_history()
        if not found.is_whole:
            raise NotWholeError(found)
        digests = HistoryDigest.objects.filter(day__lt=before, disposal=None).order_by("number")
        return [_dispose(digest, reason, by) for digest in digests]


def _dispose(digest: HistoryDigest, reason: str, by: str) -> HistoryDisposal:
    parts = HistoryPart.objects.filter(digest=digest)
    count = sum(_remove_events(part) for part in parts.only("table", "after", "last"))
    parts.update(marks=b"", runs=[])
    disposal: HistoryDisposal = HistoryDisposal.objects.create(
        digest=digest, disposed_at=timezone.now(), reason=reason, disposed_by=by, count=count
    )
    return disposal


def _remove_events(part: HistoryPart) -> int:
    statement = sql.SQL("DELETE FROM {} WHERE pgh_id > %s AND pgh_id <= %s").format(sql.Identifier(part.table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [part.after, part.last])
        return int(cursor.rowcount)
