"""Hashes that tie records to each other: whoever changes one must change all that follow.

The trick: a value has one way to be written (canonical JSON), so the same record always has the same hash, whatever
program or version of the database reads it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TypeAlias, cast
from uuid import UUID

# What the first digest of a chain follows.
START = "0" * 64
# What has one form as text.
Exact: TypeAlias = Decimal | datetime | date | UUID
# So much of an event's hash is kept, to find the one that was altered; the whole goes into its part's hash.
MARK_BYTES = 8


def canonical_json(value: object) -> str:
    """Return a value as JSON in its one form: sorted keys, no spaces, letters as they are.

    Decimals are texts without needless zeros, dates ISO 8601, moments in UTC with microseconds. TypeError for anything
    else, also for floats, which have no exact form, and for moments without a time zone.
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return write_value(cast(Exact, value))


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"A key is text, not {key!r}.")
    return key


def write_value(value: Exact) -> str:
    """Return a number, moment, day or uuid as text in its one form."""
    if isinstance(value, Decimal) and value.is_finite():
        plain = f"{value:f}"
        trimmed = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return "0" if trimmed in ("-0", "") else trimmed
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"The moment {value} has no time zone.")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{value!r} has no canonical form.")


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def hash_event(values: Sequence[str | None]) -> bytes:
    """Return the hash of an event: its values as texts, in the order of the header's columns."""
    return sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).digest()


class PartHasher:
    """Hashes a part, which is a run of one table's events: its header and then the hash of each event."""

    def __init__(self, table: str, columns: Sequence[str], after: int) -> None:
        header = {"table": table, "columns": list(columns), "after": after}
        self._hash = sha256(canonical_json(header).encode())
        self.ids: list[int] = []
        self.marks = bytearray()

    def add(self, number: int, values: Sequence[str | None]) -> None:
        """The next event, by its number."""
        event_hash = hash_event(values)
        self._hash.update(b"%d:" % number + event_hash)
        self.ids.append(number)
        self.marks += event_hash[:MARK_BYTES]

    def finish(self, last: int) -> str:
        """Return the part's hash.

        `last` is the last number that the part covers, whether or not there is such an event.
        """
        ended = self._hash.copy()
        ended.update(f"to:{last}".encode())
        return ended.hexdigest()


def hash_day(previous: str, content: Mapping[str, object]) -> str:
    """Return the hash of a digest: that of the one before it, and its own content."""
    return hash_text(previous + canonical_json(content))


def join_runs(numbers: Iterable[int]) -> list[list[int]]:
    """Return rising numbers as runs [first, last]."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def split_runs(runs: Iterable[Sequence[int]]) -> Iterator[int]:
    """Yield the numbers of runs."""
    for first, last in runs:
        yield from range(first, last + 1)


def find_first_difference(
    sealed: Sequence[tuple[int, bytes]], present: Iterable[tuple[int, bytes]]
) -> tuple[str, int] | None:
    """Return the first event that was removed, added or altered, as (what, number); both sides rise by number."""
    expected = iter(sealed)
    wanted = next(expected, None)
    for number, mark in present:
        if wanted is None or number < wanted[0]:
            return "added", number
        if wanted[0] < number:
            return "removed", wanted[0]
        if wanted[1] != mark:
            return "altered", number
        wanted = next(expected, None)
    return None if wanted is None else ("removed", wanted[0])
