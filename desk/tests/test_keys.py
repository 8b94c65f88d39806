"""Allocation keys in their pages: weights of each year, the effect before it is saved, and who may."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from budgets.models import AllocationKey, BudgetProduct, KeyWeight
from budgets.selectors.keys import load_effects
from budgets.selectors.shares import list_products_without_key, load_product_charges, load_shares
from engine.result import sum_amounts
from engine.shares import fill_years, split_amounts, split_years
from objects.models import Customer, Decision
from tests.cast import (
    ADMINISTRATOR,
    ADOPTED,
    AUDITOR,
    DRAFT,
    ECONOMIST,
    OFFICER,
    OUTSIDER,
    OWNER,
    client_of,
    get_budget,
    get_customer,
    get_page,
)

pytestmark = pytest.mark.django_db
KEYS = f"/budgets/{DRAFT}/keys/"
EDIT = f"{KEYS}invanare/change/"


def key(slug: str = "invanare", budget: str = DRAFT) -> AllocationKey:
    found: AllocationKey = AllocationKey.objects.get(budget__slug=budget, slug=slug)
    return found


def typed(**given: Any) -> dict[str, Any]:
    """What the form of the key by inhabitants holds as it is shown, with fixed weights instead."""
    form = get_page(ECONOMIST, EDIT).context["form"]
    shown = {name: field.initial for name, field in form.fields.items()} | form.initial
    return {name: value for name, value in {**shown, "basis": "fixed", **given}.items() if value not in (None, "")}


def weight_of(customer: Customer, name: str = "weight") -> str:
    return f"{name}-{customer.uuid}"


def test_empty_years_are_as_the_year_before_and_split_as_ever() -> None:
    assert fill_years(3, None, None) == (3, 3, 3)
    assert fill_years(3, 5, None) == (3, 5, 5)
    assert fill_years(3, None, 7) == (3, 3, 7)
    same = [(1, 1, 1), (2, 2, 2)]
    assert split_years((100, 200, 301), same) == split_amounts((100, 200, 301), [1, 2])
    assert split_years((100, 100, 100), [(1, 3, 0), (1, 1, 1)]) == [(50, 75, 0), (50, 25, 100)]


def test_weights_of_a_plan_year_move_that_year_only_and_parts_add_up() -> None:
    budget, vimmerby = get_budget(), get_customer()
    before = {(s.budget_product_id, s.customer_id): s.amounts for s in load_shares(budget)}
    KeyWeight.objects.filter(key=key(), customer=vimmerby).update(weight_2=Decimal(1))
    shares, revenues = load_shares(budget), load_product_charges(budget)
    of_key = set(BudgetProduct.objects.filter(allocation_key=key()).values_list("pk", flat=True))
    for product in of_key:
        parts = [share.amounts for share in shares if share.budget_product_id == product]
        assert not parts or sum_amounts(parts) == revenues[product]
    own = [s for s in shares if s.customer_id == vimmerby.pk and s.budget_product_id in of_key]
    assert own and all(s.amounts[0] == before[s.budget_product_id, s.customer_id][0] for s in own)
    assert any(s.amounts[1] != before[s.budget_product_id, s.customer_id][1] for s in own)


def test_key_by_which_nobody_pays_in_a_year_is_named_and_not_passed_on() -> None:
    KeyWeight.objects.filter(key=key()).update(weight_3=0)
    charges = load_product_charges(get_budget())
    charged = {product for product, amounts in charges.items() if amounts[2]}
    rows = BudgetProduct.objects.filter(allocation_key=key(), pk__in=charged)
    assert set(list_products_without_key(get_budget())) == set(rows) != set()


def test_effect_is_shown_before_it_is_saved_and_adds_up_to_zero() -> None:
    client, vimmerby = client_of(ECONOMIST, "en"), get_customer()
    asked = typed(**{weight_of(vimmerby): "20000", weight_of(vimmerby, "weight_2"): "1"})
    answer = client.post(EDIT, asked)
    assert answer.status_code == 200 and key().provenance == "assumed"
    effects = answer.context["effects"]
    assert sum_amounts(effect.changes for effect in effects) == (0, 0, 0)
    mine = next(effect for effect in effects if effect.customer == vimmerby)
    assert mine.changes[0] > 0 > mine.changes[1] and mine.percent > 0
    assert client.post(EDIT, {**asked, "confirmed": answer.context["mark"]}).status_code == 302
    row = KeyWeight.objects.get(key=key(), customer=vimmerby)
    assert [row.weight, row.weight_2, row.weight_3] == [20000, 1, None]
    assert (key().basis, key().counted_on, key().provenance) == ("fixed", None, "entered")
    assert load_effects(
        get_budget(), key(), {r.customer_id: (r.weight, r.weight_2, r.weight_3) for r in key().weights.all()}
    )
    assert "20" in get_page(ECONOMIST, KEYS).content.decode()


@pytest.mark.parametrize(("text", "meant"), [("15 300,5", "15300.5"), ("1,234", "1.234"), ("\u200b1500", "1500")])
def test_typed_weight_means_what_is_seen(text: str, meant: str) -> None:
    client, asked = client_of(ECONOMIST), typed(**{weight_of(get_customer()): text})
    mark = client.post(EDIT, asked).context["mark"]
    assert client.post(EDIT, {**asked, "confirmed": mark}).status_code == 302
    assert KeyWeight.objects.get(key=key(), customer=get_customer()).weight == Decimal(meant)


@pytest.mark.parametrize(("text", "words"), [("1.234", "Skriv 1 234 eller 1,234."), ("1E+06", "Skriv alla siffror.")])
def test_weight_that_can_be_read_in_two_ways_is_refused_at_its_cell(text: str, words: str) -> None:
    name = weight_of(get_customer())
    answer = client_of(ECONOMIST).post(EDIT, typed(**{name: text}))
    page = answer.content.decode().replace("\u202f", " ")
    said = page.partition(f'id="id_{name}_error"')[2].partition("</div>")[0]
    assert answer.status_code == 422 and f"{text} " in said and words in said
    assert f'aria-describedby="id_{name}_error"' in page and 'type="number"' not in page


def test_other_weights_than_those_whose_effect_was_shown_are_not_saved() -> None:
    client, vimmerby = client_of(ECONOMIST), get_customer()
    mark = client.post(EDIT, typed(**{weight_of(vimmerby): "20000"})).context["mark"]
    answer = client.post(EDIT, {**typed(**{weight_of(vimmerby): "30000"}), "confirmed": mark})
    assert answer.status_code == 200 and key().provenance == "assumed"


def test_inhabitants_are_fetched_from_the_chosen_count_and_the_decision_is_kept() -> None:
    decision = Decision.objects.earliest("pk")
    KeyWeight.objects.filter(key=key()).update(weight=1)
    asked = typed(basis="inhabitants", counted_on="2025-11-01", decision=str(decision.uuid))
    client = client_of(ADMINISTRATOR)
    mark = client.post(EDIT, asked).context["mark"]
    assert client.post(EDIT, {**asked, "confirmed": mark}).status_code == 302
    assert KeyWeight.objects.get(key=key(), customer=get_customer()).weight == 15_300
    assert key().decision == decision
    assert client.post(EDIT, typed(basis="inhabitants", counted_on="")).status_code == 422


def test_new_key_in_equal_parts_counts_everybody_as_one() -> None:
    client = client_of(ECONOMIST)
    asked = {"name_sv": "Två", "name_en": "Two", "basis": "equal"}
    asked |= {weight_of(get_customer()): "7", weight_of(get_customer("0513")): "3"}
    assert client.post(f"{KEYS}new/", {**asked, weight_of(get_customer()): "-1"}).status_code == 422
    assert client.post(f"{KEYS}new/", {"name_sv": "Två", "name_en": "Two", "basis": "fixed"}).status_code == 422
    mark = client.post(f"{KEYS}new/", asked).context["mark"]
    assert client.post(f"{KEYS}new/", {**asked, "confirmed": mark}).status_code == 302
    assert [row.weight for row in key("tva").weights.all()] == [1, 1]


def test_key_over_somebody_elses_change_is_not_saved_silently() -> None:
    client, asked = client_of(ECONOMIST), typed(**{weight_of(get_customer()): "20000"})
    mark = client.post(EDIT, asked).context["mark"]
    AllocationKey.objects.filter(pk=key().pk).update(name_en="Theirs")
    answer = client.post(EDIT, {**asked, "confirmed": mark})
    assert answer.status_code == 422 and key().name_en == "Theirs" and key().provenance == "assumed"


@pytest.mark.parametrize(("who", "status"), [(OWNER, 403), (AUDITOR, 403), (OFFICER, 404), (OUTSIDER, 404)])
def test_others_get_no_form_of_keys(who: str, status: int) -> None:
    for address in (EDIT, f"{KEYS}new/"):
        assert (client_of(who).get(address).status_code, client_of(who).post(address).status_code) == (status, status)


def test_adopted_budget_says_why_its_keys_stay() -> None:
    answer = get_page(ECONOMIST, f"/budgets/{ADOPTED}/keys/invanare/change/")
    assert answer.status_code == 409 and "is adopted" in answer.content.decode()


def test_form_shows_weights_as_people_write_them() -> None:
    shown = get_page(ECONOMIST, EDIT).context["form"][weight_of(get_customer())]
    assert shown.value() == "15\u202f300" and 'value="15\u202f300"' in str(shown)
