"""Lawful disposal: the owner removes events for good, and their digests stay, with a record of who did it and why."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone
from psycopg import sql

from records.chain.events import KEPT
from records.chain.sealing import LOCK, ask
from records.chain.verification import Verification, verify_history
from records.models import HistoryDigest, HistoryDisposal, HistoryPart
from records.reasons import Reason
from records.services import change


class NotWholeError(Exception):
    """History differs from its digests, and disposal must not hide that."""

    def __init__(self, verification: Verification) -> None:
        super().__init__(str(verification.faults[0]))
        self.verification = verification


class TooEarlyError(Exception):
    """History is kept for longer than that; `latest` is the last day that disposal may be before."""

    def __init__(self, latest: date) -> None:
        super().__init__(latest.isoformat())
        self.latest = latest


def count_disposable(before: date) -> int:
    """Return how many events disposal before that day removes. Raise TooEarlyError when that is too late a day."""
    count = _list_parts().filter(digest__in=_list_due(before)).aggregate(count=Sum("count"))["count"]
    return int(count or 0)


def dispose_history(*, before: date, reason: str, by: str) -> list[HistoryDisposal]:
    """Remove the events of every digest of a day before `before`. Needs the owner's connection.

    What tells of earlier disposals stays. Raise TooEarlyError, or NotWholeError when history does not pass its check,
    and removes nothing then.
    """
    due = _list_due(before)
    with transaction.atomic(), change(by=by, reason=Reason.SAID, words=reason):
        ask(LOCK)
        verification = verify_history()
        if not verification.is_whole:
            raise NotWholeError(verification)
        return [_dispose(digest, reason, by) for digest in due]


def _list_due(before: date) -> QuerySet[HistoryDigest]:
    latest = timezone.now().date() - timedelta(days=settings.HISTORY_RETENTION_DAYS)
    if before > latest:
        raise TooEarlyError(latest)
    has_parts = Exists(_list_parts().filter(digest=OuterRef("pk")))
    due: QuerySet[HistoryDigest] = HistoryDigest.objects.filter(has_parts, day__lt=before, disposal=None)
    return due.order_by("number")


def _list_parts() -> QuerySet[HistoryPart]:
    parts: QuerySet[HistoryPart] = HistoryPart.objects.exclude(table=KEPT)
    return parts


def _dispose(digest: HistoryDigest, reason: str, by: str) -> HistoryDisposal:
    parts = _list_parts().filter(digest=digest)
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
