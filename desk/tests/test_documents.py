"""A decision's documents: what may be attached, by content and size, for those who see the decision and nobody else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from objects.models import Decision
from objects.selectors.decisions import list_documents
from objects.services.decisions import remove_decision
from objects.services.documents import add_document
from records.models import StoredFile
from records.services.attachments import Upload
from records.services.files import path_of
from tests.cast import client_of, get_user

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 minutes"


@pytest.fixture
def decision(settings: Any, tmp_path: Path) -> Decision:
    """A decision, and a folder of files that goes with the test."""
    settings.MEDIA_ROOT = tmp_path
    decision: Decision = Decision.objects.get(kind="propose_framework")
    return decision


def post(decision: Decision, content: bytes, *, name: str = "protokoll.pdf", by: str = "ekonom") -> Any:
    file = SimpleUploadedFile(name, content, "application/pdf")
    return client_of(by, "en").post(f"/decisions/{decision.uuid}/documents/new/", {"file": file})


def test_pdf_is_kept_and_downloaded_by_everybody_who_sees_the_decision(decision: Decision) -> None:
    assert post(decision, CONTENT).status_code == 302
    (stored,) = list_documents(decision)
    address = f"/decisions/{decision.uuid}/documents/{stored.uuid}/"
    for name in ("ekonom", "objektagare", "vimmerby"):
        response: Any = client_of(name, "en").get(address)
        assert b"".join(response.streaming_content) == CONTENT
        assert response["Content-Disposition"] == 'attachment; filename="protokoll.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff" and "private" in response["Cache-Control"]
    assert client_of("utan.roll", "en").get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert "protokoll.pdf" in client_of("vimmerby", "en").get(f"/decisions/{decision.uuid}/").content.decode()


def test_document_of_a_planned_decision_is_not_for_a_municipality_officer(decision: Decision) -> None:
    planned = Decision.objects.create(
        stage="planned", body="board", kind="other", text="Taxa", meeting_on=date(2026, 12, 1)
    )
    stored = add_document(planned, Upload("underlag.pdf", "application/pdf", CONTENT), by=get_user("ekonom"))
    assert client_of("vimmerby", "en").get(f"/decisions/{planned.uuid}/documents/{stored.uuid}/").status_code == 404
    assert client_of("direktion", "en").get(f"/decisions/{planned.uuid}/documents/{stored.uuid}/").status_code == 200


def test_document_is_found_with_its_own_decision_only(decision: Decision) -> None:
    stored = add_document(decision, Upload("a.pdf", "application/pdf", CONTENT), by=get_user("ekonom"))
    other = Decision.objects.exclude(pk=decision.pk)[0]
    assert client_of("ekonom", "en").get(f"/decisions/{other.uuid}/documents/{stored.uuid}/").status_code == 404


@pytest.mark.parametrize("content", [b"", b"MZ\x90 not a document", b"<html>%PDF-</html>", b" %PDF-1.7"])
def test_what_is_no_pdf_is_refused_whatever_it_is_called(decision: Decision, content: bytes) -> None:
    response = post(decision, content)
    assert response.status_code == 422
    assert "id_file_error" in response.content.decode()
    assert not list_documents(decision).exists()


def test_too_large_a_file_is_told_with_what_is_taken(decision: Decision, settings: Any) -> None:
    settings.ATTACHMENT_BYTES = 1024
    response = post(decision, CONTENT + b"x" * 2000)
    assert response.status_code == 422
    assert "1.0\xa0KB" in response.content.decode()


def test_no_file_and_too_many_files_are_told(decision: Decision, settings: Any) -> None:
    assert client_of("ekonom", "en").post(f"/decisions/{decision.uuid}/documents/new/").status_code == 422
    settings.ATTACHMENTS_PER_PAGE = 1
    assert [post(decision, CONTENT).status_code for _time in range(2)] == [302, 422]


@pytest.mark.parametrize("name", ["objektagare", "direktion", "revisor", "vimmerby"])
def test_others_neither_add_nor_remove(decision: Decision, name: str) -> None:
    stored = add_document(decision, Upload("a.pdf", "application/pdf", CONTENT), by=get_user("administrator"))
    assert post(decision, CONTENT, by=name).status_code == 403
    assert client_of(name, "en").post(f"/decisions/{decision.uuid}/documents/{stored.uuid}/remove/").status_code == 403
    assert list_documents(decision).count() == 1


def test_document_is_removed_after_a_question(decision: Decision, django_capture_on_commit_callbacks: Any) -> None:
    stored = add_document(decision, Upload("a.pdf", "application/pdf", CONTENT), by=get_user("ekonom"))
    address = f"/decisions/{decision.uuid}/documents/{stored.uuid}/remove/"
    assert client_of("ekonom", "en").get(address).status_code == 200
    assert path_of(stored.path).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of("ekonom", "en").post(address).status_code == 302
    assert not path_of(stored.path).exists()
    assert not list_documents(decision).exists()
    event = apps.get_model("records", "StoredFileEvent")._default_manager.filter(pgh_label="delete").latest("pgh_id")
    assert event.pgh_context["by"] == "ekonom@demo.example"


def test_planned_decision_takes_its_documents_with_it(
    decision: Decision, django_capture_on_commit_callbacks: Any
) -> None:
    planned = Decision.objects.create(stage="planned", body="board", kind="other", text="Taxa")
    stored = add_document(planned, Upload("underlag.pdf", "application/pdf", CONTENT), by=get_user("ekonom"))
    with django_capture_on_commit_callbacks(execute=True):
        remove_decision(planned, by=get_user("ekonom"))
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert not path_of(stored.path).exists()


def test_documents_are_counted_under_the_decisions_lock(decision: Decision) -> None:
    with CaptureQueriesContext(connection) as queries:
        add_document(decision, Upload("a.pdf", "application/pdf", CONTENT), by=get_user("ekonom"))
    asked = [query["sql"] for query in queries]
    lock = next(place for place, text in enumerate(asked) if "FOR NO KEY UPDATE" in text)
    count = next(place for place, text in enumerate(asked) if "COUNT(*)" in text)
    assert lock < count


def test_file_that_is_gone_from_the_disk_is_not_found(decision: Decision) -> None:
    stored = add_document(decision, Upload("a.pdf", "application/pdf", CONTENT), by=get_user("ekonom"))
    path_of(stored.path).unlink()
    assert client_of("ekonom", "en").get(f"/decisions/{decision.uuid}/documents/{stored.uuid}/").status_code == 404
