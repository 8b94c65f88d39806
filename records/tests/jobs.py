"""Jobs for the tests, and what became of them."""

from __future__ import annotations

from typing import Any

from records.models import Job
from records.services.jobs import start_job
from tests.cast import ECONOMIST, get_user


def start(**values: Any) -> Job:
    given = {"kind": "export", "title": "Budget 2027", "task": "tests.job", "arguments": {"budget": "budget-2027"}}
    return start_job(**{**given, "by": get_user(ECONOMIST), **values})


def state_of(job: Job) -> tuple[str, int, str]:
    job.refresh_from_db()
    return job.status, job.progress, job.message
