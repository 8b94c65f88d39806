"""Who and what the tests of jobs need."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery
from django.test import Client

from accounts.models import User
from records.models import Job
from records.services.jobs import start_job


def economist() -> User:
    return find_user("ekonom")


def find_user(name: str) -> User:
    """A demo user."""
    found: User = User.objects.get(email=f"{name}@demo.example")
    return found


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(Celery, "send_task", lambda _app, name, args, **_options: found.append((name, args)))
    return found


def start(**values: Any) -> Job:
    given = {"kind": "export", "title": "Budget 2027", "task": "tests.job", "arguments": {"budget": "budget-2027"}}
    return start_job(**{**given, "by": economist(), **values})


def state_of(job: Job) -> tuple[str, int, str]:
    job.refresh_from_db()
    return job.status, job.progress, job.message


def client_of(name: str) -> Client:
    """A browser signed in as a demo user."""
    client = Client()
    client.force_login(find_user(name))
    return client
