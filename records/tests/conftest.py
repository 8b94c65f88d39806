"""Sealed history, and a broker that keeps what it is sent."""

from __future__ import annotations

import pytest
from celery import Celery

from records.chain.events import list_event_tables
from records.chain.verification import verify_history
from records.tests.chain import drop_chain, seal, tamper


@pytest.fixture
def sealed(committed: str) -> str:
    """A copy of the demo with all its history sealed."""
    if verify_history().uncovered:
        seal()
    assert verify_history().uncovered == []
    return committed


@pytest.fixture
def old(committed: str) -> str:
    """A copy of the demo whose history is of long ago and sealed, so that it may be disposed of."""
    drop_chain(committed)
    tamper(
        committed,
        *(f"UPDATE {table} SET pgh_created_at = pgh_created_at - interval '20 years'" for table in list_event_tables()),
    )
    seal()
    assert verify_history().uncovered == []
    return committed


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """The name and arguments of each task that is sent; none reaches a broker."""
    tasks: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(Celery, "send_task", lambda _app, name, args, **_options: tasks.append((name, args)))
    return tasks
