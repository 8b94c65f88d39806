"""Faults that are nobody's mistake in the code are told apart, and what met another change is tried once more."""

from __future__ import annotations

import errno
from types import SimpleNamespace

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.test import RequestFactory
from psycopg import errors

from web.errors import server_error
from web.faults import retried


def caused(cause: Exception) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("cause", [errors.DeadlockDetected(), errors.LockNotAvailable()])
def test_what_met_another_change_is_tried_once_more_and_no_more(
    cause: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.faults.connection", SimpleNamespace(in_atomic_block=False))
    calls: list[int] = []

    @retried
    def save(times: int) -> str:
        calls.append(times)
        if len(calls) <= times:
            raise caused(cause)
        return "saved"

    assert save(1) == "saved"
    calls.clear()
    with pytest.raises(OperationalError):
        save(2)
    assert len(calls) == 2


@pytest.mark.parametrize("error", [IntegrityError("x"), caused(errors.QueryCanceled()), OperationalError("away")])
def test_nothing_else_is_tried_again(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.faults.connection", SimpleNamespace(in_atomic_block=False))
    calls: list[int] = []

    @retried
    def save() -> None:
        calls.append(1)
        raise error

    with pytest.raises(type(error)):
        save()
    assert calls == [1]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (DataError("integer out of range"), 400, "gick inte att läsa"),
        (OverflowError("date value out of range"), 400, "gick inte att läsa"),
        (RecursionError("maximum recursion depth exceeded"), 400, "gick inte att läsa"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "plats"),
        (caused(errors.LockNotAvailable()), 503, "Någon annan sparar"),
        (caused(errors.DeadlockDetected()), 503, "Någon annan sparar"),
        (caused(errors.QueryCanceled()), 503, "Någon annan sparar"),
        (OperationalError("connection refused"), 503, "inte att nå"),
        (OSError(errno.EACCES, "Permission denied"), 500, ""),
    ],
)
def test_each_fault_has_words_of_its_own(error: Exception, status: int, words: str) -> None:
    try:
        raise error
    except type(error):
        answer = server_error(RequestFactory().post("/", {"text": "Mina ord"}))
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "Mina ord" in answer.content.decode()
