"""Sealing history: the events that no transaction can add to any more are hashed, and the hash follows the last one.

The trick: a mark says how far each table's numbers had come, and then takes a transaction id of its own. Numbers are
drawn while writing, so once every transaction up to that id has ended, all events up to the mark are there for good.
No lock is taken, no edit waits, and a long transaction only holds back what came after it.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

from django.db import connection, transaction
from django.utils import timezone

from records.chain.events import FIRST, Ranges, Types, ask_each, list_event_tables, load_types, read_events
from records.chain.hashing import START, PartHasher, canonical_json, hash_day, hash_text, join_runs
from records.models import HistoryDigest, HistoryMark, HistoryPart

log = logging.getLogger(__name__)

PART_SIZE = 4096
WAIT_SECONDS = 5.0
# The snapshot's xmax would not do: it is the one after the highest that has ended, and open ones may be higher.
NEXT = "SELECT pg_current_xact_id()::text::bigint + 1"
OLDEST = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('records.history_digest', 0))"
SEALED = 'SELECT DISTINCT ON ("table") "table", last FROM records_historypart ORDER BY "table", after DESC'


def seal_history(*, wait: float = WAIT_SECONDS) -> list[HistoryDigest]:
    """Seal every event older than the oldest running transaction: one digest for each day; return the new ones.

    Waits at most `wait` seconds for those that write at this moment. Within a transaction nothing of its own is sealed.
    """
    newest = take_mark()
    deadline = time.monotonic() + wait
    while ask(OLDEST) < newest.next_transaction and time.monotonic() < deadline:
        time.sleep(0.05)
    with transaction.atomic():
        ask(LOCK)
        final = HistoryMark.objects.filter(next_transaction__lte=ask(OLDEST)).order_by("-pk").first()
        if final is None:
            return []
        HistoryMark.objects.filter(pk__lt=final.pk).delete()
        sealed = list(_seal(final.bounds))
    if sealed:
        log.info("Head of history: %s", json.dumps(describe_head()))
    return sealed


def take_mark() -> HistoryMark:
    """Note how far the numbers have come, then take a transaction id; in this order, and not the other."""
    bounds = dict(ask_each("SELECT max(pgh_id) FROM {table} WHERE {range}", _everything()))
    mark: HistoryMark = HistoryMark.objects.create(bounds=bounds, next_transaction=ask(NEXT))
    return mark


def load_sealed() -> dict[str, int]:
    """Return the last number that is sealed, by table."""
    with connection.cursor() as cursor:
        cursor.execute(SEALED)
        return dict(cursor.fetchall())


def ask(statement: str) -> int:
    """Return the one number that a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        number: int = cursor.fetchone()[0]
    return number


def content_of(digest: HistoryDigest) -> dict[str, object]:
    """Return what a digest's hash is of, besides the one before it."""
    return {
        "number": digest.number,
        "day": digest.day,
        "count": digest.count,
        "tables": digest.tables,
        "sealed_at": digest.sealed_at,
    }


def hash_parts(hashes: list[str]) -> str:
    """Return a table's hash in a digest: of its parts', in their order."""
    return hash_text(canonical_json(hashes))


def describe_head() -> dict[str, object] | None:
    """Return the newest digest for keeping elsewhere: its number, day, hash and number of events.

    It is None before the first.
    """
    head: HistoryDigest | None = HistoryDigest.objects.order_by("-number").first()
    if head is None:
        return None
    return {
        "number": head.number,
        "day": head.day.isoformat(),
        "hash": head.hash,
        "count": head.count,
        "sealed_at": head.sealed_at.astimezone(UTC).isoformat(),
    }


def count_unsealed() -> int:
    """Return how many events no digest covers yet."""
    sealed = load_sealed()
    ranges = {table: (sealed.get(table, FIRST), 2**63 - 1) for table in list_event_tables()}
    return sum(int(count) for _table, count in ask_each("SELECT count(*) FROM {table} WHERE {range}", ranges))


