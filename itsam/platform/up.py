"""``make up``: servers, migrations, demo, then the site, a worker and beat under one roof until Ctrl-C.

The trick: every child has a session of its own, so Ctrl-C reaches only this process, which ends them in order; and
the kernel ends them (PR_SET_PDEATHSIG) should this process be killed. A child that dies is started again; one that
keeps dying ends the run with its log.
"""

import contextlib
import ctypes
import fcntl
import functools
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from itsam.platform.embedded import CHECKOUT, EmbeddedError, Run, environment, var_folder
from itsam.platform.embedded_home import give_to_owner, is_port_free, keep_secret, make_folder, open_lock, tail

DEATHS, WITHIN_SECONDS = 3, 30.0
STOP_LADDER = ((signal.SIGTERM, 5.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0))
CHILD_KILOBYTES = 200_000  # a worker process above this is replaced after its task
PR_SET_PDEATHSIG = 1

_signals: list[int] = []


class UpError(Exception):
    """The run cannot start or go on; the message says why."""


class Child:
    """A process that is started again when it dies, with back-off."""

    def __init__(self, name: str, command: Sequence[str], variables: Mapping[str, str], log: Path) -> None:
        self.name, self.command, self.variables, self.log = name, command, variables, log
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths: deque[float] = deque(maxlen=DEATHS)
        self.start_at = 0.0

    def watch(self) -> None:
        """Start it when it is time. UpError when it died too often."""
        if self.process and self.process.poll() is not None:
            self._note_death(self.process.returncode)
        if self.process is None and time.monotonic() >= self.start_at:
            if self.log.exists() and self.log.stat().st_size > 10_000_000:
                self.log.replace(self.log.with_suffix(".log.1"))
            with self.log.open("ab") as output:
                self.process = _spawn(self.command, self.variables, output, subprocess.STDOUT)
            give_to_owner(self.log)

    def signal(self, number: int) -> None:
        """Send it to the process; SIGKILL goes to its whole group, for what it may have left."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if number == signal.SIGKILL else os.kill)(self.process.pid, number)

    def has_ended(self) -> bool:
        """Say whether nothing runs."""
        return self.process is None or self.process.poll() is not None

    def _note_death(self, code: int) -> None:
        now = time.monotonic()
        self.signal(signal.SIGKILL)
        self.process = None
        self.deaths.append(now)
        if len(self.deaths) == DEATHS and now - self.deaths[0] <= WITHIN_SECONDS:
            raise UpError(
                f"{self.name} died {DEATHS} times (code {code}). Its log {self.log} ends:\n{tail(self.log, 30)}"
            )
        _say(f"{self.name} ended with code {code} and is started again; its log is {self.log}")
        self.start_at = now + 0.5 * 2 ** len([moment for moment in self.deaths if now - moment <= WITHIN_SECONDS])


def main() -> None:
    """Run until a signal; exit with 1 and a message when it cannot."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _note_signal)
    try:
        port = _read_port()
        with _lock(port), environment() as run:
            _serve(run, port)
    except (UpError, EmbeddedError) as error:
        sys.exit(f"make up: {error}")


def _serve(run: Run, port: int) -> None:
    address = f"http://127.0.0.1:{port}/"
    variables = dict(os.environ) | {"ITSAM_DEMO": os.environ.get("ITSAM_DEMO", "1"), "PYTHONUNBUFFERED": "1"}
    sign_ins = _prepare(run, variables)
    variables.pop("DATABASE_OWNER_URL", None)
    children = _make_children(run.folder, port, variables)
    try:
        _watch_until(children, run, port)
        if not _signals:
            _say(f"\nThe budget is at {address}\n{sign_ins}\nCtrl-C stops it. Logs: {run.folder / 'log'}")
        _watch_until(children, run, None)
    finally:
        _stop(children)


def _prepare(run: Run, variables: dict[str, str]) -> str:
    """Migrate as the owner, collect static files when they changed, load the demo; return its sign-ins."""
    started = time.monotonic()
    owner = variables | {"ITSAM_DATABASE_ROLE": "owner"}
    site = {name: value for name, value in variables.items() if name != "DATABASE_OWNER_URL"}
    stamp, wanted = run.folder / "static.stamp", _sum_static_files()
    _manage(owner, "migrate", "--noinput", "--verbosity", "0")
    if not (stamp.exists() and stamp.read_text() == wanted and Path(variables["STATIC_ROOT"]).exists()):
        _manage(site, "collectstatic", "--noinput", "--verbosity", "0")
        stamp.write_text("" if _signals else wanted)
        give_to_owner(stamp)
    if variables["ITSAM_DEMO"] != "1" or _signals:
        return ""
    password_file = run.folder / "demo_password"
    password = keep_secret(password_file, secrets.token_urlsafe(12))
    sign_ins = _manage(site, "load_demo", "--if-empty", "--password-file", str(password_file))
    _say(f"Ready in {time.monotonic() - started:.1f} s, starting the site")
    return f"\nDemo, for this machine only. Password for all of them: {password}\n{sign_ins}"


