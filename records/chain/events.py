"""History events as texts in their one form, read straight from their tables.

The trick: PostgreSQL writes every value as text by fixed patterns, which is several times as fast as making Python
values of them; only JSON is written anew, with sorted keys. `records.chain.hashing.write_value` has the same forms.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql

from records.chain.hashing import canonical_json

CHUNK = 2000
# Below every event's number.
FIRST = -(2**63)
# The events that tell of disposals; they are never disposed of themselves.
KEPT = "records_historydisposalevent"
FORMS = {
    "timestamp with time zone": """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "date": "to_char({}, 'YYYY-MM-DD')",
    "numeric": "trim_scale({})::text",
}
TYPES = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY(%s)"

Types = dict[str, dict[str, str]]
Ranges = dict[str, tuple[int, int]]
Parameter = str | int | datetime


def list_event_tables() -> list[str]:
    """Return the tables of all tracked models' events, in the order of their names."""
    return sorted(model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model"))


def load_types(tables: Sequence[str]) -> Types:
    """Return the columns of each table, in the order of their names, with their types."""
    with connection.cursor() as cursor:
        cursor.execute(TYPES, [list(tables)])
        rows = sorted(cursor.fetchall())
    types: Types = {}
    for table, column, kind in rows:
        types.setdefault(table, {})[column] = kind
    return types


def read_events(
    table: str, types: dict[str, str], columns: Sequence[str], after: int, last: int
) -> Iterator[tuple[int, list[str | None]]]:
    """Yield the events numbered after `after` up to `last`, each with its values as texts, streamed."""
    texts = sql.SQL(", ").join(_write(column, types[column]) for column in columns)
    statement = sql.SQL(
        "SELECT pgh_id, {texts} FROM {table} WHERE pgh_id > %s AND pgh_id <= %s ORDER BY {table}.pgh_id"
    )
    documents = [place for place, column in enumerate(columns) if types[column] in ("json", "jsonb")]
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement.format(texts=texts, table=sql.Identifier(table)), [after, last])
        while rows := cursor.fetchmany(CHUNK):
            for number, *values in rows:
                for place in documents:
                    if values[place] is not None:
                        values[place] = _write_document(values[place])
                yield number, values


def _write(column: str, kind: str) -> sql.Composed:
    return sql.SQL(FORMS.get(kind, "{}::text")).format(sql.Identifier(column))


@lru_cache(maxsize=1024)
def _write_document(text: str) -> str:
    """Return a document in its one form, most often from the cache: events of one transaction share their context."""
    return canonical_json(json.loads(text, parse_float=Decimal))


def ask_each(select: str, ranges: Ranges, *parameters: Parameter) -> list[tuple[str, Any]]:
    """Return one query over all tables: `select` of each table's events within its range, by table; no row, no answer.

    In `select`, {table} is the table and {range} its condition; `parameters` follow those of the range.
    """
    one = sql.SQL(f"SELECT %s, ({select})")
    within = sql.SQL("pgh_id > %s AND pgh_id <= %s")
    parts: list[sql.Composed] = []
    values: list[Parameter] = []
    for table, (after, last) in ranges.items():
        parts.append(one.format(table=sql.Identifier(table), range=within))
        values += [table, after, last, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts), values)
        return [(table, answer) for table, answer in cursor.fetchall() if answer is not None]
