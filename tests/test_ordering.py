"""Every list is in Swedish order: what the database sorts, what Python sorts, and what a reader sorts by a click."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from engine.alphabet import FOLDED, swedish_key
from objects.models import Customer, Municipality
from tests.cast import ADMINISTRATOR, ECONOMIST, OWNER, client_of, get_line
from tests.routes import list_routes
from web.ordering import in_order, in_swedish, is_written
from web.tests.test_tables import ProductTable

pytestmark = pytest.mark.django_db

OURS = ("accounts", "records", "objects", "budgets", "pricing", "investments", "forecasts", "invoices", "reports")
SORTED = ["abonnemang", "Zebra", "Zoom", "åkeri", "Ånga", "Ängar", "Ölands avtal"]
# What machines write, sorted as it is: choices of a job, the rows and columns of published tables.
NOT_WRITTEN = {"kind", "table", "row", "column", "edition", "cost_kind", "number", "code", "path", "sha256"}


def ask_keys(texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT swedish_order(t) FROM unnest(%s::text[]) WITH ORDINALITY AS x (t, n) ORDER BY n", [texts]
        )
        return [key for (key,) in cursor.fetchall()]


def test_the_database_and_python_sort_by_the_same_key() -> None:
    signs = [*FOLDED, *map(chr, range(32, 127)), "ÿ", "ß", "ß", "Þ", "Ω", "😀"]
    chance = random.Random(27)
    texts = ["".join(chance.choices(signs, k=12)) for _ in range(300)]
    assert ask_keys(texts) == [swedish_key(text) for text in texts]


@pytest.mark.parametrize("back", [False, True])
def test_the_finding_is_sorted_as_people_sort(back: bool) -> None:
    names = random.Random(4).sample(SORTED, len(SORTED))
    made = [Customer.objects.create(name=name, kind="buyer") for name in names]
    rows = Customer.objects.filter(pk__in=[row.pk for row in made])
    assert [row.name for row in rows] == SORTED
    asked = rows.order_by(in_swedish("-name" if back else "name")).values_list("name", flat=True)
    assert list(asked) == (SORTED[::-1] if back else SORTED)
    assert (rows.last() or made[0]).name == SORTED[-1]


def list_written() -> dict[str, set[str]]:
    """By table, the columns that people write."""
    tables = [model for model in apps.get_models() if model.__module__.partition(".")[0] in OURS]
    return {
        model._meta.db_table: {
            str(field.column)
            for field in model._meta.concrete_fields
            if is_written(model, field.name) and field.name not in NOT_WRITTEN
        }
        for model in tables
    }


ORDER = re.compile(r"ORDER BY (.*?)(?: LIMIT| OFFSET| FOR UPDATE|\)|$)")
TERM = re.compile(r'^"(\w+)"\."(\w+)"(?: ASC| DESC)?(?: NULLS \w+)?$')


def find_unsorted(sql: str, written: dict[str, set[str]]) -> list[str]:
    """What of a statement's orders is by a text as machines compare it."""
    terms = [term.strip() for order in ORDER.findall(sql) for term in order.split(", ")]
    found = [match for term in terms if (match := TERM.match(term))]
    return [match[0] for match in found if match[2] in written.get(match[1], ())]


@pytest.mark.parametrize("person", [ECONOMIST, pytest.param(OWNER, marks=pytest.mark.slow), ADMINISTRATOR])
def test_no_page_sorts_by_the_numbers_of_the_letters(person: str) -> None:
    client, written, found = client_of(person), list_written(), {}
    asked: list[str] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(str(sql))
        return execute(sql, params, many, context)

    assert find_unsorted('SELECT 1 ORDER BY "objects_customer"."name" ASC LIMIT 5', written)
    for route in list_routes():
        if "logout" in route.name or (route.name.startswith("admin:") is not (person == ADMINISTRATOR)):
            continue
        with connection.execute_wrapper(keep):
            client.get(route.url)
            if route.name.endswith("_changelist"):
                client.get(f"{route.url}?o=1.-2")
        unsorted = [term for sql in asked for term in find_unsorted(sql, written)]
        asked.clear()
        if unsorted:
            found[route.name] = sorted(set(unsorted))
    assert found == {}


def test_no_model_sorts_its_rows_so() -> None:
    names = {
        f"{model._meta.label}: {name}"
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in OURS
        for name in model._meta.ordering or ()
        if isinstance(name, str) and is_written(model, name) and name.strip("-").rpartition("__")[2] not in NOT_WRITTEN
    }  # fmt: skip
    assert names == set()


def test_a_click_on_a_heading_sorts_so_too() -> None:
    line = get_line()
    before = {"budget": line.budget, "budget_product": line.budget_product, "cost_kind": line.cost_kind}
    for place, text in enumerate(random.Random(2).sample(SORTED, len(SORTED))):
        type(line).objects.create(**before, text=f"Q{text}", position=1000 + place)
    for sort, wanted in (("text", SORTED), ("-text", SORTED[::-1])):
        page = client_of(ECONOMIST).get(f"/budgets/budget-2027/lines/?q=Q&sort={sort}&per_page=500")
        texts = [row.record.text[1:] for row in page.context["table"].rows if row.record.text[1:] in SORTED]
        assert texts == wanted


def test_a_list_of_plain_rows_is_sorted_so_by_a_click() -> None:
    rows: list[dict[str, Any]] = [{"name": name, "status": "draft", "now_ore": 1} for name in SORTED[::-1]]
    table = ProductTable(rows)
    table.order_by = "name"
    assert [row["name"] for row in table.data.data] == SORTED
    table.order_by = "-name"
    assert [row["name"] for row in table.data.data] == SORTED[::-1]


def test_only_what_people_write_is_sorted_so() -> None:
    asked = in_order(Municipality, ["-name", "code", "pk", "customer__name", "nothing"])
    assert [isinstance(name, str) for name in asked] == [False, False, True, False, True]
    assert isinstance(asked[0], models.expressions.OrderBy)
