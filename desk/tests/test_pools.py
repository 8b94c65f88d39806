"""The page of pools: who reads it and who writes, with the script and without it, and what a refused cell says."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from pricing.models import CalculatedKind, CostPool, PoolWeight
from tests.cast import ECONOMIST, INSIDE, OUTSIDE, client_of, get_budget

pytestmark = pytest.mark.django_db

PAGE = "/budgets/budget-2027/pools/"


def fields(client: Client) -> dict[str, str]:
    """The form of the table as a browser would send it."""
    html = client.get(PAGE).content.decode()
    form = html[html.index('id="m"') :]
    hidden = dict(re.findall(r'name="?(rows|pools|shown)"? value="([^"]*)"', form))
    cells = dict(re.findall(r'name="(\d+:\d+)" value="([^"]*)"', html))
    return {**hidden, "shown": hidden["shown"].replace("&quot;", '"').replace("&#x27;", "'"), **cells}


def find_cell(sent: dict[str, str], weight: PoolWeight) -> str:
    product = weight.budget_product
    assert product
    row = sent["rows"].split().index(f"product.{product.lineage}") + 1
    return f"{row}:{sent['pools'].split().index(str(weight.pool.lineage)) + 1}"


def find_weight() -> PoolWeight:
    weight = PoolWeight.objects.filter(
        pool__in=CostPool.objects.filter(budget=get_budget("budget-2027"), slug="support"), budget_product__isnull=False
    ).first()
    assert weight
    return weight


@pytest.mark.parametrize("name", INSIDE)
def test_everybody_inside_reads_pools_and_only_the_economist_writes(name: str) -> None:
    client = client_of(name)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert ("<input form" in page.content.decode() or 'class="cell"' in page.content.decode()) == (name == ECONOMIST)
    if name != ECONOMIST:
        sent = {"cells": [], "action": "cells"}
        answer = client.post(f"{PAGE}matrix/", json.dumps(sent), content_type="application/json")
        assert answer.status_code == 403


@pytest.mark.parametrize("name", OUTSIDE)
def test_nobody_outside_reads_them(name: str) -> None:
    assert client_of(name).get(PAGE).status_code in {403, 404}


def test_form_without_script_saves_what_differs_and_nothing_else() -> None:
    client, weight = client_of(ECONOMIST), find_weight()
    others = dict(PoolWeight.objects.exclude(pk=weight.pk).values_list("pk", "weight_1"))
    sent = fields(client)
    assert client.post(f"{PAGE}matrix/", {**sent, find_cell(sent, weight): "1 234,5"}).status_code == 302
    weight.refresh_from_db()
    assert str(weight.weight_1) == "1234.50"
    assert dict(PoolWeight.objects.exclude(pk=weight.pk).values_list("pk", "weight_1")) == others


@pytest.mark.parametrize("typed", ["3.024", "-1", "tolv", "1,234", "9" * 12])
def test_refused_cell_of_the_form_comes_back_as_typed_with_its_reason(typed: str) -> None:
    client, weight = client_of(ECONOMIST), find_weight()
    sent = fields(client)
    page = client.post(f"{PAGE}matrix/", {**sent, find_cell(sent, weight): typed})
    html = page.content.decode()
    assert page.status_code == 422
    assert f'value="{typed}"' in html
    assert 'aria-invalid="true"' in html
    was = weight.weight_1
    weight.refresh_from_db()
    assert weight.weight_1 == was


@pytest.mark.parametrize("body", ["[]", "{", '{"cells": 1}', '{"cells": [{"pool": 1}]}', '{"cells": [[]]}'])
def test_request_that_is_none_of_the_page_is_a_bad_request(body: str) -> None:
    answer = client_of(ECONOMIST).post(f"{PAGE}matrix/", body, content_type="application/json")
    assert answer.status_code == 400


def test_step_of_another_person_is_not_undone() -> None:
    client, weight = client_of(ECONOMIST), find_weight()
    sent = fields(client)
    client.post(f"{PAGE}matrix/", {**sent, find_cell(sent, weight): "7"})
    other = client_of("administrator").post(f"{PAGE}undo/", {"step": ""})
    assert other.status_code == 403
    client.post(f"{PAGE}undo/", {"step": ""})
    was = weight.weight_1
    weight.refresh_from_db()
    assert weight.weight_1 == was


@pytest.mark.parametrize("sent", [{}, {"to": ""}, {"to": "x"}])
def test_switch_that_does_not_say_which_way_is_a_bad_request_and_nothing_is_switched(sent: dict[str, str]) -> None:
    weight = find_weight()
    assert weight.budget_product
    before = list(CalculatedKind.objects.order_by("pk").values_list("pk", flat=True))
    path = f"/budgets/budget-2027/products/{weight.budget_product.lineage}/rests-on/staff_time/"
    assert client_of(ECONOMIST).post(path, sent).status_code == 400
    assert list(CalculatedKind.objects.order_by("pk").values_list("pk", flat=True)) == before
