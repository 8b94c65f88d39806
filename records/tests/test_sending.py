"""No save waits for a broker that does not answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from records.services import sending
from records.services.sending import send_task


@pytest.fixture
def hung() -> Iterator[int]:
    """The port of a broker that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]


def test_a_hung_broker_is_waited_for_once_and_then_left_alone(hung: int, monkeypatch: pytest.MonkeyPatch) -> None:
    app = Celery("hung", broker=f"redis://127.0.0.1:{hung}/0", set_as_current=False)
    app.conf.broker_transport_options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.3, "max_retries": 0}
    monkeypatch.setattr(sending, "current_app", app)
    started = time.monotonic()
    sent = [send_task("forecasts.roll_up", 1, expires=60) for _save in range(10)]
    assert sent == [False] * 10
    assert time.monotonic() - started < 3


def test_the_broker_is_asked_again_after_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def away(_app: Celery, name: str, **_options: object) -> None:
        asked.append(name)
        raise OperationalError

    monkeypatch.setattr(Celery, "send_task", away)
    now = time.monotonic()
    for seconds in (0, 1, sending.PAUSE_SECONDS - 1, sending.PAUSE_SECONDS + 1):
        monkeypatch.setattr("records.services.sending.time.monotonic", lambda seconds=seconds: now + seconds)
        send_task("a", expires=60)
    assert asked == ["a", "a"]
