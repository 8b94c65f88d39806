"""Queries that are compiled once: Django builds and compiles a queryset anew each time, and that takes longer than running it.

For the queries of pages that everybody opens, whose text follows from a few keys alone (`docs/decisions/0042`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, ManyToOneRel, Prefetch, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from web.ahead import Query, find_rows
from web.generics import SqlRow

Asked = ParamSpec("Asked")
Row = TypeVar("Row")

MOST = 2000
"""How many compiled queries a process keeps; a federation's pages need some hundred."""


@dataclass(frozen=True)
class _Kept:
    """A compiled queryset, and by name those of the rows that point to its own, which it asked to have with them."""

    queryset: QuerySet[Any, Any]
    related: dict[str, _Related]

    def read(self) -> list[Any]:
        """Read the rows, and for all of them together each kind of related ones."""
        rows = list(self.queryset._clone())  # type: ignore[attr-defined]
        for name, children in self.related.items() if rows else ():
            children.give_to(rows, name)
        return rows


@dataclass(frozen=True)
class _Related:
    """Rows that point to others, and what they are narrowed to, if at all."""

    rows: _Kept
    field: ForeignKey[Any, Any]
    narrowed: QuerySet[Any, Any] | None

    def give_to(self, owners: list[Any], name: str) -> None:
        """Let `owner.name.all()` be the owner's rows, as `prefetch_related` does."""
        by_key = {owner.pk: owner for owner in owners}
        own: dict[object, list[Any]] = {pk: [] for pk in by_key}
        for row in self.rows.read():
            pk = getattr(row, self.field.attname)
            if pk in own:  # else the owner came between the two queries
                if not self.field.is_cached(row):
                    self.field.set_cached_value(row, by_key[pk])
                own[pk].append(row)
        for owner in owners:
            manager = getattr(owner, name)
            found = manager.all() if self.narrowed is None else manager._apply_rel_filters(self.narrowed.all())
            found._result_cache, found._prefetch_done = own[owner.pk], True
            owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found


_kept: dict[tuple[Hashable, ...], _Kept] = {}


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
    kept = _kept.get(key)
    if kept is None:
        if len(_kept) >= MOST:
            _kept.clear()
        kept = _kept[key] = _keep(build())
    return kept.read()


def _keep(queryset: QuerySet[Any, Any]) -> _Kept:
    """Compile a queryset and those of the rows that point to its own; what lies farther off Django reads by itself."""
    lookups: tuple[str | Prefetch[Any], ...] = queryset._prefetch_related_lookups  # type: ignore[attr-defined]
    if not lookups:
        return _Kept(_compile(queryset), {})
    own = queryset.prefetch_related(None)
    related = {str(getattr(one, "prefetch_to", one)): _keep_related(own, one) for one in lookups}
    found = {name: children for name, children in related.items() if children is not None}
    return _Kept(_compile(own), found) if len(found) == len(lookups) else _Kept(_compile(queryset), {})


def _keep_related(own: QuerySet[Any, Any], lookup: str | Prefetch[Any]) -> _Related | None:
    """Compile the rows that a lookup names; None for one that is no plain relation backwards."""
    name, narrowed = (lookup, None) if isinstance(lookup, str) else (lookup.prefetch_to, lookup.queryset)
    relation = next((one for one in own.model._meta.related_objects if one.get_accessor_name() == name), None)
    if type(relation) is not ManyToOneRel:
        return None
    rows = relation.related_model._default_manager.all() if narrowed is None else narrowed
    return _Related(_keep(rows.filter(**{f"{relation.field.name}__in": own.values("pk")})), relation.field, narrowed)


def _compile(queryset: QuerySet[Any, Row]) -> QuerySet[Any, Row]:
    """Compile a queryset for good: its clones run the same text with the same parameters, which the database keeps planned."""
    compiler = queryset.query.get_compiler(queryset.db)
    try:
        text, parameters = compiler.as_sql()
    except EmptyResultSet:  # the filter lets nothing through, and no query is run
        return queryset
    if queryset.query.combinator:  # the history's hook takes only what begins with SELECT for a query
        text = f"SELECT * FROM ({text}) AS combined"  # noqa: S608  (compiled by Django)

    asked = Query(text, tuple(parameters))

    def get_compiler(using: str | None = None, *_others: object, **_named: object) -> SQLCompiler:
        own: SQLCompiler = copy(compiler)  # each thread has its own connection
        own.connection = connections[using or queryset.db]
        ask = partial(ask_planned, own.connection, text, parameters)
        own.execute_sql = lambda *_asked, **_named: [find_rows(asked, ask)]  # type: ignore[assignment]
        return own

    queryset.query.get_compiler = get_compiler  # type: ignore[method-assign]
    return queryset


def ask_planned(connection: BaseDatabaseWrapper, text: str, parameters: Sequence[object]) -> list[SqlRow]:
    """Return the rows; the parameters are sent beside the text, so that it stays the same and is planned once."""
    connection.ensure_connection()
    # The driver forgets what it has seen in order to plan once, after a hundred statements: a walk through the pages asks more.
    connection.connection.prepared_max = MOST
    bound = psycopg.Cursor(connection.connection)
    with connection._prepare_cursor(bound) as cursor:  # type: ignore[attr-defined]
        cursor.execute(text, parameters)
        rows: list[SqlRow] = cursor.fetchall()
        return rows
