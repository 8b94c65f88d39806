"""Jobs and stored files, for those who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Coalesce, Now

from records.models import Job, StoredFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import User


def list_jobs(user: User) -> QuerySet[Job]:
    """Return the jobs the user may see, newest first, with how long they have run."""
    taken = ExpressionWrapper(Coalesce(F("finished_at"), Now()) - F("started_at"), output_field=DurationField())
    rows = Job.objects.visible_to(user).select_related("started_by", "cancelled_by")
    return rows.annotate(duration=taken).order_by("-created_at")


def find_job(user: User, uuid: UUID) -> Job | None:
    """Return the job with this uuid, if the user may see it."""
    return list_jobs(user).filter(uuid=uuid).first()


def list_named_jobs(user: User, uuids: Iterable[UUID]) -> QuerySet[Job]:
    """Return those of these jobs that the user may see."""
    return list_jobs(user).filter(uuid__in=list(uuids))


def list_kinds(user: User) -> list[str]:
    """Return the kinds among the jobs that the user may see, by code."""
    return list(Job.objects.visible_to(user).order_by("kind").values_list("kind", flat=True).distinct())


def find_file(user: User, uuid: UUID) -> StoredFile | None:
    """Return the stored file with this uuid, if the user may see it."""
    return StoredFile.objects.visible_to(user).filter(uuid=uuid).first()


def find_result_file(user: User, job: Job) -> StoredFile | None:
    """Return the file that a job made, if the user may see it."""
    uuid = job.result.get("file")
    return find_file(user, uuid) if uuid else None
