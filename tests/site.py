"""The whole site on a database of its own: web server, worker and beat as in production, on the tests' broker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from itsam.platform.embedded import CHECKOUT
from tests import services

# Each test process has a broker database of its own: gw0, gw1 and so on, and one for a run alone.
BROKER_DATABASE = 1 + int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or 8)


@dataclass(frozen=True)
class Site:
    """A running site."""

    url: str
    database: str
    environment: dict[str, str]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process for as long as it is needed."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def start_site(database: str, folder: Path, *, workers: bool = True) -> Iterator[Site]:
    """The site at a free port; its logs are in `folder`."""
    port = free_port()
    variables = {
        **services.environment(database),
        "DJANGO_SETTINGS_MODULE": "itsam.settings",
        "BROKER_URL": services.url_of(services.SERVERS.broker_url, str(BROKER_DATABASE)),
        "ITSAM_DEMO": "1",
    }
    with ExitStack() as stack:
        web = ["gunicorn", "itsam.wsgi", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "4", "--timeout", "60"]
        stack.enter_context(running(web, variables, folder / "web.log"))
        if workers:
            _start_workers(stack, variables, folder)
        site = Site(f"http://127.0.0.1:{port}", database, variables)
        _wait_for(site.url, folder / "web.log")
        yield site


def _start_workers(stack: ExitStack, variables: dict[str, str], folder: Path) -> None:
    celery, quiet = ["celery", "-A", "itsam.celery"], ["--without-gossip", "--without-mingle"]
    worker = [*celery, "worker", "-P", "solo", "-n", f"tests-{os.getpid()}@%h", *quiet]
    beat = [*celery, "beat", "-s", str(folder / "beat"), "--pidfile", ""]
    stack.enter_context(running(worker, variables, folder / "worker.log"))
    stack.enter_context(running(beat, variables, folder / "beat.log"))


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + 120  # on a machine with much else to do
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/account/login/", timeout=30):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The site did not start:\n{log.read_text()[-3000:]}")
