"""The server's time for one sub-budget page with 200 lines, compared with the year before, for an economist."""

from __future__ import annotations

from datetime import date
from statistics import median

from django.test import Client
from django.urls import NoReverseMatch, reverse

from benchmarks import lines, servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of
from benchmarks.pages import sign_in
from forecasts.services.versions import copy_forward

LINES = 200
SUB_BUDGETS = 13  # as many as the demo has
REQUESTS = 30
NAME = f"Sub-budget page, {LINES} lines"
COPY = "copy"


def measure(sizes: Sizes) -> list[Figure]:
    """The median of the requests."""
    try:
        address = reverse("budgets:sub_budget", args=[COPY, "sub-budget-1"])
    except NoReverseMatch as error:
        return [Figure(NAME, None, "ms", 120, reason=f"the page has no address yet ({error})")]
    database = lines.make_database(LINES * SUB_BUDGETS, per_sub_budget=LINES)
    servers.manage(database, "collectstatic", "--noinput", "--verbosity", "0")
    copy_forward(lines.find_many_lines(), slug=COPY, name="Copy", on=date(2026, 1, 1), by=lines.BY)
    servers.as_admin(database, "VACUUM ANALYZE")
    return [_measure_requests(sign_in("ekonom"), address)]


def _measure_requests(client: Client, address: str) -> Figure:
    response = client.get(address)
    body = response.content.decode()
    if response.status_code != 200 or body.count("Line ") < LINES:
        return Figure(
            NAME, None, "ms", 120, reason=f"status {response.status_code}, {body.count('Line ')} lines on the page"
        )
    times = [seconds_of(lambda: client.get(address)) for _request in range(REQUESTS)]
    details = {"requests": REQUESTS, "kilobytes": len(response.content) // 1024, **in_ms({"p95": percentile_95(times)})}
    return Figure(NAME, median(times) * 1000, "ms", 120, details)
