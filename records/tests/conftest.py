"""Sealed history, and a broker that keeps what it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery

from records.chain.events import list_event_tables
from records.chain.verification import verify_history
from records.tests.chain import drop_chain, seal, tamper
from tests.copies import copy_of, template_of


def _seal_all(_name: str) -> None:
    if verify_history().uncovered:
        seal()
    assert verify_history().uncovered == []


def _make_old(name: str) -> None:
    drop_chain(name)
    tamper(
        name,
        *(f"UPDATE {table} SET pgh_created_at = pgh_created_at - interval '20 years'" for table in list_event_tables()),
    )
    seal()
    assert verify_history().uncovered == []


@pytest.fixture(scope="session")
def sealed_template(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), template_of("sealed", _seal_all) as name:
        yield name


@pytest.fixture(scope="session")
def old_template(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), template_of("old", _make_old) as name:
        yield name


@pytest.fixture
def sealed(sealed_template: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the demo with all its history sealed."""
    with django_db_blocker.unblock(), copy_of(sealed_template) as name:
        yield name


@pytest.fixture
def old(old_template: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the demo whose history is of long ago and sealed, so that it may be disposed of."""
    with django_db_blocker.unblock(), copy_of(old_template) as name:
        yield name


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """The name and arguments of each task that is sent; none reaches a broker."""
    tasks: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(Celery, "send_task", lambda _app, name, args, **_options: tasks.append((name, args)))
    return tasks
