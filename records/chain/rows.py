"""Whether the tables hold what their history says: every row as its last event, and every trigger switched on.

The trick: one query per table. The last events are one grouping of numbers, joined with the rows as sets, so PostgreSQL reads
each table a few times from one end to the other, and nothing comes here but the first rows that differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql

from records.chain.events import load_types
from records.chain.faults import Fault

MOST_ROWS = 5
DIFFERENT = """
WITH last AS (SELECT max(pgh_id) AS pgh_id FROM {events} GROUP BY pgh_obj_id)
SELECT COALESCE(e.pgh_obj_id, t.{key})::text, e.pgh_id, (e.pgh_created_at AT TIME ZONE 'UTC')::date::text, e.pgh_label,
    t.{key} IS NOT NULL, array_remove(ARRAY[{names}], NULL)
FROM (SELECT * FROM {events} JOIN last USING (pgh_id)) AS e FULL JOIN {table} AS t ON t.{key} = e.pgh_obj_id
WHERE CASE WHEN t.{key} IS NULL THEN e.pgh_label <> 'delete' WHEN e.pgh_id IS NULL THEN %s
    ELSE e.pgh_label = 'delete' OR ROW({rows}) IS DISTINCT FROM ROW({values}) END
ORDER BY COALESCE(e.pgh_obj_id, t.{key}) LIMIT %s
"""
TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled IN ('O', 'A') FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, t.tgname
"""


def check_rows(disposed: Collection[str]) -> Iterator[Fault]:
    """Compare every row of the tracked tables with its last event.

    `disposed` are the event tables that something was disposed of: there, a row may be without events.
    """
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model"):
            yield from _check_table(model.pgh_tracked_model, model._meta.db_table, disposed)


def check_triggers() -> Iterator[Fault]:
    """Find triggers that are switched off, and those of history that are gone."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        switched_on = {(table, name): is_on for table, name, is_on in cursor.fetchall()}
    for (table, name), is_on in switched_on.items():
        if not is_on:
            yield Fault("", f"the trigger {name} is switched off", table)
    wanted = {(model._meta.db_table, trigger.get_pgid(model)) for model, trigger in pgtrigger.registered()}
    for table, name in sorted(wanted - switched_on.keys()):
        yield Fault("", f"the trigger {name} is gone", table)


def _check_table(model: type[Model], events: str, disposed: Collection[str]) -> Iterator[Fault]:
    table = model._meta.db_table
    types = load_types([table, events])
    columns = [column for column in types[table] if column in types[events]]
    statement = sql.SQL(DIFFERENT).format(
        events=sql.Identifier(events),
        table=sql.Identifier(table),
        key=sql.Identifier(str(model._meta.pk.column)),
        rows=_join("t.{column}", columns),
        values=_join("e.{column}", columns),
        names=_join("CASE WHEN t.{column} IS DISTINCT FROM e.{column} THEN {name} END", columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [events not in disposed, MOST_ROWS])
        for row, event, day, label, is_there, different in cursor.fetchall():
            yield Fault(day or "", _describe(label, different, is_there=is_there), table, event, row)


def _join(pattern: str, columns: list[str]) -> sql.Composed:
    one = sql.SQL(pattern)
    return sql.SQL(", ").join(one.format(column=sql.Identifier(name), name=sql.Literal(name)) for name in columns)


def _describe(label: str | None, different: list[str], *, is_there: bool) -> str:
    if label is None:
        return "has no event: it was added without history"
    if not is_there:
        return "is gone, and its last event did not remove it"
    if label == "delete":
        return "is there, though its last event removed it"
    return "differs from its last event in " + ", ".join(different)
