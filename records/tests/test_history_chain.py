"""The digests of history: whole when nobody meddled, else the first wrong event is named."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from budgets.models import BudgetProduct, CostLine
from itsam.platform.embedded import CHECKOUT
from records.chain.events import list_event_tables, load_types, read_events
from records.chain.hashing import write_value
from records.chain.sealing import PART_SIZE, describe_head, seal_history
from records.chain.verification import verify_history
from records.models import HistoryDigest
from records.reasons import Reason
from records.services import change
from records.tests.chain import EVENTS, add_line, drop_chain, event_numbers, first_fault, seal, tamper, without_guard
from tests import services

# Whole


def test_sealed_history_is_whole_and_covers_every_event(sealed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in list_event_tables()))
        every = sum(count for (count,) in cursor.fetchall())
    found = verify_history()
    assert (found.is_whole, found.events, found.uncovered) == (True, every, [])
    assert every > 1000


def test_nothing_new_makes_no_digest_and_new_events_are_told_as_uncovered_until_they_are_sealed(sealed: str) -> None:
    assert seal_history() == []
    add_line()
    (row,) = verify_history().uncovered
    assert (row.table, row.count, row.first) == (EVENTS, 1, event_numbers()[-1])
    (digest,) = seal()
    before = HistoryDigest.objects.get(number=digest.number - 1)
    assert (digest.count, digest.previous_hash, list(digest.tables)) == (1, before.hash, [EVENTS])
    assert verify_history().is_whole and verify_history().uncovered == []


def test_long_runs_are_cut_in_parts_and_checked_as_such(sealed: str) -> None:
    product = BudgetProduct.objects.filter(budget__slug="budget-2027").earliest("pk")
    CostLine.objects.bulk_create(
        CostLine(budget=product.budget, budget_product=product, text=f"{n}", cost_kind="direct_cost")
        for n in range(PART_SIZE + 10)
    )
    (digest,) = seal()
    assert [part.count for part in digest.parts.order_by("after")] == [PART_SIZE, 10]
    number = event_numbers()[-3]
    tamper(sealed, f"DELETE FROM {EVENTS} WHERE pgh_id = {number}")
    assert first_fault(verify_history()) == (EVENTS, number, "was removed")


def test_each_day_has_a_digest_and_a_late_event_belongs_to_the_next(sealed: str) -> None:
    numbers = [add_line(text) and event_numbers()[-1] for text in "abcd"]
    today = timezone.now()
    for number, ahead in zip(numbers, (1, 3, 2, 3), strict=True):
        moment = (today + timedelta(days=ahead)).isoformat()
        tamper(sealed, f"UPDATE {EVENTS} SET pgh_created_at = '{moment}' WHERE pgh_id = {number}")
    found = seal()
    days = [today.date() + timedelta(days=ahead) for ahead in (1, 3)]
    assert [(digest.day, digest.count) for digest in found] == [(days[0], 1), (days[1], 3)]
    assert verify_history().is_whole and verify_history().uncovered == []


def test_values_are_written_as_the_engine_writes_them(sealed: str) -> None:
    line = add_line()
    with change(by="ekonom@demo.example", reason=Reason.SAID, words="å “x”"):
        CostLine.objects.filter(pk=line.pk).update(quantity="1.5", unit_price_ore=100, amount_1_ore=150)
    model: Any = CostLine._meta.get_field("events").related_model
    event = model._default_manager.order_by("-pgh_id").first()
    types = load_types([EVENTS])[EVENTS]
    ((_number, values),) = read_events(EVENTS, types, list(types), event.pgh_id - 1, event.pgh_id)
    written = dict(zip(types, values, strict=True))
    assert written["quantity"] == write_value(event.quantity) == "1.5"
    assert written["pgh_created_at"] == write_value(event.pgh_created_at)
    assert written["lineage"] == write_value(event.lineage)
    assert written["pgh_context"] == '{"by":"ekonom@demo.example","of":{"words":"å “x”"},"reason":"said"}'
    assert (written["amount_1_ore"], written["governance_object_id"]) == ("150", None)


def test_column_that_comes_later_does_not_break_what_is_sealed(sealed: str) -> None:
    tamper(sealed, f"ALTER TABLE {EVENTS} ADD COLUMN later text")
    add_line()
    seal()
    assert verify_history().is_whole
    tamper(sealed, f"ALTER TABLE {EVENTS} DROP COLUMN note")
    found = verify_history()
    assert not found.is_whole and "note" in found.faults[0].what


# Tampered with


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE budgets_costlineevent SET amount_1_ore = amount_1_ore + 1 WHERE pgh_id = {number}", "was altered"),
        ("UPDATE budgets_costlineevent SET note = note || ' ' WHERE pgh_id = {number}", "was altered"),
        (
            'UPDATE budgets_costlineevent SET pgh_context = \'{{"by": "somebody else"}}\' WHERE pgh_id = {number}',
            "was altered",
        ),
        (
            "UPDATE budgets_costlineevent SET pgh_created_at = pgh_created_at - interval '1 us' WHERE pgh_id = {number}",
            "was altered",
        ),
        ("DELETE FROM budgets_costlineevent WHERE pgh_id >= {number}", "was removed"),
        ("UPDATE budgets_costlineevent SET pgh_id = -1 WHERE pgh_id = {number}", "was added"),
    ],
)
def test_tampered_event_is_found_with_its_day_and_number(sealed: str, statement: str, what: str) -> None:
    number = event_numbers()[10]
    tamper(sealed, statement.format(number=number))
    found = verify_history()
    assert not found.is_whole
    assert first_fault(found) == (EVENTS, -1 if what == "was added" else number, what)
    assert found.faults[0].day == HistoryDigest.objects.latest("number").day.isoformat()


def test_command_fails_on_a_tampered_copy_and_names_the_event(sealed: str) -> None:
    done = services.manage_here(sealed, "verify_history")
    assert (done.returncode, "as it was" in done.stdout) == (0, True), done.stderr
    assert "WRONG" not in done.stdout and "more" not in done.stdout
    number = event_numbers()[0]
    tamper(sealed, f"DELETE FROM {EVENTS} WHERE pgh_id = {number}")
    done, day = services.manage_here(sealed, "verify_history"), HistoryDigest.objects.latest("number").day
    assert f"WRONG {day}, {EVENTS}, event {number}: was removed\n" in done.stdout
    assert "There may be more" in done.stdout and "not whole" in done.stdout.splitlines()[-1]
    done = services.manage_here(sealed, "verify_history", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["whole"] is False
    assert told["faults"][0]["table"] == EVENTS and told["faults"][0]["event"] == number
    assert f"event {number}" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("records_historydigest", "UPDATE records_historydigest SET hash = repeat('a', 64) WHERE number = 2"),
        ("records_historydigest", "UPDATE records_historydigest SET day = day - 1 WHERE number = 2"),
        ("records_historydigest", "UPDATE records_historydigest SET sealed_at = sealed_at - interval '1 hour'"),
        ("records_historypart", "UPDATE records_historypart SET hash = repeat('a', 64) WHERE id = (SELECT min(id) FROM records_historypart)"),
        ("records_historypart", "DELETE FROM records_historypart WHERE id = (SELECT min(id) FROM records_historypart)"),
        ("records_historypart", "UPDATE records_historypart SET last = last + 1"),
    ],
)  # fmt: skip
def test_tampered_digest_is_found(sealed: str, table: str, statement: str) -> None:
    for text in "ab":
        add_line(text)
        seal()
    assert HistoryDigest.objects.count() >= 3
    tamper(sealed, *without_guard(table, statement))
    assert not verify_history().is_whole


def test_event_altered_together_with_its_mark_is_still_found(sealed: str) -> None:
    tamper(
        sealed,
        f"UPDATE {EVENTS} SET text = 'x' WHERE pgh_id = {event_numbers()[0]}",
        *without_guard("records_historypart", "UPDATE records_historypart SET marks = sha256(marks)"),
    )
    assert not verify_history().is_whole


def test_digest_removed_from_the_middle_is_found_without_and_the_newest_with_the_head(
    sealed: str, tmp_path: Path
) -> None:
    for text in "ab":
        add_line(text)
        seal()
    head = tmp_path / "head.json"
    printed = services.manage_here(sealed, "history_head").stdout
    head.write_text(printed)
    assert json.loads(printed) == describe_head()
    assert services.manage_here(sealed, "verify_history", "--head", str(head)).returncode == 0
    newest = HistoryDigest.objects.latest("number")
    remove = [
        *without_guard("records_historypart", f"DELETE FROM records_historypart WHERE digest_id = {newest.pk}"),
        *without_guard("records_historydigest", f"DELETE FROM records_historydigest WHERE id = {newest.pk}"),
        f"DELETE FROM {EVENTS} WHERE pgh_id = {event_numbers()[-1]}",
    ]
    tamper(sealed, *remove)
    assert "has no event" in verify_history().faults[0].what
    newest_line = "(SELECT max(id) FROM budgets_costline)"
    tamper(sealed, *without_guard("budgets_costline", f"DELETE FROM budgets_costline WHERE id = {newest_line}"))
    assert services.manage_here(sealed, "verify_history").returncode == 0
    done = services.manage_here(sealed, "verify_history", "--head", str(head))
    assert done.returncode == 1
    assert newest.day.isoformat() in done.stderr and newest.hash[:16] in done.stderr


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"day": "2026-01-01"}'])
def test_bad_head_is_an_error_that_names_the_file(django_db_setup: None, tmp_path: Path, text: str) -> None:
    head = tmp_path / "head.json"
    head.write_text(text)
    done = services.manage_here(str(connection.settings_dict["NAME"]), "verify_history", "--head", str(head))
    assert done.returncode != 0
    assert "head.json" in done.stderr and "Traceback" not in done.stderr


# Who may do what


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_historydigest SET day = day",
        "DELETE FROM records_historydigest",
        "TRUNCATE records_historydigest CASCADE",
        "UPDATE records_historypart SET marks = ''",
        "DELETE FROM records_historypart",
        "INSERT INTO records_historydisposal (digest_id, disposed_at, reason, disposed_by, count) SELECT id, now(), 'x', 'x', 0 FROM records_historydigest",
        "INSERT INTO records_historydigest (number, day, tables, count, previous_hash, hash, sealed_at)"
        " VALUES (99, now(), '{}', 0, 'x', 'y', now())",
    ],
)
def test_site_role_can_only_add_the_digest_that_follows(statement: str) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner|follows the last")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_owner_is_stopped_by_the_triggers_first(sealed: str) -> None:
    for statement in (
        "UPDATE records_historydigest SET day = day",
        "DELETE FROM records_historydigest",
        "TRUNCATE records_historydigest CASCADE",
        "UPDATE records_historypart SET count = 0",
        "DELETE FROM records_historypart",
    ):
        with pytest.raises(psycopg.errors.IntegrityError, match="never changed"):
            tamper(sealed, statement)


# Nothing sealed, or not for long


def test_old_events_without_any_digest_are_a_fault(sealed: str) -> None:
    for table in list_event_tables():
        tamper(sealed, f"UPDATE {table} SET pgh_created_at = now()")
    drop_chain(sealed)
    assert verify_history().is_whole
    tamper(
        sealed, f"UPDATE {EVENTS} SET pgh_created_at = now() - interval '25 hours' WHERE pgh_id = {event_numbers()[0]}"
    )
    (fault,) = verify_history().faults
    assert "no digest at all" in fault.what
    assert services.manage_here(sealed, "verify_history").returncode == 1


def test_what_is_unsealed_for_more_than_a_day_is_said_on_a_line_of_its_own(sealed: str) -> None:
    add_line()
    assert "LATE" not in services.manage_here(sealed, "verify_history").stdout
    tamper(
        sealed, f"UPDATE {EVENTS} SET pgh_created_at = now() - interval '25 hours' WHERE pgh_id = {event_numbers()[-1]}"
    )
    done = services.manage_here(sealed, "verify_history")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line.startswith("LATE 1 events of 1 tables")]


def test_head_is_logged_at_each_sealing(sealed: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "records.chain.sealing")
    assert (seal_history(), caplog.messages) == ([], [])
    add_line()
    (digest,) = seal()
    (message,) = caplog.messages
    assert digest.hash in message and f'"number": {digest.number}' in message


def test_backup_has_the_head_beside_it(sealed: str, tmp_path: Path) -> None:
    file = tmp_path / "itsam.dump"
    variables = {
        **services.environment(sealed),
        "DATABASE_OWNER_URL": services.url_of(services.SERVERS.owner_url, sealed),
    }
    command = [sys.executable, "-m", "itsam.platform.backup", "save", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    head = tmp_path / "itsam.head.json"
    kept, now = json.loads(head.read_text()), describe_head()
    assert now is not None and {name: kept[name] for name in ("number", "day", "hash", "count")}.items() <= now.items()
    assert services.manage_here(sealed, "verify_history", "--head", str(head)).returncode == 0


# Open transactions


# Each writes in a sub-budget of its own, since a change holds its sub-budget until it is committed.
SLOW = """UPDATE budgets_costline SET note = 'slow' WHERE id = (
    SELECT min(l.id) FROM budgets_costline AS l JOIN budgets_budgetproduct AS p ON p.id = l.budget_product_id
    JOIN budgets_subbudget AS s ON s.id = p.sub_budget_id JOIN budgets_budget AS b ON b.id = s.budget_id
    WHERE b.slug = 'budget-2027' AND s.slug = %s)"""


def test_event_of_an_open_transaction_is_neither_missed_nor_breaks_the_chain(sealed: str) -> None:
    url = services.url_of(services.SERVERS.database_url, sealed)
    add_line("before")
    with psycopg.connect(url) as slow:
        slow.execute(SLOW, ["klient"])
        add_line("after it began")
        assert seal_history(wait=0.1) == []
        assert verify_history().is_whole
        assert [row.count for row in verify_history().uncovered] == [2]
        slow.commit()
    (digest,) = seal()
    assert digest.count == 3
    assert verify_history().is_whole and verify_history().uncovered == []


def test_event_of_an_open_transaction_that_drew_the_lower_number_with_the_higher_id_waits(sealed: str) -> None:
    url = services.url_of(services.SERVERS.database_url, sealed)
    with psycopg.connect(url) as low, psycopg.connect(url) as high:
        low.execute("SELECT pg_current_xact_id()")
        high.execute(SLOW, ["klient"])
        low.execute(SLOW, ["socialtjanst"])
        low.commit()
        assert seal_history(wait=0) == []
        assert [row.count for row in verify_history().uncovered] == [1]
        high.commit()
    (digest,) = seal()
    assert digest.count == 2
    assert verify_history().is_whole and verify_history().uncovered == []


def test_what_is_older_than_the_oldest_transaction_is_sealed_though_it_goes_on(sealed: str) -> None:
    url = services.url_of(services.SERVERS.database_url, sealed)
    with psycopg.connect(url) as first, psycopg.connect(url) as second:
        first.execute(SLOW, ["klient"])
        add_line("drawn after the first one's event, and there before it")
        assert seal_history(wait=0) == []  # takes a mark
        second.execute(SLOW, ["socialtjanst"])
        add_line("after the mark")
        first.commit()
        (digest,) = seal()
        assert digest.count == 2
        assert [row.count for row in verify_history().uncovered] == [1]
        second.rollback()
    (digest,) = seal()
    assert digest.count == 1
    assert verify_history().is_whole and verify_history().uncovered == []