def _everything() -> Ranges:
    return dict.fromkeys(list_event_tables(), (FIRST, 2**63 - 1))


def _seal(bounds: dict[str, int]) -> Iterator[HistoryDigest]:
    last: HistoryDigest | None = HistoryDigest.objects.order_by("-number").first()
    types, sealed = load_types(list_event_tables()), load_sealed()
    while True:
        ranges = {
            t: (sealed.get(t, FIRST), to)
            for t, to in sorted(bounds.items())
            if to > sealed.get(t, FIRST) and t in types
        }
        day = _find_day(ranges, last)
        if day is None:
            return
        draft = _Draft(types)
        for table, (after, to) in _cut(ranges, day).items():
            draft.add_table(table, after, to)
        last = draft.store(day, last)
        sealed |= draft.sealed
        yield last


def _find_day(ranges: Ranges, last: HistoryDigest | None) -> date | None:
    """Return the day of the oldest event that comes next in its table; never before the last digest's.

    It is None when all is sealed.
    """
    if not ranges:
        return None
    first = "SELECT pgh_created_at FROM {table} WHERE {range} ORDER BY pgh_id LIMIT 1"
    days: list[date] = [moment.astimezone(UTC).date() for _table, moment in ask_each(first, ranges)]
    if not days:
        return None
    return max(min(days), last.day) if last else min(days)


def _cut(ranges: Ranges, day: date) -> Ranges:
    """Return the ranges up to each table's first event of a later day; what comes late belongs to the next digest."""
    ended = datetime.combine(day + timedelta(days=1), clock(), UTC)
    later = dict(ask_each("SELECT min(pgh_id) FROM {table} WHERE {range} AND pgh_created_at >= %s", ranges, ended))
    return {table: (after, int(later[table]) - 1 if table in later else to) for table, (after, to) in ranges.items()}


@dataclass
class _Draft:
    """A digest under way: the parts that are hashed, and how far each table is."""

    types: Types
    parts: list[HistoryPart] = field(default_factory=list)
    sealed: dict[str, int] = field(default_factory=dict)

    def add_table(self, table: str, after: int, to: int) -> None:
        """Hash a table's events in parts; nothing when there are none."""
        columns = list(self.types[table])
        hasher = PartHasher(table, columns, after)
        for number, values in read_events(table, self.types[table], columns, after, to):
            if len(hasher.ids) == PART_SIZE:
                after = self._add_part(hasher, table, columns, after, hasher.ids[-1])
                hasher = PartHasher(table, columns, after)
            hasher.add(number, values)
        if hasher.ids:
            self._add_part(hasher, table, columns, after, to)

    def _add_part(self, hasher: PartHasher, table: str, columns: list[str], after: int, last: int) -> int:
        self.sealed[table] = last
        self.parts.append(
            HistoryPart(
                table=table,
                columns=columns,
                after=after,
                last=last,
                runs=join_runs(hasher.ids),
                marks=bytes(hasher.marks),
                count=len(hasher.ids),
                hash=hasher.finish(last),
            )
        )
        return last

    def store(self, day: date, last: HistoryDigest | None) -> HistoryDigest:
        """Write the digest that follows the last one, with its parts."""
        digest = HistoryDigest(
            number=last.number + 1 if last else 1,
            day=day,
            tables=self._tables(),
            count=sum(part.count for part in self.parts),
            previous_hash=last.hash if last else START,
            sealed_at=timezone.now(),
        )
        digest.hash = hash_day(digest.previous_hash, content_of(digest))
        digest.save(force_insert=True)
        for part in self.parts:
            part.digest = digest
            part.save(force_insert=True)
        return digest

    def _tables(self) -> dict[str, dict[str, object]]:
        parts_of: dict[str, list[HistoryPart]] = {}
        for part in self.parts:
            parts_of.setdefault(part.table, []).append(part)
        return {
            table: {"count": sum(part.count for part in parts), "hash": hash_parts([part.hash for part in parts])}
            for table, parts in parts_of.items()
        }