def _make_children(folder: Path, port: int, variables: Mapping[str, str]) -> list[Child]:
    """Return the site, one worker of two processes, and beat."""
    node = f"itsam-{hashlib.sha256(bytes(CHECKOUT)).hexdigest()[:8]}@%h"
    celery = [sys.executable, "-m", "celery", "-A", "itsam.celery"]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    commands = {
        "web": [sys.executable, "-m", "gunicorn", "itsam.wsgi", "--bind", f"127.0.0.1:{port}", "--preload"]
        + [
            "--worker-class",
            "itsam.platform.live_worker.LiveWorker",
            "--workers",
            "2",
            "--threads",
            "4",
            "--timeout",
            "60",
            "--graceful-timeout",
            "4",
            "--no-control-socket",
        ]
        + ["--max-requests", "5000", "--max-requests-jitter", "500"],
        "worker": [*celery, "worker", "-c", "2", "-n", node, "--max-memory-per-child", str(CHILD_KILOBYTES), *quiet],
        "beat": [*celery, "beat", "-s", str(folder / "beat-schedule"), "--pidfile=", "--loglevel", "INFO"],
    }
    return [Child(name, command, variables, folder / "log" / f"{name}.log") for name, command in commands.items()]


def _watch_until(children: Sequence[Child], run: Run, port: int | None) -> None:
    """Keep children and servers alive until the port answers, or without a port until a signal."""
    next_look, give_up = 0.0, time.monotonic() + 60
    while not _signals:
        for child in children:
            child.watch()
        if time.monotonic() >= next_look:
            for name in run.revive():
                _say(f"{name} had died and was started again; its log is {run.folder / 'log'}/{name}.log")
            next_look = time.monotonic() + 1
        if port and _answers(port):
            return
        if port and time.monotonic() > give_up:
            raise UpError(f"The site does not answer. Its log {children[0].log} ends:\n{tail(children[0].log, 30)}")
        time.sleep(0.1)


def _stop(children: Sequence[Child]) -> None:
    """Stop all at once, first asking, then insisting."""
    for number, seconds in STOP_LADDER:
        for child in children:
            if not child.has_ended() or number == signal.SIGKILL:
                child.signal(number)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not all(child.has_ended() for child in children):
            time.sleep(0.05)


def _manage(variables: Mapping[str, str], command: str, *arguments: str) -> str:
    """Return the output of a command, ended by a signal to us. UpError with the end of its log when it failed."""
    log = var_folder() / "log" / f"{command}.log"
    with log.open("wb") as errors:
        give_to_owner(log)
        job = _spawn([sys.executable, "manage.py", command, *arguments], variables, subprocess.PIPE, errors)
        while True:
            try:
                output = job.communicate(timeout=0.2)[0].decode(errors="replace").strip()
                break
            except subprocess.TimeoutExpired:
                if _signals:
                    job.terminate()
    if job.returncode and not _signals:
        raise UpError(f"manage.py {command} failed. Its log {log} ends:\n{tail(log)}\n{output}")
    return output


def _spawn(
    command: Sequence[str], variables: Mapping[str, str], output: IO[bytes] | int, errors: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
        preexec_fn=functools.partial(_die_with, os.getpid()) if sys.platform == "linux" else None,
    )


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with(parent: int) -> None:
    """In the child: the kernel sends it SIGTERM when the parent ends in whatever way."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def _read_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise UpError(f"PORT is {text!r}; it must be a number between 1 and 65535.")
    return int(text)


def _lock(port: int) -> IO[str]:
    """Allow one run per folder. UpError when there is one already, or when the port is taken."""
    folder = var_folder()
    make_folder(folder)
    file = open_lock(folder, "up.lock")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UpError(f"it runs here already, {(folder / 'up.lock').read_text()}. Nothing was started.") from None
    if not is_port_free(port):
        raise UpError(f"port {port} is taken by another program. Choose another one: PORT={port + 1} make up")
    file.truncate(0)
    file.write(f"at http://127.0.0.1:{port}/ (process {os.getpid()})")
    file.flush()
    return file


def _sum_static_files() -> str:
    """Changes when a static file or an installed package does."""
    summed = hashlib.sha256((CHECKOUT / "requirements.txt").read_bytes())
    folders = [*CHECKOUT.glob("static"), *CHECKOUT.glob("[a-z]*/static"), *CHECKOUT.glob("[a-z]*/[a-z]*/static")]
    for path in sorted(path for folder in folders if "var" not in folder.parts for path in folder.rglob("*")):
        status = path.stat()
        summed.update(f"{path}:{status.st_size}:{status.st_mtime_ns};".encode())
    return summed.hexdigest()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _note_signal(number: int, frame: FrameType | None) -> None:
    if not _signals:
        _say("\nStopping")
    _signals.append(number)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
