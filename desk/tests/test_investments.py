"""The pages of the investment budget: who reads and who changes it, forms, limits and states."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from investments.models import Investment, InvestmentItem, ProductClass, PurchaseState
from investments.services.cells import key_of
from investments.tests.test_capital import add_laptops, row_of
from tests.cast import client_of, get_budget, get_page

pytestmark = pytest.mark.django_db

PAGE = "/budgets/budget-2027/investments/"
NEW = {
    "name": "Skärmar",
    "year": "2027",
    "month": "11",
    "quantity": "10",
    "unit_price_ore": "2 500",
    "amount_ore": "",
    "note": "",
}


def text_of(name: str, address: str, **query: str) -> str:
    answer = get_page(name, address, **query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.mark.parametrize("who", ["ekonom", "direktion", "revisor", "objektagare", "administrator", "kommundirektor"])
def test_everybody_inside_reads_the_investments_and_a_purchase(who: str) -> None:
    item = add_laptops(get_budget())
    page = text_of(who, PAGE)
    assert "Bärbara datorer" in page
    assert ('class="cell"' in page) == (who == "ekonom")
    one = text_of(who, f"{PAGE}{item.lineage}/")
    assert ("How far it has come" in one) is True
    assert ("Change the purchase" in one) == (who == "ekonom")


def test_purchase_is_added_by_the_form_and_what_is_wrong_is_named_by_field() -> None:
    client = client_of("ekonom", "en")
    row = row_of(get_budget())
    refused = client.post(f"{PAGE}new/", {**NEW, "investment": row.pk, "quantity": "", "name": ""})
    assert refused.status_code == 422
    assert "Write both quantity and price each, or neither." in refused.content.decode()
    contradicting = client.post(f"{PAGE}new/", {**NEW, "investment": row.pk, "amount_ore": "1"})
    assert contradicting.status_code == 422
    saved = client.post(f"{PAGE}new/", {**NEW, "investment": row.pk})
    assert saved.status_code == 302
    item = InvestmentItem.objects.get(name="Skärmar")
    assert (item.month, item.amount_ore, item.investment_id) == (11, 25_000_00, row.pk)


def test_grid_saves_what_the_script_sends_and_says_why_not() -> None:
    client, item = client_of("ekonom", "en"), add_laptops(get_budget())
    cells = [
        {"to": key_of(item), "pool": "month", "typed": "4", "was": "3"},
        {"to": key_of(item), "pool": "quantity", "typed": "many", "was": "120"},
    ]
    answer = client.post(f"{PAGE}cells/", json.dumps({"cells": cells}), content_type="application/json").json()
    assert (answer["count"], [cell["pool"] for cell in answer["refused"]]) == (1, ["quantity"])
    assert answer["cells"][key_of(item)][0] == "4"
    assert answer["undo"]["step"]
    undone = client.post(f"{PAGE}undo/", {"step": answer["undo"]["step"]}, headers={"X-Grid": "1"}).json()
    assert undone["cells"][key_of(item)][0] == "3"
    assert client.post(f"{PAGE}cells/", "{}", content_type="application/json").status_code == 400


@pytest.mark.parametrize("who", ["direktion", "objektagare", "revisor", "administrator", "vimmerby"])
def test_others_change_nothing(who: str) -> None:
    client, item = client_of(who, "en"), add_laptops(get_budget())
    for path in ("new/", f"{item.lineage}/change/", "classes/new/", "carriers/computers/", "capital/"):
        assert client.get(PAGE + path).status_code in (403, 404), path
    for path in ("cells/", f"{item.lineage}/remove/", f"{item.lineage}/", "capital/", f"undo/{item.lineage}/"):
        assert client.post(PAGE + path, {"to": "calculated"}).status_code in (403, 404), path


def test_state_is_noted_on_a_purchase_and_shown_beside_the_budget() -> None:
    client, item = client_of("ekonom", "en"), add_laptops(get_budget())
    address = f"{PAGE}{item.lineage}/"
    assert client.post(address, {"state": "planned", "ordered_ore": "5"}).status_code == 422
    assert (
        client.post(address, {"state": "ordered", "ordered_ore": "1 100 000", "paid_ore": "400 000"}).status_code == 302
    )
    state = PurchaseState.objects.get(item_lineage=item.lineage)
    assert (state.state, state.ordered_ore, state.paid_ore) == ("ordered", 1_100_000_00, 400_000_00)
    page = text_of("direktion", PAGE)
    assert "Budget, ordered and paid" in page


def test_limit_pays_for_purchases_by_priority_until_the_line() -> None:
    budget = get_budget()
    add_laptops(budget, name="Second", priority=2)
    add_laptops(budget, name="First", priority=1)
    page = text_of("direktion", PAGE, limit="1 140 000", limit_year="2027")
    table = page[page.index('id="limit-heading"') :]
    assert table.index("First") < table.index("pays for it") < table.index("Second") < table.index("does not suffice")


def test_class_changes_life_in_this_budget_only_and_a_class_with_purchases_stays() -> None:
    client, row = client_of("ekonom", "en"), row_of(get_budget())
    item = add_laptops(get_budget())
    address = f"{PAGE}classes/{row.lineage}/"
    values = {
        "asset_class": row.asset_class_id,
        "financing": "loan",
        "useful_life_years": "5",
        "amount_1_ore": "17 650 000",
        "amount_2_ore": "16 000 000",
        "amount_3_ore": "16 000 000",
    }
    assert client.post(address, values).status_code == 302
    assert (row_of(get_budget()).life_years, row_of(get_budget("budget-2026")).life_years) == (5, 4)
    client.post(f"{address}remove/")
    assert Investment.objects.filter(pk=row.pk).exists()
    item.delete()


def test_carriers_are_chosen_by_weight() -> None:
    client = client_of("ekonom", "en")
    (carrier,) = ProductClass.objects.filter(budget=get_budget(), asset_class__slug="computers")
    other = ProductClass.objects.get(budget=get_budget(), asset_class__slug="mobile_phones").budget_product
    name = f"weight_{carrier.budget_product.lineage.hex}"
    address = reverse("budgets:carriers", args=["budget-2027", "computers"])
    assert client.post(address, {name: "3", "weight": "1"}).status_code == 422
    assert client.post(address, {name: "3", "product": other.pk, "weight": "1"}).status_code == 302
    rows = ProductClass.objects.filter(budget=get_budget(), asset_class__slug="computers")
    assert sorted(rows.values_list("weight", flat=True)) == [1, 3]
