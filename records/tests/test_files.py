"""Stored files: private, whole, downloaded by their owner under their own name, removed with their job."""

from __future__ import annotations

import hashlib
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from records.models import Job, StoredFile
from records.services.files import path_of, remove_strays, store_file
from records.services.jobs import remove_old_jobs, running
from records.tests.jobs import start
from tests.cast import ECONOMIST, client_of, get_user

pytestmark = pytest.mark.django_db
CONTENT = b"PK\x03\x04 not really a workbook"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def store(name: str = "Årsbudget 2027 – utkast.xlsx", **values: Any) -> StoredFile:
    by = values.pop("by", None) or get_user(ECONOMIST)
    return store_file(CONTENT, name=name, content_type="application/octet-stream", by=by, **values)


def test_file_is_kept_under_a_uuid_with_its_hash_and_for_the_site_alone(folder: Path) -> None:
    stored = store()
    path = path_of(stored.path)
    assert path == folder / str(stored.uuid)[:2] / str(stored.uuid)
    assert path.read_bytes() == CONTENT
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [str(stored.uuid)]


def test_owner_downloads_the_file_under_its_own_name() -> None:
    stored = store()
    response = client_of("ekonom").get(reverse("records:file", args=[stored.uuid]))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == CONTENT  # type: ignore[attr-defined]
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=utf-8''%C3%85rsbudget%202027%20%E2%80%93%20utkast.xlsx" in disposition
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("person", "status"),
    [("ekonom", 200), ("administrator", 404), ("objektagare", 404), ("vimmerby", 404), ("revisor", 404)],
)
def test_only_its_owner_reaches_a_file_since_it_holds_what_that_one_may_see(person: str, status: int) -> None:
    url = reverse("records:file", args=[store().uuid])
    assert client_of(person).get(url).status_code == status
    assert Client().get(url).status_code == 302


def test_name_with_quotes_and_line_breaks_cannot_add_a_header() -> None:
    stored = store('a"\r\nX-Evil: 1.xlsx')
    response = client_of("ekonom").get(reverse("records:file", args=[stored.uuid]))
    assert response.status_code == 200
    assert "X-Evil" not in response.headers


def test_file_that_is_gone_from_the_disk_says_so_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    stored = store()
    path_of(stored.path).unlink()
    with caplog.at_level(logging.ERROR):
        response = client_of("ekonom").get(reverse("records:file", args=[stored.uuid]))
    assert response.status_code == 404
    assert stored.name in response.content.decode()
    assert str(stored.uuid) in caplog.text


def test_old_jobs_go_with_their_files_and_newer_ones_stay(
    folder: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    old, new = start(), start()
    files = {}
    for job in (old, new):
        with running(job.uuid) as run:
            files[job] = store(about=job.uuid)
            run.finish({"file": files[job].uuid})
    waiting = start()
    long_ago = timezone.now() - timedelta(days=settings.JOB_RETENTION_DAYS, minutes=1)
    Job.objects.filter(pk=old.pk).update(finished_at=long_ago)
    Job.objects.filter(pk=waiting.pk).update(created_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_old_jobs() == 1
    assert set(Job.objects.all()) == {new, waiting}
    assert list(StoredFile.objects.all()) == [files[new]]
    assert [path.name for path in folder.glob("*/*")] == [str(files[new].uuid)]


def test_files_that_a_rollback_left_are_removed_after_a_day(folder: Path) -> None:
    kept = store()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        stray, young = store(), store()
        raise ZeroDivisionError
    os.utime(path_of(stray.path), (0, 0))
    os.utime(path_of(kept.path), (0, 0))
    assert remove_strays() == 1
    assert {path.name for path in folder.glob("*/*")} == {str(kept.uuid), str(young.uuid)}


def test_file_of_nobody_is_seen_by_administrators_only() -> None:
    stored = store_file(CONTENT, name="system.txt", content_type="text/plain", by=None)
    assert list(StoredFile.objects.visible_to(get_user(ECONOMIST))) == []
    assert list(StoredFile.objects.visible_to(get_user("administrator"))) == [stored]
