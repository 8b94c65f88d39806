"""Matches staged rows with what the table holds, in SQL: what is new, what changes, what is the same, and what is no more.

The trick: `jsonb_populate_record` gives a staged row the table's own types, so that one statement compares any kind of row.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from records.import_kinds import ImportKind
from records.models import Import, ImportRow

if TYPE_CHECKING:
    from accounts.models import User

# The rows were copied a moment ago and nobody has counted them: the planner expects one, and would compare each with each.
BY_HASH = "SET LOCAL enable_nestloop = off"
FORGET = "DELETE FROM records_importrow WHERE import_id = %(import)s AND status = 'gone'"
AGAIN = """
    UPDATE records_importrow SET status = 'read', target_id = NULL, before = NULL
    WHERE import_id = %(import)s AND status IN ('new', 'changed', 'same')"""
SAID = """
    SELECT r.id AS row_id, r.number AS file_row, {p_columns}, row_number() OVER (PARTITION BY {p_keys} ORDER BY r.number) AS nth
    FROM records_importrow AS r CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.values) AS p
    WHERE r.import_id = %(import)s AND r.status {statuses}"""
HELD = """
    SELECT t.id, {t_columns}, to_jsonb(t) AS was, row_number() OVER (PARTITION BY {t_keys} ORDER BY t.id) AS nth
    FROM {table} AS t WHERE {scope}"""
JOIN = "{same_keys} AND held.nth = said.nth"
STATUS = """CASE WHEN held.id IS NULL THEN 'new' WHEN ({held_columns}) IS DISTINCT FROM ({said_columns}) THEN 'changed'
    ELSE 'same' END"""
# A new row has the number it will have, so that saving need not write all staged rows once more; one that is never
# saved leaves a gap. The numbers are given in the order of the file, not in the one that the join happens to have:
# lists that have no other order show rows as the file has them.
MATCH = """
    WITH said AS MATERIALIZED ({said}), held AS MATERIALIZED ({held}), found AS MATERIALIZED (
        SELECT row_id, status, was, coalesce(held_id, nextval({sequence})) AS target_id FROM (
            SELECT said.row_id, {status} AS status, held.id AS held_id, held.was
            FROM said LEFT JOIN held ON {join} ORDER BY said.file_row
        ) AS in_order
    )
    UPDATE records_importrow AS r SET status = found.status, target_id = found.target_id, before = found.was
    FROM found WHERE r.id = found.row_id"""
MOVED = """
    WITH said AS MATERIALIZED ({said}), held AS MATERIALIZED ({held})
    SELECT count(*) FROM said JOIN records_importrow AS r ON r.id = said.row_id LEFT JOIN held ON {join}
    WHERE r.status <> {status} OR r.target_id <> held.id OR r.before IS DISTINCT FROM held.was"""
TWICE = """
    SELECT number, first FROM (
        SELECT r.number, min(r.number) OVER (PARTITION BY {p_keys}) AS first
        FROM records_importrow AS r CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.values) AS p
        WHERE r.import_id = %(import)s AND r.status = 'read'
    ) AS found WHERE number <> first ORDER BY number LIMIT 1000"""
# What this source's imports made for the period, still as the last of them left it, and no row of this one is about.
GONE = """
    INSERT INTO records_importrow (import_id, number, cells, values, errors, status, target_id, before)
    SELECT %(import)s, NULL, '[]', '{{}}', '[]', 'gone', t.id, to_jsonb(t)
    FROM (
        SELECT DISTINCT ON (r.target_id) r.target_id, r.values, bool_or(r.status = 'new') OVER (PARTITION BY r.target_id) AS is_made
        FROM records_importrow AS r JOIN records_import AS i ON i.id = r.import_id
        WHERE i.kind = %(kind)s AND i.source = %(source)s AND i.period = %(period)s AND i.status = 'saved'
            AND r.status IN ('new', 'changed', 'same')
        ORDER BY r.target_id, i.saved_at DESC, r.id DESC
    ) AS last
    JOIN {table} AS t ON t.id = last.target_id
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, last.values) AS p
    WHERE last.is_made AND ({t_columns}) IS NOT DISTINCT FROM ({p_columns}) AND {scope}
        AND NOT EXISTS (SELECT FROM records_importrow AS r WHERE r.import_id = %(import)s AND r.target_id = t.id)
    ORDER BY t.id"""
ADD_ERROR = """
    UPDATE records_importrow SET status = 'bad', target_id = NULL, before = NULL, errors = errors || %(error)s::jsonb
    WHERE import_id = %(import)s AND number = %(number)s"""


def list_columns(columns: tuple[str, ...], prefix: str) -> str:
    """Return columns for a statement, each with the prefix of its table."""
    return ", ".join(f'{prefix}."{column}"' for column in columns)


def parts_of(kind: ImportKind, scope: str) -> dict[str, str]:
    """Return what the statements differ in."""
    table = kind.model._meta.db_table
    names = {"table": table, "scope": scope, "sequence": f"pg_get_serial_sequence('{table}', 'id')"}
    for prefix in ("p", "t", "held", "said"):
        names[f"{prefix}_columns"] = list_columns(kind.columns, prefix)
        names[f"{prefix}_keys"] = list_columns(kind.keys, prefix)
    # No key is ever empty, so that it can be hashed.
    names["same_keys"] = " AND ".join(f'held."{key}" = said."{key}"' for key in kind.keys)
    return names


def write(template: str, kind: ImportKind, scope: str, *, statuses: str) -> str:
    """Return a statement that compares what is said with what is held."""
    parts = parts_of(kind, scope)
    inner = {"said": SAID.format(**parts, statuses=statuses), "held": HELD.format(**parts)}
    return template.format(**parts, **inner, join=JOIN.format(**parts), status=STATUS.format(**parts))


def match_rows(row: Import, kind: ImportKind, by: User) -> dict[str, int]:
    """Say of each staged row what it comes to; return how many there are of each status."""
    scope, given = kind.scope(row.period)
    values: dict[str, Any] = {
        **given, "import": row.pk, "kind": row.kind, "source": row.source, "period": row.period,
    }  # fmt: skip
    parts = parts_of(kind, scope)
    with connection.cursor() as cursor:
        cursor.execute(BY_HASH)
        cursor.execute(FORGET, values)
        cursor.execute(AGAIN, values)
        if kind.is_unique or kind.once:
            once = list_columns(kind.once or kind.keys, "p")
            cursor.execute(TWICE.format(**{**parts, "p_keys": once}), values)
            for number, first in cursor.fetchall():
                _add_error(
                    row, number, -1, _("The row says the same as row %(number)s. Keep one of them.") % {"number": first}
                )
        cursor.execute(write(MATCH, kind, scope, statuses="= 'read'"), values)
    for number, key, why in kind.refuse(row, by):
        place = row.mapping.index(key) if key in row.mapping else -1
        _add_error(row, number, place, why)
    if kind.removes:
        with connection.cursor() as cursor:
            cursor.execute(GONE.format(**parts), values)
    return count_rows(row)


def has_moved(row: Import, kind: ImportKind) -> bool:
    """Say whether what the table holds is no more what the rows were compared with."""
    scope, given = kind.scope(row.period)
    with connection.cursor() as cursor:
        cursor.execute(BY_HASH)
        statement = write(MOVED, kind, scope, statuses="IN ('new', 'changed', 'same')")
        cursor.execute(statement, {**given, "import": row.pk})
        return bool(cursor.fetchone()[0])


def count_rows(row: Import) -> dict[str, int]:
    """Return how many rows there are of each status."""
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, count(*) FROM records_importrow WHERE import_id = %s GROUP BY 1", [row.pk])
        counts.update(dict(cursor.fetchall()))
    return dict(counts) | {"rows": sum(count for status, count in counts.items() if status != ImportRow.Status.GONE)}


def _add_error(row: Import, number: int, place: int, why: str) -> None:
    with connection.cursor() as cursor:
        error = json.dumps([[place, why]], ensure_ascii=False)
        cursor.execute(ADD_ERROR, {"import": row.pk, "number": number, "error": error})
