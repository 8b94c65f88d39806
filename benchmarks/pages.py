"""The server's time for the pages of the demo that are read most, each as who reads it."""

from __future__ import annotations

from statistics import median

from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from benchmarks import servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of

BUDGET = "budget-2027"
REQUESTS = 60
BOUND, NEW_BOUND = 50, 80
WARM_UP = 5
PAGES = {
    "Overview": ("ekonom", "reports:overview", ()),
    "Sub-budget": ("objektagare", "budgets:sub_budget", ("socialtjanst",)),
    "Lines": ("ekonom", "budgets:lines", ()),
    "Reconciliation": ("ekonom", "forecasts:reconciliation", ()),
    "Loans": ("ekonom", "forecasts:loans", ()),
    "Dashboard": ("direktion", "reports:dashboard", ()),
}
# Of the year, of what a product's cost is made of, and of registers; the address's budget comes first where it has one.
NEW_PAGES = {
    "Start of a year": ("ekonom", "budgets:start"),
    "Log of a start": ("ekonom", "budgets:start_log"),
    "Year clock": ("ekonom", "budgets:year"),
    "Pools": ("ekonom", "budgets:pools"),
    "Table of hours, as data": ("ekonom", "budgets:matrix"),
    "Personnel": ("ekonom", "budgets:posts"),
    "Products": ("ekonom", "budgets:products"),
    "Keys": ("ekonom", "invoices:keys"),
    "Planning rates": ("ekonom", "budgets:rates"),
    "Contracts": ("ekonom", "objects:contracts"),
    "Imports": ("ekonom", "records:imports"),
    "Users": ("administrator", "objects:people"),
}


def measure(sizes: Sizes) -> list[Figure]:
    """The 95th percentile of each page's requests, in turns, so that a slow moment hits them all."""
    database = servers.with_demo()
    servers.use(database)
    servers.manage(database, "collectstatic", "--noinput", "--verbosity", "0")
    servers.as_admin(database, "VACUUM ANALYZE")
    clients = {name: (sign_in(person), reverse(route, args=[BUDGET, *rest]))
               for name, (person, route, rest) in PAGES.items()}  # fmt: skip
    clients |= {name: (sign_in(person), _find_address(route)) for name, (person, route) in NEW_PAGES.items()}
    for client, address in clients.values():
        for _request in range(WARM_UP):
            if (status := client.get(address).status_code) != 200:
                raise AssertionError(f"{address} answers {status}")
    times: dict[str, list[float]] = {name: [] for name in clients}
    for _request in range(REQUESTS):
        for name, (client, address) in clients.items():
            times[name].append(seconds_of(lambda client=client, address=address: client.get(address)))  # type: ignore[misc]
    return [_make_figure(name, taken) for name, taken in times.items()]


def _find_address(route: str) -> str:
    try:
        return reverse(route, args=[BUDGET])
    except NoReverseMatch:
        return reverse(route)


def _make_figure(name: str, times: list[float]) -> Figure:
    details = {"requests": len(times), **in_ms({"median": median(times), "largest": max(times)})}
    bound = NEW_BOUND if name in NEW_PAGES else BOUND
    return Figure(f"{name} of the demo, p95", percentile_95(times) * 1000, "ms", bound, details)


def sign_in(person: str) -> Client:
    """A client of one of the demo's people."""
    client = Client(SERVER_NAME="localhost")
    user = User.objects.get(email=f"{person}@demo.example")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client
