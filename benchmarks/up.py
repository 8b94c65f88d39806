"""`make up` once cold and then warm, until its first page, and the memory of each process after some pages were read."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from benchmarks import servers
from benchmarks.measuring import Figure, Sizes
from itsam.platform.embedded import CHECKOUT, remove

FOLDER = servers.FOLDER / "up"
WARM_STARTS = 3
GIVE_UP_SECONDS = 180.0
READS = 40
KINDS = {"gunicorn": "site", "beat": "beat", "worker": "worker"}


def measure(sizes: Sizes) -> list[Figure]:
    """Seconds to the first page, and the largest process."""
    if FOLDER.exists():
        remove(FOLDER)
    with _site() as (_address, cold):
        pass
    times, sizes_found = [], {}
    for number in range(WARM_STARTS):
        with _site() as (address, seconds):
            times.append(seconds)
            if number == WARM_STARTS - 1:
                _read_pages(address)
                sizes_found = _weigh(os.getpid())
    remove(FOLDER)
    details = {"cold_s": round(cold, 2), "warm_s": [round(seconds, 2) for seconds in times]}
    return [
        Figure("Warm `make up` to the first page", sorted(times)[len(times) // 2], "s", 10, details),
        Figure("Largest process", max(sizes_found.values(), default=None), "MB", 250, dict(sizes_found)),
    ]


@contextmanager
def _site() -> Iterator[tuple[str, float]]:
    """A run of its own folder and port; its address and how long it took to the first page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {name: value for name, value in os.environ.items() if name not in servers.OUTSIDE}
    variables |= {"ITSAM_VAR": str(FOLDER), "PORT": str(port)}
    address, log = f"http://127.0.0.1:{port}/", servers.FOLDER / "log" / "up.log"
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "itsam.platform.up"], cwd=CHECKOUT, env=variables, stdout=output, stderr=output
        )
        try:
            _wait_for_page(address, process, log)
            yield address, time.perf_counter() - started
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _wait_for_page(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.perf_counter() + GIVE_UP_SECONDS
    while True:
        try:
            with build_opener().open(address, timeout=30) as page:
                page.read()
                return
        except (OSError, HTTPException) as error:
            if process.poll() is not None or time.perf_counter() > end:
                raise RuntimeError(f"The site gave no page ({error}):\n{log.read_text()[-2000:]}") from error
            time.sleep(0.02)


def _read_pages(address: str) -> None:
    """Signs in as the economist and reads every page that the first one links to, again and again."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    opener.addheaders = [("Referer", address)]
    with opener.open(address, timeout=30) as page:
        sign_in, form = page.url, page.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    password = (FOLDER / "demo_password").read_text().strip()
    values = {"login": "ekonom@demo.example", "password": password, "csrfmiddlewaretoken": token[1] if token else ""}
    with opener.open(sign_in, urlencode(values).encode()) as answer:
        first = answer.read().decode()
    links = sorted(set(re.findall(r'href="/((?:budgets|loans|objects)[^"?#]*)"', first)))
    for number in range(READS):
        _read(opener, f"{address}{links[number % len(links)] if links else ''}")
    time.sleep(4)  # beat has sent, and a worker's process has run, a sweep


def _read(opener: OpenerDirector, address: str) -> str:
    with opener.open(address, timeout=30) as page:
        text: str = page.read().decode(errors="replace")  # a workbook too is read
    return text


def _weigh(ancestor: int) -> dict[str, float]:
    """RSS in MB of every Python process of the site below `ancestor`, shared pages counted in each: the stricter size."""
    found: dict[str, float] = {}
    for pid in _find_descendants(ancestor):
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        kind = next((name for word, name in KINDS.items() if f" {word} " in line or f"[{name}" in line), None)
        if kind:
            number = sum(name.startswith(kind) for name in found) + 1
            found[f"{kind}_{number}_mb"] = _read_rss(pid)
    return found


def _find_descendants(ancestor: int) -> list[int]:
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    below, found = [ancestor], []
    while below:
        parent = below.pop()
        children = [pid for pid, its_parent in parents.items() if its_parent == parent]
        found += children
        below += children
    return found


def _read_rss(pid: int) -> float:
    match = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return round(int(match[1]) / 1024, 1) if match else 0.0
