"""Every figure leads to what it is made of: the cells of the pages, read as the demo's roles.

A cell that leads nowhere is one of a column in `figures_without_links.json`, with the reason why; a new one is a fault, and
one that leads somewhere by now is to be taken off the list. UPDATE_BASELINES=1 writes the list anew, without reasons for
what is new: those are written by hand.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from pricing.models import PoolWeight
from tests.cast import BOARD, ECONOMIST, OFFICER, client_of, get_customer

pytestmark = pytest.mark.django_db
ALLOWED = Path(__file__).parent / "figures_without_links.json"
YEARS = re.compile(r"\b20\d\d\b")
BUDGET = "/budgets/budget-{year}/"
PAGES = {
    "overview": "",
    "sub-budgets": "sub-budgets/",
    "dashboard": "dashboard/",
    "loans": "loans/",
    "lines": "lines/",
    "reconciliation": "reconciliation/?outcome=all",
    "costs": "costs/?customer={customer}&products=1",
    "why": "costs/why/?customer={customer}",
    "pools": "pools/",
    "pool": "pools/{pool}/",
    "personnel": "posts/",
    "rests-on": "products/{product}/rests-on/",
    "products": "products/",
    "product": "products/{product}/",
}
# Not for those outside the federation.
INSIDE = ("loans", "pools", "pool", "personnel", "rests-on")
# Lists whose rows are what they list, and columns that are made of the figures beside them.
BY_COLUMN = ("lines", "reconciliation", "sub-budgets", "loans", "pools", "pool", "personnel", "products", "product")
# Pages whose rows lead to what all their figures are made of.
LED_BY_ROW = ("pools", "pool", "personnel", "rests-on", "products", "product")
DERIVED = re.compile(r"%|Change|Lines|Per cent|per cent|Inhabitants")
ROLES = {ECONOMIST: (2026, 2027), BOARD: (2026, 2027), OFFICER: (2026,)}


class Figures(HTMLParser):
    """Reads a page's tables: for each figure without a link, the table's heading and the column's."""

    def __init__(self, *, led_by_row: bool) -> None:
        super().__init__()
        self.led_by_row, self.is_led = led_by_row, False
        self.dead: set[tuple[str, str, str]] = set()
        self.row = ""
        self.heads: list[str] = []
        self.table, self.place, self.kind = "", -1, ""
        self.text: list[str] = []
        self.is_linked = self.is_number = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "figure" and "data-chart" in given:
            self.table = given["data-chart"]
        elif tag == "div" and given.get("role") == "region":
            self.table = given.get("aria-labelledby", self.table).removeprefix("chart-")
        elif tag == "thead":
            self.kind, self.heads = "head", []
        elif tag in ("tbody", "tfoot"):
            self.kind = "body"
        elif tag == "tr":
            self.place, self.is_led = -1, False
        elif tag in ("th", "td"):
            self.place += 1
            self.text, self.is_linked = [], False
            self.is_number = tag == "td" and "n" in given.get("class", "").split()
            self.span = int(given.get("colspan", "1"))
        elif tag in ("a", "input"):
            self.is_linked = True

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("th", "td"):
            return
        text = " ".join("".join(self.text).split())
        if self.kind == "head":
            self.heads += [YEARS.sub("…", text).removesuffix(" copied").removesuffix(" assumed")] * self.span
        elif self.is_number and any(sign.isdigit() for sign in text) and not self.is_linked and not self.is_led:
            self.dead.add((self.table, self.row, self.heads[self.place] if self.place < len(self.heads) else ""))
        elif tag == "th":
            self.row, self.is_led = YEARS.sub("…", text), self.led_by_row and self.is_linked
        self.place += self.span - 1


def list_dead(client: Client, address: str, *, led_by_row: bool = False) -> set[tuple[str, str, str]]:
    """Return (table, row, column) of the figures of a page that lead nowhere."""
    response = client.get(address)
    assert response.status_code == 200, address
    reader = Figures(led_by_row=led_by_row)
    reader.feed(response.content.decode())
    return reader.dead


def find_served(year: int) -> dict[str, object]:
    """A pool, and a product that it serves."""
    use = PoolWeight.objects.filter(
        pool__budget__slug=f"budget-{year}", budget_product__sub_budget__governance_object__isnull=False
    ).earliest("pk")
    assert use.budget_product is not None
    return {"pool": use.pool.lineage, "product": use.budget_product.lineage}


@functools.cache
def crawl(role: str) -> frozenset[str]:
    """The figures of the pages of a role that lead nowhere; each test of them reads the same pages."""
    return frozenset(find_dead(role))


def find_dead(role: str) -> Iterator[str]:
    client, customer = client_of(role, "en"), get_customer().uuid
    for year in ROLES[role]:
        for page, path in PAGES.items():
            if role == OFFICER and page in INSIDE:
                continue
            address = BUDGET.format(year=year) + path.format(customer=customer, **find_served(year))
            for table, row, column in list_dead(client, address, led_by_row=page in LED_BY_ROW):
                is_column = page in BY_COLUMN or DERIVED.search(column)
                yield f"{page} / {table} / {'column ' + column if is_column else 'row ' + row}"


@pytest.mark.parametrize("role", ROLES)
def test_every_figure_leads_to_what_it_is_made_of(role: str) -> None:
    allowed: dict[str, str] = json.loads(ALLOWED.read_text(encoding="utf-8"))
    assert sorted(crawl(role) - allowed.keys()) == []


def test_no_exception_is_kept_that_no_page_needs_and_each_says_why() -> None:
    allowed: dict[str, str] = json.loads(ALLOWED.read_text(encoding="utf-8"))
    found = frozenset().union(*map(crawl, ROLES))
    if os.environ.get("UPDATE_BASELINES") == "1":
        allowed = {figure: allowed.get(figure, "") for figure in sorted(found)}
        ALLOWED.write_text(json.dumps(allowed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert sorted(allowed.keys() - found) == []
    assert all(len(reason) > 10 for reason in allowed.values())


def test_a_members_figure_leads_to_the_members_share_of_the_product() -> None:
    client, customer = client_of(ECONOMIST, "en"), get_customer().uuid
    page = client.get(f"/budgets/budget-2027/costs/?customer={customer}&products=1").content.decode()
    links = re.findall(r'href="(/budgets/budget-2027/costs/\?[^"]*product=[^"]*)"', page)
    assert links
    share = client.get(links[0].replace("&amp;", "&").partition("#")[0]).context["share"]
    assert share.weights > 0
    assert 0 <= share.own[0] - int(share.whole[0] * share.weight / share.weights) <= 1
    assert share.sources == ("assumed", "assumed", "assumed")


def test_a_share_of_a_product_that_no_key_splits_is_not_found() -> None:
    client, customer = client_of(ECONOMIST, "en"), get_customer().uuid
    for typed in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        address = f"/budgets/budget-2027/costs/?customer={customer}&product={typed}"
        assert client.get(address).status_code == 404
