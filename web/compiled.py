"""Queries that are compiled once: Django builds and compiles a queryset anew each time, and that takes longer than running it.

For the queries of pages that everybody opens, whose text follows from a few keys alone (`docs/decisions/0042`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from web.generics import SqlRow

Asked = ParamSpec("Asked")
Row = TypeVar("Row")

MOST = 2000
"""How many compiled queries a process keeps; a federation's pages need some hundred."""
_kept: dict[tuple[Hashable, ...], QuerySet[Any, Any]] = {}


def compiled(build: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """Let a function that builds a queryset return its rows, and compile the queryset once for each of its arguments.

    What the query says must follow from the arguments, keys and codes: no clock, no request, no row that may change.
    The rows are read anew on each call. They are a list, since what was added to a compiled queryset would be left out.
    """

    @wraps(build)
    def read(*asked: Asked.args, **named: Asked.kwargs) -> list[Row]:
        return read_compiled((build, *asked, *named.items()), lambda: build(*asked, **named))

    return read


def read_compiled(key: tuple[Hashable, ...], build: Callable[[], QuerySet[Any, Row]]) -> list[Row]:
    """Return the rows of the queryset that `build` makes, compiled once for each key, which decides what it says."""
    queryset = _kept.get(key)
    if queryset is None:
        if len(_kept) >= MOST:
            _kept.clear()
        queryset = _kept[key] = _compile(build())
    return list(queryset._clone())  # type: ignore[attr-defined]


def _compile(queryset: QuerySet[Any, Row]) -> QuerySet[Any, Row]:
    """Compile a queryset for good: its clones run the same text with the same parameters, which the database keeps planned."""
    compiler = queryset.query.get_compiler(queryset.db)
    try:
        text, parameters = compiler.as_sql()
    except EmptyResultSet:  # the filter lets nothing through, and no query is run
        return queryset
    if queryset.query.combinator:  # the history's hook takes only what begins with SELECT for a query
        text = f"SELECT * FROM ({text}) AS combined"  # noqa: S608  (compiled by Django)

    def get_compiler(using: str | None = None, *_others: object, **_named: object) -> SQLCompiler:
        own: SQLCompiler = copy(compiler)  # each thread has its own connection
        own.connection = connections[using or queryset.db]
        own.execute_sql = lambda *_asked, **_named: [_run(own.connection, text, parameters)]  # type: ignore[assignment]
        return own

    queryset.query.get_compiler = get_compiler  # type: ignore[method-assign]
    return queryset


def _run(connection: BaseDatabaseWrapper, text: str, parameters: Sequence[object]) -> list[SqlRow]:
    """Return the rows; the parameters are sent beside the text, so that it stays the same and is planned once."""
    connection.ensure_connection()
    bound = psycopg.Cursor(connection.connection)
    with connection._prepare_cursor(bound) as cursor:  # type: ignore[attr-defined]
        cursor.execute(text, parameters)
        rows: list[SqlRow] = cursor.fetchall()
        return rows
