"""Moved cost: recorded and put back by the economist, read by all who see the budget, and told apart in the bridge."""

from __future__ import annotations

from typing import Any

import pytest

from budgets.models import Budget, BudgetProduct, CostLine
from engine.money import round_to_tkr
from pricing.models import MovedCost
from pricing.selectors.moved import load_bridge
from tests.cast import ADOPTED, DRAFT, ECONOMIST, GRANT, INSIDE, OFFICER, OUTSIDER, OWN, client_of, get_budget, get_user

pytestmark = pytest.mark.django_db
WAY = f"/budgets/{DRAFT}/moved-cost/"


def product(sub_budget: str) -> BudgetProduct:
    return BudgetProduct.objects.filter(budget__slug=DRAFT, sub_budget__slug=sub_budget).earliest("pk")


def given(**changed: object) -> dict[str, object]:
    own = {"from_product": product(GRANT).pk, "to_product": product(OWN).pk, "reason": "Servrar flyttas"}
    return {**own, "amount_1_ore": "200 000", "amount_2_ore": "0", "amount_3_ore": "0", **changed}


def add(name: str = ECONOMIST, changed: dict[str, object] | None = None) -> Any:
    return client_of(name, "en").post(f"{WAY}new/", given(**changed or {}))


def test_moved_cost_is_added_changed_removed_and_put_back() -> None:
    client = client_of(ECONOMIST, "en")
    before = list(CostLine.objects.filter(budget__slug=DRAFT).values_list("pk", "amount_1_ore"))
    assert add().status_code == 302
    row = MovedCost.objects.get(budget__slug=DRAFT)
    assert (row.amount_1_ore, row.provenance) == (20_000_000, "entered")
    page = client.get(f"{WAY}{row.lineage}/change/").content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert client.post(f"{WAY}{row.lineage}/change/", given(amount_1_ore="1", seen=seen)).status_code == 302
    stale = client.post(f"{WAY}{row.lineage}/change/", given(amount_1_ore="2", seen=seen))
    assert stale.status_code == 422
    leads = client.post(f"{WAY}{row.lineage}/remove/")["Location"]
    assert not MovedCost.objects.filter(budget__slug=DRAFT).exists()
    assert f"{WAY}{row.lineage}/restore/" in client.get(leads).content.decode()
    client.post(f"{WAY}{row.lineage}/restore/")
    assert MovedCost.objects.get(budget__slug=DRAFT).amount_1_ore == 100
    assert "put removed moved cost back" in client.get(f"/budgets/{DRAFT}/history/").content.decode()
    assert list(CostLine.objects.filter(budget__slug=DRAFT).values_list("pk", "amount_1_ore")) == before


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"to_product": None}, "to_product"),
        ({"reason": " "}, "reason"),
        ({"amount_1_ore": "0"}, "amount_1_ore"),
        ({"amount_1_ore": "x"}, "amount_1_ore"),
        ({"amount_1_ore": "9" * 20}, "amount_1_ore"),
    ],
)
def test_what_is_no_move_is_refused_by_its_field(changed: dict[str, object], field: str) -> None:
    answer = add(changed={key: "" if value is None else value for key, value in changed.items()})
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert not MovedCost.objects.filter(budget__slug=DRAFT).exists()


def test_move_to_where_it_came_from_or_of_another_budget_is_refused() -> None:
    other = BudgetProduct.objects.filter(budget__slug=ADOPTED).earliest("pk")
    assert add(changed={"to_product": product(GRANT).pk}).status_code == 422
    assert add(changed={"to_product": other.pk}).status_code == 422


def test_only_the_economist_records_and_only_until_the_budget_is_proposed() -> None:
    add()
    row = MovedCost.objects.get(budget__slug=DRAFT)
    for name in INSIDE:
        client = client_of(name)
        assert client.get(WAY).status_code == 200
        assert client.get(f"{WAY}{row.lineage}/").status_code == 200
        if name == ECONOMIST:
            continue
        assert add(name).status_code == 403
        for act in ("change", "remove", "restore"):
            assert client.post(f"{WAY}{row.lineage}/{act}/", given()).status_code == 403
    Budget.objects.filter(slug=DRAFT).update(phase=Budget.Phase.PROPOSED)
    assert add().status_code == 403
    assert client_of(ECONOMIST).post(f"{WAY}{row.lineage}/remove/").status_code == 403


def test_member_reads_what_moved_in_an_adopted_budget_and_not_in_a_draft() -> None:
    add()
    client = client_of(OFFICER)
    assert client.get(WAY).status_code == 404
    assert "Verksamhetsutvecklare" in client.get(f"/budgets/{ADOPTED}/moved-cost/").content.decode()
    assert client_of(OUTSIDER).get(f"/budgets/{ADOPTED}/moved-cost/").status_code in (403, 404)


def test_demo_has_what_the_document_says_was_moved() -> None:
    rows = MovedCost.objects.filter(budget__slug=ADOPTED).select_related("from_product", "to_product__sub_budget")
    servers = [row for row in rows if row.from_product.name == "Central IT-miljö, exkl personalresurs"]
    for name in ("amount_1_ore", "amount_2_ore", "amount_3_ore"):
        assert round_to_tkr(sum(getattr(row, name) for row in servers)) == 1183
    named = {row.from_product.name: row.amount_1_ore for row in rows if row not in servers}
    assert named == {"Lifecare Grundmodul": 65_000_000, "IST": 10_000_000}
    assert {row.provenance for row in rows} == {"assumed"}


def test_copy_of_a_budget_has_no_moved_cost() -> None:
    assert MovedCost.objects.filter(budget__slug=ADOPTED).count() == 13
    assert not MovedCost.objects.filter(budget__slug=DRAFT).exists()


def test_bridge_from_the_published_budget_leads_to_this_one_and_what_moved_sums_to_zero() -> None:
    budget = get_budget(ADOPTED)
    rows = load_bridge(budget, Budget.objects.get(slug="budget-2025"), get_user(ECONOMIST))
    steps = {row.slug: row.step for row in rows}
    assert sum(step.moved for step in steps.values()) == 0
    grant = steps[GRANT]
    assert tuple(map(round_to_tkr, (grant.before, grant.moved, grant.other, grant.after))) == (18878, -433, 2043, 20487)
    page = client_of(ECONOMIST, "en").get(f"/budgets/{ADOPTED}/moved-cost/").content.decode()
    assert "From Budget 2025 to Budget 2026" in page and "−433" in page


def test_dashboard_and_comparison_lead_to_what_moved() -> None:
    client, address = client_of(ECONOMIST, "en"), f'href="/budgets/{ADOPTED}/moved-cost/">What moved</a>'
    page = client.get(f"/budgets/{ADOPTED}/dashboard/").content.decode()
    assert page.count(address) == 2 and "Of the changes this only moved" in page
    add()
    compared = client.get(f"/budgets/{DRAFT}/compare/", {"first": ADOPTED, "second": DRAFT}).content.decode()
    assert f'href="{WAY}">What moved</a>' in compared
