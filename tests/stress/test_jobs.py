"""Jobs under stress: workers killed with -9, the broker away; each job is done once, or given up with words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app

from budgets.models import CostLine
from budgets.services.lines import change_line
from objects.models import Product
from records.models import Job
from records.services.jobs import cancel_job, start_job
from records.services.runs import MAX_ATTEMPTS
from tests.cast import get_user
from tests.stress.test_stress import Broker, Workers, broker, site, started, wait_until_nothing_is_behind

pytestmark = pytest.mark.slow

__all__ = ["broker", "site"]
DONE_SECONDS, ANSWER_SECONDS, ROLL_UP_SECONDS = 120, 2, 3


class JobWorkers(Workers):
    """The site's worker, which also knows the tests' tasks."""

    options = ("-I", "tests.stress.tasks")


@pytest.fixture
def workers(committed: str, broker: Broker, tmp_path: Path) -> Iterator[JobWorkers]:
    with started(JobWorkers(committed, broker, tmp_path)) as running:
        yield running


def start_jobs(numbers: range, *, task: str = "stress.step") -> list[Job]:
    """A job for each number, which gives a product of its own the name of its mark."""
    by = get_user("ekonom")
    products = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    arguments = [{"mark": f"mark-{number}", "product": products[number]} for number in numbers]
    return [
        start_job(kind="calculation", title=str(given["mark"]), task=task, arguments=given, by=by)
        for given in arguments
    ]


def wait_for(jobs: list[Job], *statuses: str) -> None:
    started = time.monotonic()
    while True:
        found = Job.objects.filter(pk__in=[job.pk for job in jobs])
        if all(job.status in statuses for job in found):
            return
        waiting = [(job.title, job.status, job.attempts, job.progress, job.message) for job in found]
        assert time.monotonic() - started < DONE_SECONDS, waiting
        time.sleep(0.1)


def assert_done_with_their_marks(jobs: list[Job]) -> None:
    for job in Job.objects.filter(pk__in=[job.pk for job in jobs]):
        assert (job.status, job.progress, job.result) == ("done", 100, {"url": f"/{job.arguments['mark']}/"})
        assert 1 <= job.attempts <= MAX_ATTEMPTS
        assert Product.objects.get(pk=job.arguments["product"]).name == job.arguments["mark"]


def test_every_job_is_done_though_workers_are_killed_and_the_broker_is_away(
    committed: str, site: None, workers: JobWorkers, broker: Broker
) -> None:
    jobs = start_jobs(range(4))
    wait_for(jobs[:1], "running", "done")
    time.sleep(0.5)
    assert workers.kill_children() >= 2
    jobs += start_jobs(range(4, 6))
    time.sleep(2)
    workers.kill("worker")
    broker.stop()
    started = time.monotonic()
    jobs += start_jobs(range(6, 10))
    assert time.monotonic() - started < 4 * ANSWER_SECONDS
    workers.start("worker")
    broker.start()
    wait_for(jobs, "done", "failed")
    assert_done_with_their_marks(jobs)
    assert Job.objects.filter(attempts__gt=1).exists()


def test_job_that_ends_its_worker_each_time_is_given_up_with_words(
    committed: str, site: None, workers: JobWorkers
) -> None:
    (job,) = start_jobs(range(1), task="stress.hang")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        wait_for_progress(job, attempt)
        workers.kill_children()
    wait_for([job], "failed")
    job.refresh_from_db()
    assert job.message and job.finished_at
    (other,) = start_jobs(range(1, 2))
    wait_for([other], "done")


def wait_for_progress(job: Job, attempt: int) -> None:
    """Until a worker says that it runs the job for the given time."""
    started = time.monotonic()
    while not Job.objects.filter(pk=job.pk, status="running", attempts=attempt, progress=50).exists():
        assert time.monotonic() - started < DONE_SECONDS, Job.objects.values().get(pk=job.pk)
        time.sleep(0.05)


def test_edit_is_rolled_up_while_a_long_job_runs_and_others_wait(
    committed: str, site: None, workers: JobWorkers
) -> None:
    jobs = start_jobs(range(3), task="stress.hang")
    wait_for(jobs, "running", "waiting")
    by = get_user("ekonom")
    wait_for_first_progress(jobs)
    for line in CostLine.objects.filter(budget__slug="budget-2027", is_calculated=False).order_by("pk")[:3]:
        change_line(line, {"amount_2_ore": 4711}, by=by)
        assert wait_until_nothing_is_behind() < ROLL_UP_SECONDS
    assert Job.objects.filter(status="running").count() == 1
    for job in jobs:
        cancel_job(job, by=by)
    wait_for(jobs, "cancelled")


def wait_for_first_progress(jobs: list[Job]) -> None:
    """Until one of the jobs has told how far it is."""
    started = time.monotonic()
    while not Job.objects.filter(pk__in=[job.pk for job in jobs], progress=50).exists():
        assert time.monotonic() - started < DONE_SECONDS
        time.sleep(0.05)


def test_job_that_is_sent_many_times_runs_once(committed: str, site: None, workers: JobWorkers) -> None:
    (job,) = start_jobs(range(1))
    for _time in range(5):
        current_app.send_task("stress.step", args=[str(job.uuid)])
    wait_for([job], "done")
    time.sleep(1)
    job.refresh_from_db()
    assert job.attempts == 1
    assert_done_with_their_marks([job])


def test_running_job_stops_within_two_seconds_when_it_is_cancelled(
    committed: str, site: None, workers: JobWorkers
) -> None:
    (job,) = start_jobs(range(1), task="stress.hang")
    wait_for_progress(job, 1)
    started = time.monotonic()
    cancel_job(job, by=get_user("ekonom"))
    wait_for([job], "cancelled")
    assert time.monotonic() - started < ANSWER_SECONDS
