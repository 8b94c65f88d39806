"""Imports that nobody saves, and those whose worker ends half-way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.utils import timezone

from desk.tests.test_imports import DAY, INHABITANTS, make_excel, read_in, save
from objects.models import Inhabitants
from records.models import Import, ImportRow, Job, StoredFile
from records.services.files import path_of
from records.services.imports.saving import _write as write_rows
from records.services.jobs import NotToRun, start_job
from records.tasks import remove_old, save_import
from tests.cast import ECONOMIST, get_user


@pytest.mark.django_db
def test_a_file_that_was_never_saved_is_forgotten_after_a_while_with_what_it_held(
    django_capture_on_commit_callbacks: Any,
) -> None:
    kept, old, saved = (read_in("inhabitants", "2024", make_excel(*INHABITANTS), source=name) for name in "abc")
    save(saved)
    long_ago = timezone.now() - timedelta(days=settings.IMPORT_DRAFT_DAYS, minutes=1)
    Import.objects.filter(pk__in=[old.pk, saved.pk]).update(created_at=long_ago)
    file = old.file
    with django_capture_on_commit_callbacks(execute=True):
        remove_old()
    assert set(Import.objects.all()) == {kept, saved}
    assert not ImportRow.objects.filter(of_id=old.pk).exists() and ImportRow.objects.filter(of=saved).exists()
    assert not StoredFile.objects.filter(pk=file.pk).exists() and not path_of(file.path).exists()
    assert path_of(kept.file.path).exists() and path_of(saved.file.path).exists()


def _count(row: Import) -> tuple[int, int]:
    return Inhabitants.objects.filter(counted_on=DAY).count(), ImportRow.objects.filter(of=row).count()


def test_a_job_whose_worker_ends_half_way_leaves_nothing_and_the_next_one_saves_it_once(
    committed: str,
) -> None:
    """The worker's process ends where the rows are written and nothing is committed yet."""
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    before, by = _count(row), get_user(ECONOMIST)
    job = start_job(
        kind="import", title="x", task="records.save_import",
        arguments={"import": str(row.uuid), "url": "/", "version": row.version}, by=by,
    )  # fmt: skip
    with patch("records.services.imports.saving._write", side_effect=_write_and_end), pytest.raises(SystemExit):
        save_import(str(job.uuid))
    assert _count(row) == before and Import.objects.get(pk=row.pk).status == Import.Status.REVIEW
    Job.objects.filter(pk=job.pk).update(status=Job.Status.WAITING)
    save_import(str(job.uuid))
    job.refresh_from_db()
    assert (job.status, job.progress) == (Job.Status.DONE, 100)
    with pytest.raises(NotToRun):
        save_import(str(job.uuid))
    assert _count(row)[0] == before[0] + len(INHABITANTS) - 1
    assert Import.objects.get(pk=row.pk).status == Import.Status.SAVED


def _write_and_end(row: Import, kind: Any) -> None:
    write_rows(row, kind)
    raise SystemExit
