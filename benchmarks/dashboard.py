"""The server's time for the board's dashboard of the demo: its charts drawn before, and a process's first drawing."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from django.test import Client
from django.urls import reverse

from accounts.models import User
from benchmarks import servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of
from web import charts

REQUESTS = 30
REDRAWN = 5
BUDGET = "budget-2027"
NAME, DRAWN_NAME = "Dashboard of the demo", "Dashboard of the demo, every chart drawn anew"
CHARTS = 7


def measure(sizes: Sizes) -> list[Figure]:
    """The median of the requests, and of those after which no drawing was kept."""
    database = servers.with_demo()
    servers.use(database)
    servers.manage(database, "collectstatic", "--noinput", "--verbosity", "0")
    servers.as_admin(database, "VACUUM ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.get(email="direktion@demo.example"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    address = reverse("reports:dashboard", args=[BUDGET])
    before = _resident()
    first = seconds_of(lambda: client.get(address))
    response = client.get(address)
    drawn = response.content.decode().count("data-chart=")
    if response.status_code != 200 or drawn != CHARTS:
        return [Figure(NAME, None, "ms", 200, reason=f"status {response.status_code}, {drawn} charts on the page")]
    times = [seconds_of(lambda: client.get(address)) for _request in range(REQUESTS)]
    anew = [_draw_anew(client, address) for _request in range(REDRAWN)]
    details = {
        "requests": REQUESTS,
        "kilobytes": len(response.content) // 1024,
        **in_ms({"p95": percentile_95(times), "first": first}),
        "resident_mb_before": before,
        "resident_mb_after": _resident(),
    }
    return [
        Figure(NAME, median(times) * 1000, "ms", 200, details),
        Figure(DRAWN_NAME, median(anew) * 1000, "ms", 1500, {"requests": REDRAWN}),
    ]


def _draw_anew(client: Client, address: str) -> float:
    charts.forget_drawings()
    return seconds_of(lambda: client.get(address))


def _resident() -> int:
    """This process's resident memory in MB."""
    found = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:")]
    return int(found[0].split()[1]) // 1024 if found else 0
