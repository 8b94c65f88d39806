"""Allocation keys: of a budget, copied with it, frozen by its adoption, and how they split revenue (rule 7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from budgets.models import AllocationKey, Budget, BudgetProduct, KeyWeight
from budgets.selectors.shares import (
    list_products_without_key,
    load_customer_totals,
    load_product_charges,
    load_shares,
)
from budgets.selectors.totals import load_totals_by_category
from engine.money import round_to_tkr
from engine.result import sum_amounts
from forecasts.services.versions import copy_forward
from objects.models import Customer
from tests.cast import client_of, get_budget, get_user

pytestmark = pytest.mark.django_db


def weights_of(budget: Budget) -> dict[tuple[Any, str], Decimal]:
    rows = KeyWeight.objects.filter(key__budget=budget)
    return {(row.key.lineage, row.customer.name): row.weight for row in rows.select_related("key", "customer")}


def test_demo_splits_the_base_grant_equally_and_the_rest_by_inhabitants() -> None:
    budget = get_budget("budget-2026")
    equal = AllocationKey.objects.get(budget=budget, slug="lika-delar")
    inhabitants = AllocationKey.objects.get(budget=budget, slug="invanare")
    assert [weight.weight for weight in equal.weights.all()] == [1] * 5
    assert dict(inhabitants.weights.values_list("customer__name", "weight"))["Vimmerby kommun"] == 15_300
    assert inhabitants.counted_on == date(2025, 11, 1)
    assert set(equal.budget_products.values_list("category", flat=True)) == {"base_grant"}
    assert set(AllocationKey.objects.values_list("provenance", flat=True)) == {"assumed"}


def test_used_equipment_is_sold_and_so_planned_for_nobody_and_the_former_member_pays_nothing() -> None:
    totals = load_customer_totals(get_budget("budget-2026"))
    payers = Customer.objects.in_bulk(totals)
    assert "Kinda kommun" not in {customer.name for customer in payers.values()}
    assert Customer.Kind.BUYER not in {customer.kind for customer in payers.values()}
    sold = BudgetProduct.objects.get(budget__slug="budget-2026", category="equipment_sales")
    assert load_product_charges(get_budget("budget-2026"))[sold.pk] == (0, 0, 0)
    assert load_totals_by_category(get_budget("budget-2026"))["equipment_sales"] == (565_000_00, 859_000_00, 675_000_00)


@pytest.mark.parametrize("slug", ["budget-2026", "budget-2027"])
def test_customers_parts_are_each_products_cost_less_its_income(slug: str) -> None:
    budget = get_budget(slug)
    shares, charges = load_shares(budget), load_product_charges(budget)
    for product_id, amounts in charges.items():
        assert sum_amounts(share.amounts for share in shares if share.budget_product_id == product_id) == amounts
    assert sum_amounts(load_customer_totals(budget).values()) == sum_amounts(charges.values())
    assert not list_products_without_key(budget)


def test_members_pay_a_fifth_of_the_base_grant_each() -> None:
    budget = get_budget("budget-2026")
    products = set(BudgetProduct.objects.filter(budget=budget, category="base_grant").values_list("pk", flat=True))
    grants: dict[int, int] = {}
    for share in load_shares(budget):
        if share.budget_product_id in products:
            grants[share.customer_id] = grants.get(share.customer_id, 0) + share.amounts[0]
    charges = load_product_charges(budget)
    assert sum(grants.values()) == sum(charges[product][0] for product in products if product in charges)
    assert round_to_tkr(sum(grants.values())) == 20_487
    assert len(grants) == 5 and max(grants.values()) - min(grants.values()) <= len(products)


def test_budget_of_published_figures_has_no_shares() -> None:
    assert load_shares(get_budget("budget-2025")) == []
    assert load_customer_totals(get_budget("budget-2025")) == {}


def test_copy_forward_keeps_keys_weights_and_each_products_key() -> None:
    source = get_budget()
    target = copy_forward(source, slug="budget-2028", name="Budget 2028", on=date(2027, 1, 1), by="test")
    assert weights_of(target) == weights_of(source) != {}
    keys = [
        dict(BudgetProduct.objects.filter(budget=budget).values_list("lineage", "allocation_key__lineage"))
        for budget in (source, target)
    ]
    assert keys[0] == keys[1]
    assert not BudgetProduct.objects.filter(budget=target).exclude(allocation_key__budget=target).exists()
    assert target.allocation_keys.count() == source.allocation_keys.count() == 3


def test_copy_forward_keeps_a_product_without_a_key_and_one_key_changed_stays_in_its_budget() -> None:
    source = get_budget()
    product = BudgetProduct.objects.filter(budget=source).earliest("pk")
    BudgetProduct.objects.filter(pk=product.pk).update(allocation_key=None)
    KeyWeight.objects.filter(key__budget=source, key__slug="invanare").update(weight=7)
    target = copy_forward(source, slug="budget-2028", name="Budget 2028", on=date(2027, 1, 1), by="test")
    assert BudgetProduct.objects.get(budget=target, lineage=product.lineage).allocation_key is None
    assert BudgetProduct.objects.filter(budget=target).count() == BudgetProduct.objects.filter(budget=source).count()
    assert set(KeyWeight.objects.filter(key__budget=target, key__slug="invanare").values_list("weight", flat=True)) == {
        7
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budgets_keyweight SET weight = 2",
        "DELETE FROM budgets_keyweight",
        "UPDATE budgets_allocationkey SET name_sv = 'x'",
        "UPDATE budgets_budgetproduct SET allocation_key_id = NULL",
        "INSERT INTO budgets_keyweight (key_id, customer_id, weight) SELECT k.id, c.id, 1 FROM budgets_allocationkey k"
        " JOIN objects_customer c ON c.kind = 'former_member' JOIN budgets_budget b ON b.id = k.budget_id WHERE b.status = 'adopted'",
        "INSERT INTO budgets_allocationkey (budget_id, slug, name_sv, name_en, basis, provenance)"
        " SELECT id, 'x', 'x', 'x', 'equal', 'entered' FROM budgets_budget WHERE slug = 'budget-2026'",
        "TRUNCATE budgets_keyweight",
    ],
)
def test_keys_of_an_adopted_budget_are_frozen(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_product_takes_no_key_of_another_budget() -> None:
    other = AllocationKey.objects.filter(budget__slug="budget-2026").earliest("pk")
    with pytest.raises(IntegrityError, match="product_key_in_own_budget"), transaction.atomic():
        BudgetProduct.objects.filter(budget__slug="budget-2027").update(allocation_key=other)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "values", [{"basis": "inhabitants"}, {"basis": "equal", "counted_on": date(2025, 11, 1)}, {"slug": "invanare"}]
)
def test_key_is_dated_when_it_counts_inhabitants_and_named_once(values: dict[str, Any]) -> None:
    start = {"budget": get_budget(), "slug": "ny", "name_sv": "Ny", "name_en": "New", "basis": "fixed"}
    with pytest.raises(IntegrityError), transaction.atomic():
        AllocationKey.objects.create(**{**start, **values})


def test_weight_is_never_negative() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyWeight.objects.filter(key__budget__slug="budget-2027").update(weight=-1)


def test_product_whose_key_has_only_zeros_is_named_and_left_out() -> None:
    budget = get_budget()
    KeyWeight.objects.filter(key__budget=budget, key__slug="lika-delar").update(weight=0)
    assert {product.category for product in list_products_without_key(budget)} == {"base_grant"}
    assert load_shares(budget)


def test_municipality_officer_sees_the_keys_of_adopted_budgets_only() -> None:
    officer = get_user("vimmerby")
    assert set(AllocationKey.objects.visible_to(officer).values_list("budget__slug", flat=True)) == {"budget-2026"}
    assert set(KeyWeight.objects.visible_to(officer).values_list("key__budget__slug", flat=True)) == {"budget-2026"}


def test_changes_of_a_key_are_in_its_history() -> None:
    KeyWeight.objects.filter(key__budget__slug="budget-2027", key__slug="kopare").update(weight=3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT weight FROM budgets_keyweightevent WHERE pgh_label = 'update'")
        assert cursor.fetchall() == [(Decimal(3),)]


def test_administration_names_the_remedy_when_a_key_is_of_another_budget() -> None:
    client = client_of("administrator", "en")
    product = BudgetProduct.objects.filter(budget__slug="budget-2027").earliest("pk")
    draft = copy_forward(get_budget(), slug="budget-2028", name="Budget 2028", on=date(2027, 1, 1), by="test")
    other = draft.allocation_keys.earliest("pk")
    values = {
        "sub_budget": product.sub_budget_id, "product": product.product_id, "name": product.name, "category": product.category,
        "vat_percent": "25", "position": 1, "provenance": "entered", "allocation_key": other.pk,
    }  # fmt: skip
    page = client.post(f"/admin/budgets/budgetproduct/{product.pk}/change/", values)
    assert "The key belongs to Budget 2028. Choose a key of Budget 2027." in page.content.decode()
