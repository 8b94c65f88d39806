"""Every parameter of every list, found by walking the addresses: what it can't be is said, and the list is shown all the same.

As a page, as a file and by the API; each parameter alone, with values at the edges of types. Seeded, as `test_fuzz`.
"""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from django.utils.http import urlencode

from objects.services.tokens import create_token
from tests.cast import ECONOMIST, client_of, get_customer, get_user
from tests.routes import Route, list_routes
from tests.test_fuzz import SEED, VALUES, names_of
from web.views import BaseListView

pytestmark = pytest.mark.django_db

NUMBERS = ("-1", "0", "x", "1e9", "1.5", "１２", "9" * 30, "", " ", "1,2", "1;DROP", "٣")
ORDERS = ("x", "-x", "--text", "pk", "?", "text__x", "text,x", ",", "-", " ", "x" * 500, "password")
ARRANGING = {"page": NUMBERS, "per_page": NUMBERS, "sort": ORDERS}
FORMATS = ("", "pdf", "xlsx.exe", "../csv", "CSV", "x" * 200)


def list_lists() -> list[Route]:
    """The addresses whose view is a list."""
    views = [(route, getattr(resolve(route.url).func, "view_class", None)) for route in list_routes()]
    return [route for route, view in views if view is not None and issubclass(view, BaseListView)]


def parameters_of(client: Client, route: Route) -> dict[str, tuple[str, ...]]:
    """The parameters of a list with bad values of each: how it is arranged, and what its filter and its links name."""
    named = dict.fromkeys(names_of(client, route), VALUES)
    return {**named, **ARRANGING, "export": FORMATS}


def ask(client: Client, route: Route, query: str) -> Any:
    answer = client.get(f"{route.url}?{query}")
    assert answer.status_code in (200, 400, 404), (route.name, query, answer.status_code)
    return answer


# How many pages and rows each list has when nothing is asked of it; the same in every test, so looked at once.
USUAL: dict[str, tuple[int, int]] = {}


def measure(client: Client, route: Route) -> tuple[int, int]:
    table = client.get(route.url).context["table"]
    return table.paginator.num_pages if hasattr(table, "page") else 1, len(table.rows)


def chosen(values: tuple[str, ...], chance: random.Random, most: int) -> list[str]:
    return list(values) if len(values) <= most else chance.sample(values, most)


# All values of how a list is arranged are among the twelve; of a field's, another dozen for each field.
@pytest.mark.parametrize("most", [1, pytest.param(12, marks=pytest.mark.slow)])
def test_no_parameter_of_a_list_ends_in_a_server_error(most: int) -> None:
    client, chance = client_of(ECONOMIST, "en"), random.Random(f"{SEED} lists")
    client.raise_request_exception = False
    routes = list_lists()
    assert len(routes) > 8
    for route in routes:
        for name, values in parameters_of(client, route).items():
            for value in chosen(values, chance, most):
                ask(client, route, urlencode({name: value}))
                if name in ARRANGING and chance.random() < 0.3:
                    ask(client, route, urlencode({name: value, "export": "csv"}))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("per_page=-1", "A page can’t have “-1” rows"),
        ("per_page=x", "A page can’t have “x” rows"),
        ("per_page=501", "from 1 to 500"),
        ("page=-1", "“-1” is not a page of a list"),
        ("page=x", "“x” is not a page of a list"),
        ("page=999", "There is no page 999."),
    ],
)
def test_a_list_says_what_it_can_not_follow_and_shows_itself(query: str, said: str) -> None:
    client, routes = client_of(ECONOMIST, "en"), list_lists()
    if not USUAL:
        USUAL.update((route.name, measure(client, route)) for route in routes)
    for route in routes:
        answer = ask(client, route, query)
        text = answer.content.decode().replace("&#x27;", "’").replace("'", "’")
        # A story has no numbered pages: how many there are is never counted.
        is_story = not hasattr(answer.context["table"], "page")
        assert answer.status_code == 200 and (said in text or (is_story and said == "There is no page 999.")), (
            route.name
        )
        pages, rows = USUAL[route.name]
        assert is_story or answer.context["table"].page.number in (1, pages)
        assert len(answer.context["table"].rows) == rows


def test_an_order_that_a_list_does_not_have_is_said() -> None:
    client = client_of(ECONOMIST, "en")
    for route in list_lists():
        for order in ("x", "-password", "text__x"):
            answer = ask(client, route, f"sort={order}")
            assert answer.status_code == 200 and f"can’t be sorted by “{order}”" in answer.content.decode().replace("&#x27;", "’").replace("'", "’"), route.name  # fmt: skip


def test_no_parameter_of_the_api_ends_in_a_server_error() -> None:
    day = timezone.localdate() + timedelta(days=3)
    _token, secret = create_token(by=get_user("administrator"), customer=get_customer(), name="x", expires_on=day)
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})
    for name in ("page", "limit", "year", "month", "sort"):
        for value in {*NUMBERS, *VALUES}:
            answer = client.get(f"/api/v1/invoices?{urlencode({name: value})}")
            assert answer.status_code in (200, 400, 404), (name, value)
            if answer.status_code != 200 and answer["Content-Type"] == "application/problem+json":
                assert json.loads(answer.content)["status"] == answer.status_code
