"""Rows against their last events, and digests that nobody can have sealed: a fault each, and never a breakdown."""

from __future__ import annotations

import json
from datetime import UTC

import pytest
from django.apps import apps
from django.db import connection

from budgets.models import CostLine
from records.chain.rows import MOST_ROWS
from records.chain.verification import verify_history
from records.models import HistoryPart
from records.reasons import Reason
from records.services import change
from records.tests.chain import EVENTS, add_line, event_numbers, tamper, without_guard
from tests import services

LINE = "(SELECT min(id) FROM budgets_costline)"


def day_of_last_event(row: int) -> str:
    events = apps.get_model("budgets", "CostLineEvent")._default_manager.filter(pgh_obj=row)
    return str(events.latest("pgh_id").pgh_created_at.astimezone(UTC).date())


def first_row() -> int:
    return CostLine.objects.earliest("pk").pk


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (f"UPDATE budgets_costline SET amount_1_ore = amount_1_ore + 1, note = 'x' WHERE id = {LINE}", "amount_1_ore, note"),
        (f"DELETE FROM budgets_costline WHERE id = {LINE}", "is gone"),
    ],
)  # fmt: skip
def test_row_that_was_altered_or_removed_past_the_triggers_is_found(sealed: str, statement: str, what: str) -> None:
    number = first_row()
    tamper(sealed, *without_guard("budgets_costline", statement))
    (fault,) = verify_history().faults
    assert (fault.table, fault.row) == ("budgets_costline", str(number))
    assert what in fault.what
    assert str(fault).startswith(f"{day_of_last_event(number)}, budgets_costline, row {number}, event ")
    done = services.manage_here(sealed, "verify_history", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["faults"][0]["row"] == str(number)


def test_row_without_events_and_row_that_came_back_are_found(sealed: str) -> None:
    line = add_line()
    gone = line.pk
    assert verify_history().is_whole
    with change(by="ekonom@demo.example", reason=Reason.SAID, words="test"):
        line.delete()
    assert verify_history().is_whole
    skipped = ("id", "lineage")
    names = [str(field.column) for field in CostLine._meta.local_concrete_fields if field.column not in skipped]
    columns = ", ".join(names)
    again = (
        f"INSERT INTO budgets_costline (id, lineage, {columns})"
        f" SELECT %s, gen_random_uuid(), {columns} FROM budgets_costline WHERE id = {LINE}"
    )
    tamper(
        sealed,
        "ALTER TABLE budgets_costline DISABLE TRIGGER USER",
        again % gone,
        again % 10**6,
        "ALTER TABLE budgets_costline ENABLE TRIGGER USER",
    )
    assert [(fault.row, fault.what) for fault in verify_history().faults] == [
        (str(gone), "is there, though its last event removed it"),
        (str(10**6), "has no event: it was added without history"),
    ]


def test_only_the_first_rows_that_differ_are_named(sealed: str) -> None:
    tamper(sealed, *without_guard("budgets_costline", "UPDATE budgets_costline SET note = note || 'x'"))
    faults = verify_history().faults
    assert len(faults) == MOST_ROWS and faults[0].row == str(first_row())


def test_trigger_that_is_switched_off_or_gone_is_found(sealed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'budgets_costline'::regclass AND tgname LIKE 'pgtrigger_%'"
        )
        first, second, *_others = sorted(name for (name,) in cursor.fetchall())
    tamper(
        sealed,
        f"ALTER TABLE budgets_costline DISABLE TRIGGER {first}",
        f"ALTER TABLE budgets_costline ENABLE REPLICA TRIGGER {second}",
        "DROP TRIGGER follow ON records_historypart",
        "ALTER TABLE records_historydigest DISABLE TRIGGER keep",
    )
    assert [str(fault) for fault in verify_history().faults] == [
        f"budgets_costline: the trigger {first} is switched off",
        f"budgets_costline: the trigger {second} is switched off",
        "records_historydigest: the trigger keep is switched off",
    ]
    tamper(sealed, f"DROP TRIGGER {first} ON budgets_costline")
    assert f"budgets_costline: the trigger {first} is gone" in [str(fault) for fault in verify_history().faults]


# Malformed

MALFORMED = [
    ("records_historypart", "runs = '[[1, 1000000000000000]]'"),
    ("records_historypart", "runs = '[[1, 1000000000000000]]', count = 2147483647"),
    ("records_historypart", "runs = '[[5, 1], [1, 2]]'"),
    ("records_historypart", "runs = '[[1.5, 2], [\"a\", null]]'"),
    ("records_historypart", "runs = '{\"a\": [1]}'"),
    ("records_historypart", "runs = '7'"),
    ("records_historypart", "runs = ('[[1, 1' || repeat('0', 5000) || ']]')::jsonb"),
    ("records_historypart", "marks = ''"),
    ("records_historypart", "marks = marks || 'abc'"),
    ("records_historypart", "count = count + 1"),
    ("records_historypart", "count = 0"),
    ("records_historypart", "columns = '[]'"),
    ("records_historypart", "columns = '[1, {}]'"),
    ("records_historypart", "columns = '\"text\"'"),
    ("records_historypart", "\"table\" = 'auth_user'"),
    ("records_historydigest", "tables = '[]'"),
    ("records_historydigest", "tables = '{\"budgets_costlineevent\": [1]}'"),
    ("records_historydigest", "tables = '{\"budgets_costlineevent\": {\"hash\": 1.5, \"count\": 1.5}}'"),
    ("records_historydigest", "tables = (repeat('[', 5000) || repeat(']', 5000))::jsonb"),
    ("records_historydigest", "day = 'infinity'"),
    ("records_historydigest", "sealed_at = '-infinity'"),
]  # fmt: skip
ALTERED = {
    "records_historypart": ("runs", "marks", "count", "columns", '"table"'),
    "records_historydigest": ("tables", "day", "sealed_at"),
}


@pytest.mark.parametrize("is_event_altered", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_malformed_digest_is_a_fault_and_no_breakdown(sealed: str, is_event_altered: bool) -> None:
    events = HistoryPart.objects.earliest("pk").table
    if is_event_altered:
        tamper(sealed, f"UPDATE {events} SET pgh_label = 'x' WHERE pgh_id = (SELECT min(pgh_id) FROM {events})")
    # Whoever owns the database drops the constraint first.
    tamper(sealed, "ALTER TABLE records_historydigest DROP CONSTRAINT digest_day_held")
    for table, altered in MALFORMED:
        first = f"WHERE id = (SELECT min(id) FROM {table})"
        kept = (f"CREATE TABLE kept AS SELECT * FROM {table} {first}", f"UPDATE {table} SET {altered} {first}")
        tamper(sealed, f"ALTER TABLE {table} DISABLE TRIGGER USER", *kept, f"ALTER TABLE {table} ENABLE TRIGGER USER")
        faults = [str(fault) for fault in verify_history().faults]
        assert faults and ("altered" in faults[0] or "are gone" in faults[0]), altered
        names = ", ".join(f"{name} = kept.{name}" for name in ALTERED[table])
        back = f"UPDATE {table} SET {names} FROM kept WHERE kept.id = {table}.id"
        tamper(sealed, *without_guard(table, back), "DROP TABLE kept")
    assert verify_history().is_whole is not is_event_altered


def test_event_with_a_time_that_is_none_is_told_all_the_same(sealed: str) -> None:
    add_line()
    tamper(sealed, f"UPDATE {EVENTS} SET pgh_created_at = '-infinity' WHERE pgh_id = {event_numbers()[-1]}")
    found = verify_history()
    assert found.is_whole and [row.is_late for row in found.uncovered] == [True]
