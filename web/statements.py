"""Statements of derived tables, which the connection keeps planned: planning them took as long as running them.

For derived tables only: Django's and the history's hooks do not see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import psycopg
from django.db import connection

from web.generics import SqlRow

Given: TypeAlias = Mapping[str, int | str] | Sequence[object]
Statement: TypeAlias = tuple[str, Given]


def execute_prepared(sql: str, given: Given) -> list[SqlRow]:
    """Run a statement; return its rows."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql.encode(), given, prepare=True)
        return cursor.fetchall() if cursor.description else []


def execute_together(*statements: Statement) -> list[list[SqlRow]]:
    """Run statements that are sent at once, so that none waits for the answer to the one before; return the rows of each.

    One after the other all the same: under READ COMMITTED each sees what was committed when it starts.
    """
    if not statements:
        return []
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline():
        cursors = [psycopg.Cursor(raw).execute(sql.encode(), given, prepare=True) for sql, given in statements]
    return [cursor.fetchall() if cursor.description else [] for cursor in cursors]


def write_array(values: Iterable[int | str | None]) -> str:
    """Return numbers or codes as PostgreSQL writes an array, which is faster than adapting each value."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"
