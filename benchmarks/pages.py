"""The server's time for every page of the demo, each as who reads it.

Which pages there are is asked of the tests' list of routes, and who reads one of their table of access, so that a new page
is measured from its first day.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from django.test import Client
from django.urls import resolve

from accounts.models import User
from benchmarks import servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of
from tests.cast import BOARD, ECONOMIST, OWNER, PEOPLE
from tests.routes import ACCESS, Route, list_pages
from web.views import BaseListView

DATABASE = "pages"
REQUESTS, QUICK_REQUESTS, WARM_UP = 40, 5, 5
# Of the lists and of the pages that are read most; of every other page.
BOUND, OTHER_BOUND = 50, 80
READ_MOST = {
    "budgets:sub_budget",
    "forecasts:loans",
    "forecasts:reconciliation",
    "reports:dashboard",
    "reports:overview",
}
# Who reads a page, where it is not the economist, or the first of the others who may.
READERS = {"budgets:sub_budget": OWNER, "reports:dashboard": BOARD}


@dataclass(frozen=True)
class Page:
    """A page and who reads it."""

    route: Route
    client: Client

    @property
    def bound(self) -> int:
        """Milliseconds."""
        view = getattr(resolve(self.route.url).func, "view_class", object)
        return BOUND if self.route.name in READ_MOST or issubclass(view, BaseListView) else OTHER_BOUND

    def ask(self) -> None:
        """Ask for it."""
        answer = self.client.get(self.route.url)
        if answer.status_code != 200:
            raise AssertionError(f"{self.route.url} answers {answer.status_code}")


def measure(sizes: Sizes) -> list[Figure]:
    """The 95th percentile of each page's requests, in turns, so that a slow moment hits them all."""
    servers.make_empty_database(DATABASE, servers.with_demo())
    servers.use(DATABASE)
    servers.manage(DATABASE, "collectstatic", "--noinput", "--verbosity", "0")
    pages = list(_list_pages())
    servers.as_admin(DATABASE, "VACUUM ANALYZE")
    for page in pages * WARM_UP:
        page.ask()
    gc.freeze()  # what all pages share is not looked through for garbage before each of six thousand requests
    times: list[list[float]] = [[] for _page in pages]
    for _request in range(REQUESTS if sizes == Sizes() else QUICK_REQUESTS):
        for page, taken in zip(pages, times, strict=True):
            taken.append(seconds_of(page.ask))
    return [_make_figure(page, taken) for page, taken in zip(pages, times, strict=True)]


def _list_pages() -> Iterator[Page]:
    """List the pages with their readers: no files, no data, nothing that is only sent to."""
    clients = {person: sign_in(person) for person in (ECONOMIST, *PEOPLE)}
    access = json.loads(ACCESS.read_text(encoding="utf-8"))
    for route in list_pages():
        readers = [person for person in clients if access[route.name][person].startswith("200/")]
        if readers:
            client = clients[READERS.get(route.name, readers[0])]
            if client.get(route.url).headers["Content-Type"].startswith("text/html"):
                yield Page(route, client)


def _make_figure(page: Page, times: list[float]) -> Figure:
    details = {"requests": len(times), **in_ms({"median": median(times), "largest": max(times)})}
    return Figure(f"{page.route.name} of the demo, p95", percentile_95(times) * 1000, "ms", page.bound, details)


def sign_in(person: str) -> Client:
    """A client of one of the demo's people."""
    client = Client(SERVER_NAME="localhost")
    user = User.objects.get(email=f"{person}@demo.example")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client
