"""Jobs and stored files, for those who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from records.models import Job, StoredFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import User

KINDS: Final[dict[str, Promise]] = {
    "export": pgettext_lazy("kind of job", "Export"),
    "import": pgettext_lazy("kind of job", "Import"),
    "workbook": pgettext_lazy("kind of job", "Workbook"),
    "document": pgettext_lazy("kind of job", "Document"),
    "billing": pgettext_lazy("kind of job", "Billing run"),
    "calculation": pgettext_lazy("kind of job", "Calculation"),
}


def list_jobs(user: User) -> QuerySet[Job]:
    """The jobs the user may see, newest first, with how long they have run."""
    taken = ExpressionWrapper(Coalesce(F("finished_at"), Now()) - F("started_at"), output_field=DurationField())
    rows = Job.objects.visible_to(user).select_related("started_by", "cancelled_by")
    found: QuerySet[Job] = rows.annotate(duration=taken).order_by("-created_at")
    return found


def find_job(user: User, uuid: UUID) -> Job | None:
    """The job with this uuid, if the user may see it."""
    return list_jobs(user).filter(uuid=uuid).first()


def list_named_jobs(user: User, uuids: Iterable[UUID]) -> QuerySet[Job]:
    """Those of these jobs that the user may see."""
    return list_jobs(user).filter(uuid__in=list(uuids))


def list_kinds(user: User) -> list[tuple[str, Any]]:
    """The kinds among the jobs that the user may see, with their names, for a filter."""
    codes = Job.objects.visible_to(user).order_by("kind").values_list("kind", flat=True).distinct()
    return [(code, name_of_kind(code)) for code in codes]


def name_of_kind(code: str) -> str | Promise:
    """What people call a kind of job."""
    return KINDS.get(code, code)


def find_file(user: User, uuid: UUID) -> StoredFile | None:
    """The stored file with this uuid, if the user may see it."""
    found: StoredFile | None = StoredFile.objects.visible_to(user).filter(uuid=uuid).first()
    return found


def find_result_file(user: User, job: Job) -> StoredFile | None:
    """The file that a job made, if the user may see it."""
    uuid = job.result.get("file")
    return find_file(user, uuid) if uuid else None
