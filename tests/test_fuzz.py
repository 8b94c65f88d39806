"""No address, field or parameter ends in a server error, whatever is sent: every route, with values at the edges of types.

Seeded, so that a run that fails fails again; ITSAM_FUZZ_SEED=7 tries another one.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils.http import urlencode

from pricing.models import PoolWeight
from tests.cast import ADMINISTRATOR, DRAFT, ECONOMIST, OWN, OWNER, client_of, get_line
from tests.routes import Route, list_routes

pytestmark = pytest.mark.django_db

SEED = os.environ.get("ITSAM_FUZZ_SEED", "2027")
DEEP = 100_000
VALUES = (
    "", " ", "\0", "a\0b", "%00", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "é" * 300, "x" * 9_000,
    "0", "-1", "1e400", "NaN", "Infinity", "9" * 12, "9" * 12 + "," + "9" * 12, str(2**31), str(2**63), str(2**64), "-" + "9" * 30,
    "0001-01-01", "9999-12-31", "10000-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "2026-02-30",
    "00000000-0000-0000-0000-000000000000", "not-a-uuid", "'; DROP TABLE x; --", "<script>", "../../etc/passwd", "[]", "{}", "null",
    "[" * 2000, "=1/0", "=" + "(" * 150, "１２３", "\u202e", "true",
)  # fmt: skip
# What an address may ask for besides what its page's forms and links name.
PARAMETERS = ("q", "page", "sort", "show", "since", "seen", "behind", "unit", "kind", "deleted", "figure", "export", "_export", "year",
              "object", "status", "order", "per_page", "from", "to", "row", "event", "date", "back", "next", "cursor", "limit")  # fmt: skip
# They end the session or only lead elsewhere.
LEFT_OUT = re.compile(r"logout|set_language|health|socialaccount")


class _Names(HTMLParser):
    """The names of a page's fields, and of the parameters in its links to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("input", "select", "textarea", "button") and given.get("name"):
            self.names.add(str(given["name"]))
        self.names |= set(re.findall(r"[?&]([\w-]+)=", given.get("href") or "")) if tag == "a" else set()


def names_of(client: Client, route: Route) -> list[str]:
    parser = _Names()
    with transaction.atomic():
        answer = client.get(route.url)
        transaction.set_rollback(True)
    if "html" in answer.get("Content-Type", "") and not answer.streaming:
        parser.feed(answer.content.decode())
    return sorted(parser.names - {"csrfmiddlewaretoken"})


def ask(client: Client, method: str, url: str, *given: Any, **more: Any) -> int:
    """The status; what the request changed is undone."""
    with transaction.atomic():
        status: int = getattr(client, method)(url, *given, **more).status_code
        transaction.set_rollback(True)
    return status


