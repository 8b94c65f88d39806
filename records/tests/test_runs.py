"""Jobs with transactions that commit, as a worker has them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from records.models import Job
from records.services.jobs import NotToRun, running, sweep_jobs
from records.services.runs import MAX_ATTEMPTS
from records.tests.jobs import start, state_of
from tests.cast import ECONOMIST, get_user


def test_progress_is_seen_while_the_tasks_own_transaction_is_open(committed: str) -> None:
    job = start()
    other = connections.create_connection("default")
    try:
        with running(job.uuid) as run, transaction.atomic():
            User.objects.filter(pk=job.started_by_id).update(name="Not yet committed")
            run.report(55, "Half")
            with other.cursor() as cursor:
                cursor.execute("SELECT progress, message FROM records_job WHERE uuid = %s", [job.uuid])
                assert cursor.fetchone() == (55, "Half")
            assert connection.in_atomic_block
    finally:
        other.close()
    assert state_of(job)[0] == "done"


def test_failed_transaction_is_undone_and_the_failure_told(committed: str) -> None:
    job = start()
    with running(job.uuid), transaction.atomic():
        User.objects.filter(pk=job.started_by_id).update(name="Undone")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
    assert state_of(job)[0] == "failed"
    assert get_user(ECONOMIST).name != "Undone"


def test_two_workers_do_not_run_the_same_job(committed: str, settings: Any) -> None:
    settings.JOBS_AT_ONCE = 2
    job = start()
    with running(job.uuid):
        sweep_jobs()
        assert state_of(job)[0] == "running"
        with pytest.raises(NotToRun), running(job.uuid):
            raise AssertionError("both ran")
    assert state_of(job)[0] == "done"
    assert job.attempts == 1


def test_job_beyond_those_that_may_run_at_once_waits_for_the_sweep(committed: str, sent: list[Any]) -> None:
    first, second = start(), start()
    with running(first.uuid):
        with pytest.raises(NotToRun), running(second.uuid):
            raise AssertionError("both ran")
        assert state_of(second)[0] == "waiting"
        sweep_jobs()
        assert sent[-1] == ("tests.job", [str(second.uuid)])
    with running(second.uuid):
        pass
    assert (state_of(first)[0], state_of(second)[0], second.attempts) == ("done", "done", 1)


def test_job_of_a_worker_that_is_gone_waits_again_and_is_given_up_at_last(committed: str, sent: list[Any]) -> None:
    job = start()
    Job.objects.filter(pk=job.pk).update(status="running", attempts=1)
    sweep_jobs()
    assert state_of(job)[0] == "waiting" and sent[-1] == ("tests.job", [str(job.uuid)])
    Job.objects.filter(pk=job.pk).update(status="running", attempts=MAX_ATTEMPTS)
    sweep_jobs()
    assert state_of(job)[0] == "failed" and job.message


def test_worker_that_was_given_up_does_not_write_over_the_next(committed: str) -> None:
    job = start()
    with running(job.uuid) as run:
        Job.objects.filter(pk=job.pk).update(attempts=2)
        run.report(90)
        raise AssertionError("it went on")
    assert state_of(job) == ("running", 0, "")
