"""Digests and their parts as the database has them: whether a sealing can have written that, and which event differs.

The trick: nothing is unfolded before it is counted, since who alters a list may make it as long as they like.
"""

from __future__ import annotations

from records.chain.events import read_events
from records.chain.faults import Fault
from records.chain.hashing import MARK_BYTES, find_first_difference, hash_event, split_runs
from records.models import HistoryPart


def explain(part: HistoryPart, types: dict[str, str], day: str) -> Fault:
    """Return the first event that was removed, altered or added."""
    sealed = _list_sealed(part)
    if sealed is None:
        return Fault(day, f"{describe_part(part)} was altered: its list of events can't be read", part.table)
    events = read_events(part.table, types, part.columns, part.after, part.last)
    different = find_first_difference(sealed, ((number, hash_event(values)[:MARK_BYTES]) for number, values in events))
    if different is None:
        return Fault(day, f"{describe_part(part)} was altered", part.table)
    what, number = different
    return Fault(day, f"was {what}", part.table, number)


def _list_sealed(part: HistoryPart) -> list[tuple[int, bytes]] | None:
    """Return the number and mark of each event that the part lists; None when it is no list of as many as it counts."""
    runs, marks = part.runs, bytes(part.marks)
    if not isinstance(runs, list) or not all(_is_run(run) for run in runs):
        return None
    if not sum(last - first + 1 for first, last in runs) == part.count == len(marks) / MARK_BYTES:
        return None
    numbers = enumerate(split_runs(runs))
    return [(number, marks[place * MARK_BYTES : (place + 1) * MARK_BYTES]) for place, number in numbers]


def _is_run(run: object) -> bool:
    return isinstance(run, list) and len(run) == 2 and all(type(end) is int for end in run) and run[0] <= run[1]


def are_columns(columns: object) -> bool:
    """Return whether it is a list of names, and not an empty one."""
    return isinstance(columns, list) and bool(columns) and all(isinstance(column, str) for column in columns)


def are_tables(tables: object) -> bool:
    """Return whether it tells a count and a hash of each table, and nothing else."""
    return isinstance(tables, dict) and all(
        isinstance(row, dict)
        and row.keys() == {"count", "hash"}
        and isinstance(row["count"], int)
        and isinstance(row["hash"], str)
        for row in tables.values()
    )


def describe_part(part: HistoryPart) -> str:
    """Return which one, for a message."""
    return f"the part of the digest from {part.after} to {part.last}"
