"""Inside a worker: one job taken, run and ended.

The trick: the run has a connection of its own. On it every report is committed at once, also while the task's own
transaction is open, and on it lies an advisory lock for as long as the process lives, which PostgreSQL releases the
moment a worker is killed. So a lock that is free says that nobody runs the job, without clocks or signs of life.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from celery.exceptions import Ignore
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.utils import translation
from django.utils.translation import gettext as _

from records.models import Job
from web.generics import SqlRow

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
REPORT_SECONDS = 0.5
# A machine that vanishes with its worker is noticed after a minute.
KEEPALIVE = """SELECT set_config('tcp_keepalives_idle', '30', false),
    set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '3', false)"""
KEY = "hashtextextended('records.job ' || %s, 0)"
LOCK, UNLOCK = f"SELECT pg_try_advisory_lock({KEY})", f"SELECT pg_advisory_unlock({KEY})"
POSTPONE = "UPDATE records_job SET sent_at = NULL WHERE uuid = %s AND status = 'waiting' RETURNING true"
TAKE = """
    UPDATE records_job SET status = 'running', attempts = attempts + 1, started_at = now(), progress = 0, message = ''
    WHERE uuid = %s AND status IN ('waiting', 'running') RETURNING attempts, cancelled_by_id IS NOT NULL"""
# The number of the attempt keeps a worker that was given up from writing over the one that followed it.
REPORT = """
    UPDATE records_job SET progress = %(progress)s, message = %(message)s
    WHERE uuid = %(uuid)s AND status = 'running' AND attempts = %(attempt)s RETURNING cancelled_by_id IS NOT NULL"""
END = """
    UPDATE records_job SET status = %(status)s, message = %(message)s, result = %(result)s, finished_at = now(),
        progress = CASE WHEN %(status)s = 'done' THEN 100 ELSE progress END
    WHERE uuid = %(uuid)s AND status = 'running' AND attempts = %(attempt)s RETURNING true"""


class JobCancelled(Exception):
    """Somebody cancelled the job, or another worker has taken it over; let it through."""


class JobError(Exception):
    """The job can't be done; the message tells the person who started it why, and what to do."""


class NotToRun(Ignore):
    """The job is finished, runs elsewhere or is gone; Celery takes the message as done."""


class Run:
    """A job that runs here, for its task."""

    def __init__(self, job: Job, attempt: int, database: BaseDatabaseWrapper) -> None:
        self.job, self.attempt, self.database = job, attempt, database
        self.arguments: dict[str, Any] = job.arguments
        self.result: dict[str, object] = {}
        self.message = ""
        self.reported_at = 0.0

    def report(self, percent: float, message: str = "") -> None:
        """Show how far the job is, at most twice a second. Raise JobCancelled when it is not wanted any more."""
        self.message = message or self.message
        if time.monotonic() - self.reported_at < REPORT_SECONDS:
            return
        self.reported_at = time.monotonic()
        answer = self._write(REPORT, progress=max(0, min(100, int(percent))), message=self.message)
        if answer is None or answer[0]:
            raise JobCancelled

    def finish(self, result: Mapping[str, object]) -> None:
        """Keep what came of it: {"file": uuid} or {"url": address}. It is shown when the task has ended."""
        self.result = {name: str(value) if isinstance(value, UUID) else value for name, value in result.items()}

    def end(self, status: Job.Status, message: str = "") -> None:
        """Store the end, unless another worker has taken the job over."""
        values = {"status": status.value, "message": message, "result": json.dumps(self.result)}
        try:
            ended = self._write(END, **values)
        except OperationalError:  # the database was started anew meanwhile
            self.database.close()
            ended = self._write(END, **values)
        if ended is None:
            log.warning("Job %s was taken over; attempt %s ends unheard.", self.job.uuid, self.attempt)

    def _write(self, statement: str, **values: str | int) -> SqlRow | None:
        own: dict[str, str | int] = {"uuid": str(self.job.uuid), "attempt": self.attempt}
        return _fetch(self.database, statement, {**own, **values})


