"""Checking history against its digests and the tables: what was removed, altered or added, and what is not yet sealed.

The trick: a part keeps the first bytes of every event's hash, so that the wrong event is found by comparing two rising
lists; the part's own hash is of the whole ones, so that nobody gets by with changing the bytes as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.apps import apps
from django.db import DataError, connection, transaction
from django.utils import timezone

from records.chain.events import FIRST, KEPT, Ranges, Types, ask_each, list_event_tables, load_types, read_events
from records.chain.faults import Fault
from records.chain.hashing import START, PartHasher, hash_day, join_runs
from records.chain.parts import are_columns, are_tables, describe_part, explain
from records.chain.rows import check_rows, check_triggers
from records.chain.sealing import content_of, hash_parts
from records.models import HistoryDigest, HistoryDisposal, HistoryPart

MOST_FAULTS = 100
ALL = 2**63 - 1
# The worker seals once an hour; what lies unsealed for longer has a reason that somebody should know.
LATE = timedelta(days=1)


@dataclass(frozen=True)
class Uncovered:
    """Events of a table that no digest covers yet."""

    table: str
    count: int
    first: int
    last: int
    since: datetime

    @property
    def is_late(self) -> bool:
        """Whether it should have been sealed long ago."""
        return self.since < timezone.now() - LATE


@dataclass
class Verification:
    """What was checked and found."""

    digests: int = 0
    events: int = 0
    faults: list[Fault] = field(default_factory=list)
    disposed: list[HistoryDisposal] = field(default_factory=list)
    uncovered: list[Uncovered] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong; what is not yet covered is no fault."""
        return not self.faults

    def add(self, fault: Fault) -> None:
        """One more fault; after many, the rest is left out."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


def verify_history(head: Mapping[str, object] | None = None) -> Verification:
    """Check every digest, every event it covers and every row; `head` is one that was kept outside the database.

    All of it is one moment of the database, in constant memory.
    """
    with _one_moment():
        check = _Check(load_types(list_event_tables()))
        check.check_digests()
        check.check_head(head)
        check.check_disposals()
        check.check_tables()
        check.check_uncovered()
        return check.verification


@contextmanager
def _one_moment() -> Iterator[None]:
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Check:
    """A check under way: the last digest, and how far each table is."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.verification = Verification()
        self.number, self.hash, self.day = 0, START, "the beginning"
        self.ended: dict[str, int] = {}
        self.hashes: set[tuple[str, str]] = set()
        self.disposals: dict[int, HistoryDisposal] = {}
        self.disposed: set[str] = set()

    def check_digests(self) -> None:
        """All digests in their order. A value that no sealing can have written ends it, and is a fault."""
        try:
            self.disposals = {row.digest_id: row for row in HistoryDisposal.objects.select_related("digest")}
            for digest in HistoryDigest.objects.order_by("number").iterator(chunk_size=100):
                self._check_digest(digest)
        except (DataError, TypeError, ValueError, RecursionError) as error:
            self.verification.add(
                Fault(self.day, f"something after digest {self.number} was altered and can't be read: {error}")
            )

    def _check_digest(self, digest: HistoryDigest) -> None:
        """The digest, that it follows the last one, and its events."""
        day = digest.day.isoformat()
        if digest.number != self.number + 1 or digest.previous_hash != self.hash:
            what = (
                f"digest {digest.number} does not follow digest {self.number} of {self.day}; one was removed or altered"
            )
            self.verification.add(Fault(day, what))
        if not are_tables(digest.tables):
            self.verification.add(
                Fault(day, f"digest {digest.number} was altered: what it tells of its tables can't be read")
            )
            digest.tables = {}
        elif hash_day(digest.previous_hash, content_of(digest)) != digest.hash:
            self.verification.add(
                Fault(day, f"digest {digest.number} was altered: its hash is not that of its content")
            )
        self.number, self.hash, self.day = digest.number, digest.hash, day
        self.hashes.add((day, digest.hash))
        self.verification.digests += 1
        if digest.pk in self.disposals:
            self.verification.disposed.append(self.disposals[digest.pk])
        self._check_parts(digest, day)

    def _check_parts(self, digest: HistoryDigest, day: str) -> None:
        hashes: dict[str, list[str]] = {}
        for part in HistoryPart.objects.filter(digest=digest).order_by("table", "after").iterator(chunk_size=10):
            hashes.setdefault(part.table, []).append(part.hash)
            if part.after != self.ended.get(part.table, FIRST):
                self.verification.add(Fault(day, "a part of the digest was removed or altered", part.table, part.after))
            self.ended[part.table] = part.last
            is_disposed = digest.pk in self.disposals and part.table != KEPT
            if is_disposed:
                self.disposed.add(part.table)
            self._check_part(part, day, is_disposed=is_disposed)
        told = {table: row["hash"] for table, row in digest.tables.items()}
        for table in sorted(told.keys() | hashes.keys()):
            if told.get(table) != (hash_parts(hashes[table]) if table in hashes else None):
                self.verification.add(Fault(day, f"the parts of digest {digest.number} were altered", table))

    def _check_part(self, part: HistoryPart, day: str, *, is_disposed: bool) -> None:
        if not are_columns(part.columns):
            self.verification.add(
                Fault(day, f"{describe_part(part)} was altered: its columns can't be read", part.table)
            )
            return
        types = self.types.get(part.table, {})
        gone = [column for column in part.columns if column not in types]
        if gone and not is_disposed:
            what = "can't be checked: the table or these columns are gone: " + ", ".join(gone)
            self.verification.add(Fault(day, what, part.table))
        elif not gone:
            self._check_events(part, types, day, is_disposed=is_disposed)

    def _check_events(self, part: HistoryPart, types: dict[str, str], day: str, *, is_disposed: bool) -> None:
        """All events of the part are hashed again; where that differs, the first wrong one is looked for."""
        hasher = PartHasher(part.table, part.columns, part.after)
        events = read_events(part.table, types, part.columns, part.after, part.last)
        for number, values in islice(events, part.count + 1):
            hasher.add(number, values)
        self.verification.events += len(hasher.ids)
        if is_disposed:
            if hasher.ids:
                self.verification.add(Fault(day, "was added where events were disposed of", part.table, hasher.ids[0]))
        elif hasher.finish(part.last) != part.hash:
            self.verification.add(explain(part, types, day))
        elif (
            part.count != len(hasher.ids)
            or part.runs != join_runs(hasher.ids)
            or bytes(part.marks) != bytes(hasher.marks)
        ):
            self.verification.add(
                Fault(day, f"{describe_part(part)} was altered: it lists other events than it is of", part.table)
            )

    def check_head(self, head: Mapping[str, object] | None) -> None:
        """The head that was kept elsewhere is one of the digests."""
        if head is not None and (str(head.get("day")), str(head.get("hash"))) not in self.hashes:
            day = str(head.get("day"))
            what = f"the head {str(head.get('hash'))[:16]}… is not among the digests; they were removed or made anew"
            self.verification.faults.insert(0, Fault(day, what))

    def check_disposals(self) -> None:
        """Every disposal left an event, which the chain covers like any other."""
        events = apps.get_model("records", "HistoryDisposalEvent")._default_manager.filter(pgh_label="insert")
        known = set(events.values_list("digest_id", "count", "reason", "disposed_by"))
        for row in self.verification.disposed:
            if (row.digest_id, row.count, row.reason, row.disposed_by) not in known:
                self.verification.add(Fault(row.digest.day.isoformat(), "its disposal has no event, or another one"))

    def check_tables(self) -> None:
        """Every row is what its last event says, and nothing keeps the next event from being written."""
        for fault in (*check_triggers(), *check_rows(self.disposed)):
            self.verification.add(fault)

    def check_uncovered(self) -> None:
        """What no digest covers yet. Old events without any digest are a fault: the chain is gone, or was never made."""
        self.verification.uncovered = _list_uncovered(self.ended)
        late = [row.since for row in self.verification.uncovered if row.is_late]
        if late and not HistoryDigest.objects.exists():
            what = "there are events since then and no digest at all: all were removed, or nothing was ever sealed"
            self.verification.add(Fault(min(late).date().isoformat(), what))


def _list_uncovered(ended: dict[str, int]) -> list[Uncovered]:
    ranges: Ranges = {table: (ended.get(table, FIRST), ALL) for table in list_event_tables()}
    select = (
        "SELECT ARRAY[count(*)::text, min(pgh_id)::text, max(pgh_id)::text, min(pgh_created_at)::timestamptz::text]"
        " FROM {table} WHERE {range}"
    )
    uncovered = []
    for table, (count, first, last, since) in ask_each(select, ranges):
        if int(count):
            uncovered.append(Uncovered(table, int(count), int(first), int(last), _read_moment(since)))
    return uncovered


def _read_moment(text: str) -> datetime:
    """Return a time as PostgreSQL writes it; one that Python has none for counts as long ago."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
