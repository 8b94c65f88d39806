"""The server's time for the board's dashboard of the demo, and what of it goes to drawing all its charts anew."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from django.urls import reverse

from accounts.models import User
from benchmarks import servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of
from benchmarks.pages import sign_in
from budgets.models import Budget
from budgets.selectors.budgets import find_earlier
from reports.dashboard.charts import Pen
from reports.dashboard.selectors import load_dashboard

REQUESTS = 30
REDRAWN = 30
BUDGET = "budget-2027"
NAME, DRAWN_NAME = "Dashboard of the demo", "Dashboard of the demo, all charts drawn anew"
CHARTS = 8


def measure(sizes: Sizes) -> list[Figure]:
    """The median of the requests, and of the drawings alone."""
    database = servers.with_demo()
    servers.use(database)
    servers.manage(database, "collectstatic", "--noinput", "--verbosity", "0")
    servers.as_admin(database, "VACUUM ANALYZE")
    client, user = sign_in("direktion"), User.objects.get(email="direktion@demo.example")
    address = reverse("reports:dashboard", args=[BUDGET])
    before = _resident()
    first = seconds_of(lambda: client.get(address))
    response = client.get(address)
    shown = response.content.decode().count("data-chart=")
    if response.status_code != 200 or shown != CHARTS:
        return [Figure(NAME, None, "ms", 200, reason=f"status {response.status_code}, {shown} charts on the page")]
    times = [seconds_of(lambda: client.get(address)) for _request in range(REQUESTS)]
    details = {
        "requests": REQUESTS,
        "kilobytes": len(response.content) // 1024,
        **in_ms({"p95": percentile_95(times), "first": first}),
        "resident_mb_before": before,
        "resident_mb_after": _resident(),
    }
    return [Figure(NAME, median(times) * 1000, "ms", 200, details), _measure_drawing(user)]


def _measure_drawing(user: User) -> Figure:
    """From the figures read to the sentences, tables and images of every chart at both widths; nothing is kept between."""
    budget = Budget.objects.get(slug=BUDGET)
    pen = Pen(budget, load_dashboard(budget, user, find_earlier(budget)))
    times = [seconds_of(lambda: [chart.draw_for_page() for chart in pen.draw().values()]) for _time in range(REDRAWN)]
    images = [image for chart in pen.draw().values() for image in chart.draw_for_page()]
    if len(images) != 2 * CHARTS:
        return Figure(DRAWN_NAME, None, "ms", 60, reason=f"{len(images)} images")
    details = {"drawings": REDRAWN, "images": len(images), "kilobytes": sum(map(len, images)) // 1024}
    return Figure(DRAWN_NAME, median(times) * 1000, "ms", 60, {**details, **in_ms({"p95": percentile_95(times)})})


def _resident() -> int:
    """This process's resident memory in MB."""
    found = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:")]
    return int(found[0].split()[1]) // 1024 if found else 0