@contextmanager
def running(job_uuid: str | UUID) -> Iterator[Run]:
    """Run the job in a task's `with` block, in the language of its starter; the block may open transactions.

    A block that ends makes the job done, JobCancelled cancelled, any other exception failed. After a kill it is run
    again from its beginning, so what it does must be right when done twice. Raise NotToRun when there is nothing to do.
    """
    with _own_connection() as database, _slot(database, str(job_uuid)), _locked(database, str(job_uuid)):
        run = _take(database, str(job_uuid))
        with translation.override(language_of(run.job)):
            _refuse_hopeless(run)
            try:
                yield run
            except JobCancelled:
                run.end(Job.Status.CANCELLED)
            except JobError as error:
                run.end(Job.Status.FAILED, str(error))
            except Exception:
                log.exception("Job %s (%s) failed.", run.job.uuid, run.job.task)
                run.end(Job.Status.FAILED, _say_failed(run.job))
            else:
                run.end(Job.Status.DONE, run.message)


def language_of(job: Job) -> str:
    """Return the language of the person who started the job."""
    return job.started_by.language if job.started_by else translation.get_language() or "sv"


def say_given_up() -> str:
    """Return why a job that ended its workers is not tried again."""
    return _(
        "The job was started %(count)s times, and each time its worker stopped. It is not tried again. "
        "Tell the administrator, who finds the reason in the worker's log."
    ) % {"count": MAX_ATTEMPTS}


def _say_failed(job: Job) -> str:
    return _(
        "Something went wrong in the system; it is not your fault. Start the job again. "
        "If it fails again, give the administrator this number: %(number)s."
    ) % {"number": str(job.uuid)[:8]}


@contextmanager
def _own_connection() -> Iterator[BaseDatabaseWrapper]:
    """Within a transaction, where a new connection would not see the job, the one at hand."""
    if connection.in_atomic_block:
        yield connection
        return
    database = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        _fetch(database, KEEPALIVE)
        yield database
    finally:
        database.close()


@contextmanager
def _slot(database: BaseDatabaseWrapper, key: str) -> Iterator[None]:
    """One of the places of jobs that run at once; when all are taken, the job waits for the sweep to send it again."""
    places = [f"place {number}" for number in range(settings.JOBS_AT_ONCE)]
    place = next((place for place in places if _is_got(database, place)), None)
    if place is None:
        _fetch(database, POSTPONE, [key])
        raise NotToRun(f"Job {key} waits for others to end.")
    try:
        yield
    finally:
        _fetch(database, UNLOCK, [place])


@contextmanager
def _locked(database: BaseDatabaseWrapper, key: str) -> Iterator[None]:
    if not _is_got(database, key):
        raise NotToRun(f"Job {key} runs elsewhere.")
    try:
        yield
    finally:
        _fetch(database, UNLOCK, [key])


def _is_got(database: BaseDatabaseWrapper, key: str) -> bool:
    got = _fetch(database, LOCK, [key])
    return got is not None and bool(got[0])


def _take(database: BaseDatabaseWrapper, key: str) -> Run:
    taken = _fetch(database, TAKE, [key])
    if taken is None:
        raise NotToRun(f"Job {key} is finished or gone.")
    return Run(Job.objects.select_related("started_by").get(uuid=key), taken[0], database)


def _refuse_hopeless(run: Run) -> None:
    if run.job.cancelled_by_id is not None:
        run.end(Job.Status.CANCELLED)
        raise NotToRun(f"Job {run.job.uuid} was cancelled.")
    if run.attempt > MAX_ATTEMPTS:
        run.end(Job.Status.FAILED, say_given_up())
        raise NotToRun(f"Job {run.job.uuid} ended its workers {MAX_ATTEMPTS} times.")


def _fetch(
    database: BaseDatabaseWrapper, statement: str, values: Mapping[str, str | int] | list[str] | None = None
) -> SqlRow | None:
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        row: SqlRow | None = cursor.fetchone()
    return row
