"""Starting, cancelling and watching over jobs; `runs` is what a worker does with one.

The trick: the job's row is the truth, a message is only a call to look at it. So a message may be lost, come twice or
come late: the sweep calls again, and a worker that finds the job taken or finished lets it be.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from records.models import Job, StoredFile
from records.reasons import Reason
from records.services.files import remove_files
from records.services.runs import (
    KEY,
    MAX_ATTEMPTS,
    JobCancelled,
    JobError,
    NotToRun,
    Run,
    language_of,
    running,
    say_given_up,
)
from records.services.sending import send_task

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["JobCancelled", "JobError", "NotToRun", "Run", "cancel_job", "running", "start_job", "sweep_jobs"]

log = logging.getLogger(__name__)

# A waiting job is sent again after a while, since its message may be lost; what is left of old messages is void.
RESEND_SECONDS, EXPIRES_SECONDS = 15, 120
WAITING_HOURS = 24
FREE = f"SELECT pg_try_advisory_xact_lock({KEY})"


def start_job(*, kind: str, title: str, task: str, arguments: Mapping[str, object], by: User) -> Job:
    """Make a waiting job for the Celery task named `task`, which is sent the job's uuid after commit.

    `title` is what people see. With the broker away nothing fails: the sweep sends the job when it is back.
    """
    job = Job.objects.create(
        kind=kind, title=title[:200], task=task, arguments=arguments, started_by=by, sent_at=timezone.now()
    )
    transaction.on_commit(partial(_send, job.uuid, task), robust=True)
    return job


def cancel_job(job: Job, *, by: User) -> None:
    """A waiting job is cancelled at once, a running one at its next report, a finished one not at all."""
    waiting = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING)
    if not waiting.update(status=Job.Status.CANCELLED, finished_at=timezone.now(), cancelled_by=by):
        Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, cancelled_by=None).update(cancelled_by=by)


def sweep_jobs() -> None:
    """Free jobs whose worker is gone, and send waiting ones that nobody has taken."""
    for job in Job.objects.filter(status=Job.Status.RUNNING).select_related("started_by"):
        _free_when_orphaned(job)
    _give_up_waiting()
    for uuid, task in _claim_unsent():
        _send(uuid, task)


def remove_old_jobs() -> int:
    """Remove jobs that finished longer ago than the setting JOB_RETENTION_DAYS, and their files; return how many."""
    before = timezone.now() - timedelta(days=settings.JOB_RETENTION_DAYS)
    with transaction.atomic():
        jobs = list(Job.objects.filter(finished_at__lt=before).select_for_update())
        named = [job.result["file"] for job in jobs if job.result.get("file")]
        files = StoredFile.objects.filter(Q(about__in=[job.uuid for job in jobs]) | Q(uuid__in=named))
        remove_files(files, reason=Reason.REMOVE_FILES_OF_OLD_JOBS)
        Job.objects.filter(pk__in=[job.pk for job in jobs]).delete()
    return len(jobs)


def _send(uuid: UUID, task: str) -> None:
    if not send_task(task, str(uuid), expires=EXPIRES_SECONDS):
        Job.objects.filter(uuid=uuid, status=Job.Status.WAITING).update(sent_at=None)


def _claim_unsent() -> list[tuple[UUID, str]]:
    """Return the jobs to send now, oldest first, marked as sent; another sweep at this moment leaves them."""
    late = Q(sent_at=None) | Q(sent_at__lt=timezone.now() - timedelta(seconds=RESEND_SECONDS))
    with transaction.atomic():
        rows = (
            Job.objects.filter(late, status=Job.Status.WAITING)
            .order_by("created_at")
            .select_for_update(skip_locked=True)
        )
        unsent = list(rows.values_list("uuid", "task")[: settings.JOBS_AT_ONCE])
        Job.objects.filter(uuid__in=[uuid for uuid, _task in unsent]).update(sent_at=timezone.now())
    return unsent


def _free_when_orphaned(job: Job) -> None:
    """Whoever runs a job holds its lock; here it is held until the job is marked, so that nobody takes it meanwhile."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FREE, [str(job.uuid)])
            is_free = cursor.fetchone()[0]
        if is_free:
            with translation.override(language_of(job)):
                rows = Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempts=job.attempts)
                rows.update(**_after_orphaned(job))
            log.warning("The worker of job %s is gone after attempt %s.", job.uuid, job.attempts)


def _after_orphaned(job: Job) -> dict[str, object]:
    now = timezone.now()
    if job.cancelled_by_id is not None:
        return {"status": Job.Status.CANCELLED, "finished_at": now}
    if job.attempts >= MAX_ATTEMPTS:
        return {"status": Job.Status.FAILED, "finished_at": now, "message": say_given_up()}
    return {
        "status": Job.Status.WAITING,
        "sent_at": None,
        "progress": 0,
        "message": _("The worker stopped; the job is started again."),
    }


def _give_up_waiting() -> None:
    late = timezone.now() - timedelta(hours=WAITING_HOURS)
    for job in Job.objects.filter(status=Job.Status.WAITING, created_at__lt=late).select_related("started_by"):
        with translation.override(language_of(job)):
            message = _("No worker took the job within %(hours)s hours. Tell the administrator, then start it again.")
            said = message % {"hours": WAITING_HOURS}
        rows = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING)
        rows.update(status=Job.Status.FAILED, finished_at=timezone.now(), message=said)
