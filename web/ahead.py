"""What a page asked the last time is asked at once the next time, so that it waits for the database once and not fifty times.

For compiled queries (`web.compiled`): they are the same as long as what they follow from is. Rows are never kept (`docs/decisions/0059`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection

from web.generics import SqlRow
from web.statements import execute_together

MOST_PAGES = 500
"""How many pages' queries a process remembers, each of a budget and a reader."""


@dataclass(frozen=True, eq=False)
class Query:
    """A compiled query: its text and what is sent beside it."""

    text: str
    parameters: tuple[object, ...]


@dataclass
class _Reading:
    """One reading of a page: the rows that are there, and what it has asked, in order."""

    rows: dict[Query, list[SqlRow]]
    asked: dict[Query, None] = field(default_factory=dict)


_READING: ContextVar[_Reading | None] = ContextVar("reading", default=None)
_last_asked: dict[tuple[Hashable, ...], list[Query]] = {}


@contextmanager
def reading_at_once(*page: Hashable) -> Iterator[None]:
    """Send what the page asked the last time together, and let it ask each query once.

    For a page that is read, since what it writes itself it would not see. `page` names it with what its queries follow
    from, such as its budget and reader: a query too many costs its time, one too few is asked when it is needed.
    """
    reading = _Reading(_ask_together(_last_asked.get(page, [])))
    token = _READING.set(reading)
    try:
        yield
    finally:
        _READING.reset(token)
    if page not in _last_asked and len(_last_asked) >= MOST_PAGES:
        _last_asked.clear()
    _last_asked[page] = list(reading.asked)


def count_asked(*page: Hashable) -> int:
    """Return how many queries the page asked the last time; 0 for one that nobody has read."""
    return len(_last_asked.get(page, ()))


def find_rows(query: Query, ask: Callable[[], list[SqlRow]]) -> list[SqlRow]:
    """Return a query's rows: those that the reading under way has, else those that `ask` reads."""
    reading = _READING.get()
    if reading is None:
        return ask()
    reading.asked[query] = None
    if query not in reading.rows:
        reading.rows[query] = ask()
    return reading.rows[query]


def _ask_together(queries: list[Query]) -> dict[Query, list[SqlRow]]:
    if not queries:
        return {}
    if connection.queries_logged:  # one waiting, which who counts queries is to see
        connection.queries_log.append({"sql": f"{len(queries)} queries at once", "time": "0"})
    return dict(zip(queries, execute_together(*((query.text, query.parameters) for query in queries)), strict=True))
