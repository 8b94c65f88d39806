"""The number of queries of each page is a committed baseline; it does not depend on the number of rows.

UPDATE_BASELINES=1 writes it anew.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import BudgetProduct, CostLine
from objects.models import Contract
from pricing.models import CostPool, PoolLine, PoolShare, PoolWeight, Post, PostCost, PostPart
from tests.cast import client_of
from tests.routes import BUDGET, SUB_BUDGET, list_pages, list_routes

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).parent / "query_counts.json"


@pytest.fixture
def client() -> Client:
    return client_of("ekonom")


def read_once(client: Client) -> None:
    """What is read or kept once a process, a session or a state of a budget is there afterwards."""
    for route in list_pages():
        client.get(route.url)


def count_queries(client: Client) -> dict[str, int]:
    """The queries of every page that shows the economist something."""
    found = {}
    for route in list_pages():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(route.url)
        if response.status_code in (200, 204):
            found[route.name] = len(queries)
    return found


def test_each_page_makes_as_many_queries_as_its_baseline_says_and_no_more_for_more_rows(client: Client) -> None:
    list_routes()  # makes what some of them are about
    add_lines(1)  # so that no page is one of nothing, which asks less
    add_pools(1)
    read_once(client)
    found = count_queries(client)
    if os.environ.get("UPDATE_BASELINES") == "1":
        BASELINE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(BASELINE.read_text(encoding="utf-8"))
    add_lines(200)
    add_pools(20)
    assert count_queries(client) == found


def add_lines(count: int) -> None:
    product = BudgetProduct.objects.filter(budget__slug=BUDGET, sub_budget__slug=SUB_BUDGET).earliest("pk")
    CostLine.objects.bulk_create(
        CostLine(
            budget=product.budget, budget_product=product, text=f"Rad {n}", cost_kind="direct_cost", amount_1_ore=n
        )
        for n in range(count)
    )


def add_pools(count: int) -> None:
    """Pools with lines, posts and receivers, each with what was calculated of it; and contracts."""
    product = BudgetProduct.objects.filter(budget__slug=BUDGET, sub_budget__slug=SUB_BUDGET).earliest("pk")
    for n in range(count):
        names = {"slug": f"q{count}-{n}", "name_sv": f"Q{n}", "name_en": f"Q{n}"}
        pool = CostPool.objects.create(budget=product.budget, **names)
        PoolLine.objects.create(pool=pool, text="Q", amount_1_ore=n)
        PoolWeight.objects.create(pool=pool, budget_product=product, weight_1=1, weight_2=1, weight_3=1)
        PoolShare.objects.create(pool=pool, budget_product=product, amount_1_ore=n)
        post = Post.objects.create(
            budget=product.budget, title="Q", monthly_pay_ore=30_000_00, pay_from_on=date(2026, 1, 1)
        )
        part = PostPart.objects.create(post=post, pool=pool)
        PostCost.objects.create(part=part, row="salary", amount_1_ore=n)
        contract = Contract.objects.get(name="Drift", supplier="Leverantören")
        contract.pk, contract.uuid, contract._state.adding = None, uuid4(), True
        contract.supplier = f"Q{n}"
        contract.save()