def requests_of(names: list[str], chance: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """Some requests of a route: with one parameter, with several, and its form with all fields wrong or with one."""
    fields = [name for name in names if name != "once"]
    yield "get", {name: chance.choice(VALUES) for name in chance.sample([*names, *PARAMETERS], 5)}
    yield "post", {name: chance.choice(VALUES) for name in fields}
    if fields:
        yield "get", {chance.choice(names): chance.choice(VALUES)}
        yield "post", dict.fromkeys(fields, "1") | {chance.choice(fields): chance.choice(VALUES)}


def list_routes_of(person: str) -> list[Route]:
    """Each route once: the administration's as an administrator, a budget's as who edits it, all else as the economist."""
    chosen = {ADMINISTRATOR: "admin:", OWNER: "budgets:"}
    others = tuple(start for who, start in chosen.items() if who != person)
    routes = [route for route in list_routes() if not LEFT_OUT.search(route.name)]
    if person in chosen:
        return [route for route in routes if route.name.startswith(chosen[person])]
    return [route for route in routes if not route.name.startswith(others)]


# The administration's pages are Django's own, and each is read and written to by the test of access at every run.
PERSONS = [ECONOMIST, OWNER, pytest.param(ADMINISTRATOR, marks=pytest.mark.slow)]


# The administration of Django makes a moment of a day that is asked for; that warns, and is answered.
@pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime")
@pytest.mark.parametrize("person", PERSONS)
def test_no_route_field_or_parameter_ends_in_a_server_error(person: str) -> None:
    client, chance = client_of(person), random.Random(f"{SEED} {person}")
    client.raise_request_exception = False
    failed = []
    for route in list_routes_of(person):
        for method, values in requests_of(names_of(client, route), chance):
            url = f"{route.url}?{urlencode(values)}" if method == "get" else route.url
            status = ask(client, method, url, *([] if method == "get" else [values]))
            if status >= 500:
                failed.append((route.name, method, {name: value[:60] for name, value in values.items()}, status))
    assert not failed


def test_an_order_that_a_list_does_not_have_is_no_server_error() -> None:
    client = client_of(ECONOMIST)
    assert (
        client.get(f"/budgets/{DRAFT}/sub-budgets/{OWN}/lines/{get_line().lineage}/history/?sort=x").status_code == 200
    )


BODIES = {
    "deep lists": "[" * DEEP,
    "deep objects": '{"changed":' * DEEP,
    "deep and closed": '{"changed":' + "[" * DEEP + "]" * DEEP + "}",
    "a number without end": '{"changed": ' + "9" * 5000 + "}",
    "half a character": '{"changed": [{"line": "\\ud800", "cells": {}}]}',
    "no UTF-8": b"\xff\xfe{}",
}


TABLES = {OWNER: f"/budgets/{DRAFT}/sub-budgets/{OWN}/grid/", ECONOMIST: f"/budgets/{DRAFT}/pools/matrix/"}


@pytest.mark.parametrize("person", TABLES)
@pytest.mark.parametrize("name", BODIES)
def test_a_body_at_the_edges_is_a_bad_request(name: str, person: str) -> None:
    answer = client_of(person).post(
        TABLES[person],
        BODIES[name],
        content_type="application/json",
        headers={"X-Grid": "1"},
    )
    assert answer.status_code == 400


def edits() -> Iterator[dict[str, Any]]:
    line = get_line()
    key, product = str(line.lineage), str(line.budget_product.lineage)
    for value in VALUES:
        for cell in ("text", "cost_kind", "quantity", "unit_price_ore", "amount_1_ore", "note"):
            yield {"changed": [{"line": key, "cells": {cell: value}, "was": {cell: value}}]}
        yield {"changed": [{"line": key, "cells": {"text": "x"}, "seen": value}]}
        yield {"added": [{"line": value, "product": product, "after": value, "cells": {}}]}
        yield {"moved": [{"line": key, "product": product, "after": value}]}
        yield {"deleted": [{"line": key, "seen": value}], "action": value}


def test_no_edit_of_the_grid_ends_in_a_server_error() -> None:
    client = client_of(OWNER)
    client.raise_request_exception = False
    url = f"/budgets/{DRAFT}/sub-budgets/{OWN}/grid/"
    failed = []
    for edit in random.Random(SEED).sample(list(edits()), 120):
        headers = {"X-Grid": "1", "X-Since": "0001-01-01T00:00:00+14:00"}
        status = ask(client, "post", url, json.dumps(edit), content_type="application/json", headers=headers)
        if status >= 500:
            failed.append((edit, status))
    assert not failed


def weights() -> Iterator[dict[str, Any]]:
    use = PoolWeight.objects.filter(pool__budget__slug=DRAFT, budget_product__isnull=False).earliest("pk")
    assert use.budget_product is not None
    good = {"pool": str(use.pool.lineage), "to": f"product.{use.budget_product.lineage}", "typed": "1", "was": "1"}
    for name in good:
        odd: tuple[Any, ...] = (*VALUES, None, 1, [], {})
        for value in odd:
            yield {"cells": [good | {name: value}]}
            yield {"cells": [good], "action": value}
    yield {"cells": [good] * 30_000}
    yield {"cells": good}


def test_no_edit_of_the_table_of_hours_ends_in_a_server_error() -> None:
    client = client_of(ECONOMIST)
    client.raise_request_exception = False
    failed = []
    for sent in random.Random(SEED).sample(list(weights()), 120):
        headers = {"X-Grid": "1"}
        status = ask(
            client, "post", TABLES[ECONOMIST], json.dumps(sent), content_type="application/json", headers=headers
        )
        if status >= 500:
            failed.append((str(sent)[:200], status))
    assert not failed


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 5000, b"%PDF-" + b"\0" * 100, b"\x89PNG\r\n\x1a\n"]
)
@pytest.mark.parametrize("name", ["a\0.pdf", "." * 300, "x" * 390 + ".pdf", "\u202efdp.exe", "a.docx"])
def test_no_file_ends_in_a_server_error(content: bytes, name: str, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = client_of(OWNER)
    client.raise_request_exception = False
    file = SimpleUploadedFile("a", content)
    file.name = name
    assert ask(client, "post", f"/budgets/{DRAFT}/sub-budgets/{OWN}/files/", {"file": file}) < 500


@pytest.mark.parametrize("person", [ECONOMIST])
def test_a_full_disk_is_told_and_leaves_nothing(person: str, settings: Any, tmp_path: Any, monkeypatch: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = client_of(person, "en")
    client.raise_request_exception = False

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("records.services.files.os.fsync", full)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    answer = client.post(f"/budgets/{DRAFT}/sub-budgets/{OWN}/files/", {"file": file})
    assert answer.status_code == 507
    assert "disk is full" in answer.content.decode()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
