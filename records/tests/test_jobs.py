"""Jobs: taken once, followed while they run, cancelled, failed with words, and tried again after their worker's death."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from records.models import Job
from records.services import jobs as service
from records.services.jobs import JobError, NotToRun, cancel_job, running, sweep_jobs
from records.services.runs import MAX_ATTEMPTS
from records.services.sending import end_pause
from records.tests.jobs import start, state_of
from tests.cast import ECONOMIST, get_user

pytestmark = pytest.mark.django_db


def test_job_is_sent_by_the_name_of_its_task_after_commit(
    sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = start()
        assert sent == []
    assert sent == [("tests.job", [str(job.uuid)])]
    assert state_of(job) == ("waiting", 0, "")


def test_job_that_ends_is_done_with_its_result() -> None:
    job = start()
    with running(str(job.uuid)) as run:
        assert run.arguments == {"budget": "budget-2027"}
        run.report(40, "Lines")
        assert state_of(job) == ("running", 40, "Lines")
        run.finish({"url": "/budgets/"})
        assert Job.objects.get(pk=job.pk).status == "running"
    assert state_of(job) == ("done", 100, "Lines")
    assert (job.result, job.attempts) == ({"url": "/budgets/"}, 1)
    assert job.finished_at is not None and job.started_at is not None


def test_reports_that_come_thick_are_not_all_written(django_assert_max_num_queries: Any) -> None:
    job = start()
    with running(job.uuid) as run, django_assert_max_num_queries(1):
        for percent in range(100):
            run.report(percent)
    assert state_of(job)[:2] == ("done", 100)


def test_finished_job_is_not_run_again() -> None:
    job = start()
    with running(job.uuid):
        pass
    with pytest.raises(NotToRun), running(job.uuid):
        raise AssertionError("it ran twice")


def test_error_is_told_in_the_starters_language_and_traced_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    by = get_user(ECONOMIST)
    User.objects.filter(pk=by.pk).update(language="en")
    job = start(by=User.objects.get(pk=by.pk))
    with caplog.at_level(logging.ERROR), running(job.uuid) as run:
        run.report(30)
        raise ZeroDivisionError("secret detail")
    status, progress, message = state_of(job)
    assert (status, progress) == ("failed", 30)
    assert "Something went wrong in the system" in message and str(job.uuid)[:8] in message
    assert "secret detail" not in message and "secret detail" in caplog.text


def test_error_with_words_for_people_is_shown_as_it_is() -> None:
    job = start()
    with running(job.uuid):
        raise JobError("Sheet Lines, row 7: write an amount in SEK.")
    assert state_of(job) == ("failed", 0, "Sheet Lines, row 7: write an amount in SEK.")


def test_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_report() -> None:
    by = get_user(ECONOMIST)
    waiting, busy = start(), start()
    cancel_job(waiting, by=by)
    assert state_of(waiting)[0] == "cancelled"
    with pytest.raises(NotToRun), running(waiting.uuid):
        raise AssertionError("it ran after all")
    with running(busy.uuid) as run:
        cancel_job(busy, by=by)
        assert state_of(busy)[0] == "running"
        run.report(10)
        raise AssertionError("it went on")
    assert state_of(busy)[0] == "cancelled"
    assert busy.cancelled_by == by


def test_job_that_is_done_is_not_cancelled() -> None:
    job = start()
    with running(job.uuid):
        pass
    cancel_job(job, by=get_user(ECONOMIST))
    assert state_of(job)[0] == "done"


def test_without_a_broker_nothing_fails_and_the_sweep_sends_the_job(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(Celery, "send_task", refuse)
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        job = start()
    assert "the sweep starts what is to be done" in caplog.text
    end_pause()
    sent: list[Any] = []
    monkeypatch.setattr(Celery, "send_task", lambda _app, name, args, **_options: sent.append((name, args)))
    sweep_jobs()
    sweep_jobs()
    assert sent == [("tests.job", [str(job.uuid)])]


def test_job_whose_message_was_lost_is_sent_again_after_a_while(sent: list[Any]) -> None:
    job = start()
    sweep_jobs()
    assert sent == []
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(seconds=service.RESEND_SECONDS + 1))
    sweep_jobs()
    assert sent == [("tests.job", [str(job.uuid)])]


def test_job_that_no_worker_takes_within_a_day_fails_with_words(sent: list[Any]) -> None:
    job = start()
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(hours=service.WAITING_HOURS + 1))
    sweep_jobs()
    assert state_of(job)[0] == "failed" and job.message
    assert sent == []


def test_job_that_ends_its_workers_is_given_up_with_words() -> None:
    job = start()
    Job.objects.filter(pk=job.pk).update(status="running", attempts=MAX_ATTEMPTS)
    with pytest.raises(NotToRun), running(job.uuid):
        raise AssertionError("it was tried once more")
    assert state_of(job)[0] == "failed" and str(MAX_ATTEMPTS) in job.message
