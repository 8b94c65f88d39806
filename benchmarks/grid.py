"""The grid at 500 lines: the server's time for a save of one cell, and in headless Chromium what a person waits for."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from benchmarks import lines, servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of
from budgets.models import CostLine
from itsam.platform.embedded import CHECKOUT

LINES, SAVES, KEYSTROKES, SINGLE, PASTES, LOADS = 500, 40, 20, 10, 5, 5
CELLS = 1_500
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAMES = {
    "save": ("Grid, server's time for one cell", 40),
    "key": (f"Grid, keystroke to totals at {LINES} lines, p95", 100),
    "paste": (f"Grid, paste of {CELLS:,} cells", 300),
    "usable": (f"Grid, first usable at {LINES} lines", 1_500),
}
# From the key until the sums in the table have changed and been drawn.
KEY = """([input, text]) => new Promise(done => {
    const input_ = document.querySelectorAll("tr.line input[name$=':amount_1_ore']")[input];
    input_.focus();
    const total = document.querySelector("#lines tfoot td.now");
    const started = performance.now(), before = total.textContent;
    input_.value = text;
    input_.dispatchEvent(new InputEvent("input", {bubbles: true}));
    const ended = () => total.textContent === before ? requestAnimationFrame(ended) : done(performance.now() - started);
    requestAnimationFrame(ended);
})"""
PASTE = """text => new Promise(done => {
    const input = document.querySelector("tr.line input[name$=':amount_1_ore']");
    input.focus();
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const state = document.querySelector("[data-grid-state]");
    const started = performance.now();
    let busy = false;
    const look = () => {
        const words = state.textContent;
        busy ||= !/Sparat|Saved/.test(words);
        if (busy && /Sparat|Saved/.test(words)) return done(performance.now() - started);
        return setTimeout(look, 1);
    };
    input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
    look();
})"""


def measure(sizes: Sizes) -> list[Figure]:
    """The four figures; without Chromium those of the browser have none."""
    database = lines.make_database(LINES * 2, per_sub_budget=LINES)
    servers.manage(database, "collectstatic", "--noinput", "--verbosity", "0")
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email="ekonom@demo.example"), BACKEND)
    figures = [_measure_saves(client)]
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        reason = "no Chromium was found"
        return figures + [
            Figure(NAMES[key][0], None, "ms", NAMES[key][1], reason=reason) for key in ("key", "paste", "usable")
        ]
    return figures + _measure_browser(database, chromium)


def _figure(key: str, times: list[float], value: float) -> Figure:
    name, bound = NAMES[key]
    values = {"median": median(times), "p95": percentile_95(times), "largest": max(times)}
    details = {"times": len(times), **in_ms(values)}
    return Figure(name, value * 1000, "ms", bound, details)


def _measure_saves(client: Client) -> Figure:
    address = reverse("budgets:grid", args=[lines.SLUG, "sub-budget-1"])
    rows = CostLine.objects.filter(budget__slug=lines.SLUG, budget_product__sub_budget__slug="sub-budget-1")
    chosen = list(rows.exclude(cost_kind="use_of_equity")[: SAVES + 5])

    def save(line: CostLine, amount: int) -> None:
        changed = {
            "line": str(line.lineage),
            "seen": line.edited_at.isoformat(),
            "cells": {"amount_2_ore": str(amount)},
        }
        body = json.dumps({"action": "cells", "changed": [changed]})
        answer = client.post(address, body, content_type="application/json", HTTP_X_GRID="1")
        if answer.status_code != 200 or len(answer.json()["lines"]) != 1:
            raise AssertionError(f"{address} answered {answer.status_code}: {answer.content[:300]!r}")

    times = [seconds_of(lambda line=line, at=at: save(line, at)) for at, line in enumerate(chosen, 5_000_000)][5:]  # type: ignore[misc]
    return _figure("save", times, percentile_95(times))


@contextmanager
def _site(database: str) -> Iterator[str]:
    """The web server of `make up`, on a free port."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "itsam.wsgi", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "4"]
    with (servers.FOLDER / "log" / "web.log").open("wb") as output:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=servers.environment(database), stdout=output, stderr=output
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{address}/account/login/", timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _measure_browser(database: str, chromium: str) -> list[Figure]:
    # Its loop makes Django take this thread for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only here, where a browser is there

    with _site(database) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            return _drive(browser.new_page(viewport={"width": 1280, "height": 900}), address)
        finally:
            browser.close()
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _drive(page: Any, address: str) -> list[Figure]:
    page.goto(f"{address}/account/login/")
    page.locator("input[name=login]").fill("ekonom@demo.example")
    page.locator("input[name=password]").fill(servers.PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/account/login" not in url)
    address += reverse("budgets:sub_budget", args=[lines.SLUG, "sub-budget-1"])
    usable = [_open(page, address) for _load in range(LOADS + 1)][1:]
    keys = [page.evaluate(KEY, [0, str(1000 * n)]) / 1000 for n in range(1, KEYSTROKES + 1)]
    page.keyboard.press("Escape")
    # As in real life: the server has saved single cells before it gets a block, which its prepared plans remember.
    for n in range(SINGLE):
        _paste(page, n, rows=1)
    pastes = [_paste(page, n) for n in range(PASTES + 1)][1:]
    return [
        _figure("key", keys, percentile_95(keys)),
        _figure("paste", pastes, median(pastes)),
        _figure("usable", usable, median(usable)),
    ]


def _open(page: Any, address: str) -> float:
    """Until the first cell takes the focus by script."""
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator('tr.line input[tabindex="0"], .twist[tabindex="0"]').first.wait_for()
    page.locator("tr.line input[name$=':amount_1_ore']").first.focus()
    return time.perf_counter() - started


def _paste(page: Any, number: int, *, rows: int = CELLS // 3) -> float:
    text = "\n".join("\t".join(f"{-(row + column + number)} kr" for column in range(3)) for row in range(rows))
    milliseconds: float = page.evaluate(PASTE, text)
    page.wait_for_timeout(300)
    return milliseconds / 1000
