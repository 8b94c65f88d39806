"""The site says that it lives though every one of its threads waits."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from itsam.platform.embedded import CHECKOUT
from tests.site import free_port

WORKER = "itsam.platform.live_worker.LiveWorker"


@pytest.fixture
def port() -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "itsam.tests.blocked_site", "--worker-class", WORKER]
    command += ["--threads", "2", "--workers", "1", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    process = subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < end, "gunicorn did not start"
        time.sleep(0.05)


def ask(port: int, text: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=5)
    client.sendall(text)
    return client


def test_liveness_is_answered_while_every_thread_waits(port: int) -> None:
    with ExitStack() as waiting:
        for _request in range(6):
            waiting.enter_context(ask(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        for _connection in range(6):
            waiting.enter_context(ask(port, b""))  # one that sends nothing holds no thread either
        time.sleep(0.3)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=3) as answer:
            assert answer.read() == b"ok"
