"""Lawful disposal: events go, their digests and what tells of the disposal stay, and the chain stays whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from records.chain.events import KEPT
from records.chain.verification import verify_history
from records.models import HistoryDigest, HistoryPart
from records.tests.chain import EVENTS, add_line, event_numbers, first_fault, seal, tamper, without_guard
from tests import services

LONG_AGO = "2018-01-01"


def dispose(database: str, *arguments: str, before: str = LONG_AGO) -> Any:
    return services.manage_here(database, "dispose_history", "--before", before, "--yes", *arguments, owner=True)


def test_disposal_removes_events_and_leaves_hash_record_and_a_whole_chain(old: str) -> None:
    before = {digest.number: digest.hash for digest in HistoryDigest.objects.all()}
    command = ("dispose_history", "--before", LONG_AGO, "--yes", "--reason", "decision § 12", "--by", "Arkivet")
    done = services.manage(old, *command, owner=True)
    assert done.returncode == 0, done.stderr
    assert event_numbers() == []
    found = verify_history()
    assert found.is_whole
    assert {(row.reason, row.disposed_by) for row in found.disposed} == {("decision § 12", "Arkivet")}
    assert {digest.number: digest.hash for digest in HistoryDigest.objects.all()} == before
    assert not HistoryPart.objects.exclude(runs=[]).exists()
    told = services.manage_here(old, "verify_history").stdout
    assert "disposed of" in told and "decision § 12" in told
    assert "removed" not in dispose(old, "--reason", "again").stdout.replace("not removed yet", "")
    assert [row.table for row in found.uncovered] == [KEPT]
    seal()
    assert verify_history().is_whole and verify_history().uncovered == []


def test_what_tells_of_disposals_outlives_the_next_one(old: str) -> None:
    dispose(old, "--reason", "first")
    tamper(old, f"UPDATE {KEPT} SET pgh_created_at = pgh_created_at - interval '19 years'")
    line = add_line()
    tamper(
        old, f"UPDATE {EVENTS} SET pgh_created_at = pgh_created_at - interval '19 years' WHERE pgh_obj_id = {line.pk}"
    )
    seal()
    done = dispose(old, "--reason", "second")
    assert (done.returncode, event_numbers()) == (0, []), done.stderr
    found = verify_history()
    assert found.is_whole, found.faults
    assert {row.reason for row in found.disposed} == {"first", "second"}
    seal()
    assert verify_history().is_whole
    tamper(old, f"DELETE FROM {KEPT} WHERE pgh_id = (SELECT min(pgh_id) FROM {KEPT})")
    assert not verify_history().is_whole


def test_rows_are_compared_after_disposal_where_they_have_events(old: str) -> None:
    dispose(old, "--reason", "decision")
    line = add_line()
    tamper(old, *without_guard("budgets_costline", "UPDATE budgets_costline SET note = note || 'x'"))
    (fault,) = verify_history().faults
    assert (fault.row, fault.what) == (str(line.pk), "differs from its last event in note")


def test_event_put_where_others_were_disposed_of_is_found(old: str) -> None:
    dispose(old, "--reason", "decision")
    line = add_line()
    tamper(old, f"UPDATE {EVENTS} SET pgh_id = 3 WHERE pgh_obj_id = {line.pk}")
    assert first_fault(verify_history()) == (EVENTS, 3, "was added where events were disposed of")


def test_disposal_that_was_made_up_or_rewritten_is_found(old: str) -> None:
    dispose(old, "--reason", "decision")
    tamper(old, *without_guard("records_historydisposal", "UPDATE records_historydisposal SET reason = 'another'"))
    found = verify_history()
    assert not found.is_whole and "disposal" in found.faults[0].what


def test_disposal_needs_a_yes_and_tells_the_count_first(old: str) -> None:
    count = HistoryDigest.objects.latest("number").count
    done = services.manage(old, "dispose_history", "--before", LONG_AGO, "--reason", "x", owner=True)
    assert done.returncode != 0 and "--yes" in done.stderr
    assert f"{count} events" in done.stdout
    assert event_numbers()


def test_disposal_of_what_is_too_young_is_refused(sealed: str) -> None:
    latest = timezone.now().date() - timedelta(days=settings.HISTORY_RETENTION_DAYS)
    for before in ("2100-01-01", (latest + timedelta(days=1)).isoformat()):
        done = dispose(sealed, "--reason", "decision", before=before)
        assert done.returncode != 0 and latest.isoformat() in done.stderr and "HISTORY_RETENTION_DAYS" in done.stderr
    assert dispose(sealed, "--reason", "decision", before=latest.isoformat()).returncode == 0
    assert event_numbers() and verify_history().disposed == []


def test_disposal_is_refused_as_the_site_without_reason_or_when_history_is_not_whole(old: str) -> None:
    as_site = services.manage_here(old, "dispose_history", "--before", LONG_AGO, "--yes", "--reason", "decision")
    assert as_site.returncode != 0 and "ITSAM_DATABASE_ROLE" in as_site.stderr
    assert dispose(old, "--reason", " ").returncode != 0
    wrong = services.manage(old, "dispose_history", "--before", "1 mars", "--reason", "x", owner=True)
    assert wrong.returncode != 0 and "2026-01-31" in wrong.stderr
    tamper(old, f"DELETE FROM {EVENTS} WHERE pgh_id = {event_numbers()[0]}")
    count = len(event_numbers())
    done = dispose(old, "--reason", "decision")
    assert done.returncode != 0 and "not whole" in done.stderr
    assert len(event_numbers()) == count
