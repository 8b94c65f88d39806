"""What a customer pays: its parts add up to the öre, an officer sees the own municipality only."""

from __future__ import annotations

import uuid
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from budgets.models import AllocationKey, Budget, BudgetProduct
from budgets.selectors.shares import load_customer_totals
from engine.money import round_ore
from invoices.services import run_billing
from objects.models import Customer, Municipality
from reports.selectors.costs import find_cost_customer, list_cost_customers, load_costs

pytestmark = pytest.mark.django_db
ADOPTED, DRAFT = "/budgets/budget-2026/costs/", "/budgets/budget-2027/costs/"


def person(name: str) -> User:
    found: User = User.objects.get(email=f"{name}@demo.example")
    return found


def budget_of(year: int) -> Budget:
    return Budget.objects.get(slug=f"budget-{year}")


def vimmerby() -> Customer:
    return Municipality.objects.get(code="0884").customer


def get(name: str, address: str, **query: str) -> Any:
    client = Client()
    client.force_login(person(name))
    return client.get(address, query, headers={"Accept-Language": "en"})


def members() -> list[Customer]:
    return list(Customer.objects.filter(kind=Customer.Kind.MEMBER))


def test_categories_objects_and_products_each_add_up_to_the_total_to_the_ore() -> None:
    for customer in members():
        costs = load_costs(budget_of(2027), budget_of(2026), customer)
        assert costs is not None
        products = [product for row in costs.objects for product in row.products]
        for rows in (costs.categories, costs.objects, products):
            assert sum(row.amounts[0] for row in rows) == costs.total.amounts[0]
            assert sum(row.earlier or 0 for row in rows) == costs.total.earlier
        assert costs.total.change == sum(ore for _name, ore in costs.changes)


def test_totals_are_the_customers_shares_in_both_budgets() -> None:
    now, before = (load_customer_totals(budget_of(year)) for year in (2027, 2026))
    for customer in members():
        costs = load_costs(budget_of(2027), budget_of(2026), customer)
        assert costs is not None
        assert (costs.total.amounts, costs.total.earlier) == (now[customer.pk], before[customer.pk][0])


def test_base_grant_stands_by_itself_among_the_objects() -> None:
    costs = load_costs(budget_of(2027), budget_of(2026), vimmerby())
    assert costs is not None
    objects, categories = ({row.code: row.amounts for row in rows} for rows in (costs.objects, costs.categories))
    assert objects["grundanslag"] == categories["base_grant"]


def test_product_that_ended_is_kept_as_a_decrease() -> None:
    costs = load_costs(budget_of(2027), budget_of(2026), vimmerby())
    gone = BudgetProduct.objects.filter(budget=budget_of(2026), sub_budget__slug="socialtjanst").earliest("pk")
    BudgetProduct.objects.filter(budget=budget_of(2027), lineage=gone.lineage).update(lineage=uuid.uuid4())
    changed = load_costs(budget_of(2027), budget_of(2026), vimmerby())
    assert costs is not None and changed is not None
    rows = [product for row in changed.objects for product in row.products if product.code == str(gone.lineage)]
    assert [row.amounts for row in rows] == [(0, 0, 0)] and rows[0].earlier
    assert changed.total.change == costs.total.change


def test_nothing_is_compared_where_the_earlier_budget_has_no_keys() -> None:
    costs = load_costs(budget_of(2027), budget_of(2025), vimmerby())
    assert costs is not None
    assert costs.total.earlier is None and costs.changes == []
    page = get("vimmerby", ADOPTED)
    assert "has no allocation keys to compare with" in page.content.decode()


def test_mean_per_inhabitant_is_the_members_cost_together_by_their_inhabitants_together() -> None:
    totals = load_customer_totals(budget_of(2027))
    counts = {c.pk: c.municipality.inhabitants.latest("counted_on").count for c in members()}
    costs = load_costs(budget_of(2027), None, vimmerby())
    assert costs is not None and costs.per_inhabitant is not None
    assert costs.per_inhabitant.own_ore * counts[vimmerby().pk] == pytest.approx(totals[vimmerby().pk][0], rel=1e-4)
    mean = Fraction(sum(totals[key][0] for key in counts), sum(counts.values()))
    assert costs.per_inhabitant.mean_ore == round_ore(mean)


def test_guessed_keys_and_counts_are_marked() -> None:
    costs = load_costs(budget_of(2026), None, vimmerby())
    assert costs is not None and costs.assumed.inhabitants
    AllocationKey.objects.filter(budget=budget_of(2027)).update(provenance="entered")
    entered = load_costs(budget_of(2027), None, vimmerby())
    assert entered is not None and not entered.assumed.keys and entered.assumed


def test_officer_sees_the_own_municipality_of_adopted_budgets() -> None:
    page = get("vimmerby", ADOPTED)
    assert page.status_code == 200 and page.context["title"] == vimmerby().name
    assert get("vimmerby", DRAFT).status_code == 404


def test_officer_gets_nothing_of_another_municipality() -> None:
    for other in Customer.objects.exclude(pk=vimmerby().pk):
        assert get("vimmerby", ADOPTED, customer=str(other.uuid)).status_code == 404
    text = get("vimmerby", ADOPTED, products="1").content.decode()
    assert not [c.name for c in Customer.objects.exclude(pk=vimmerby().pk) if c.name in text]


@pytest.mark.parametrize("typed", ["x", "0", str(uuid.UUID(int=0)), "' OR 1=1"])
def test_unknown_customer_is_not_found(typed: str) -> None:
    assert get("ekonom", DRAFT, customer=typed).status_code == 404


@pytest.mark.parametrize("name", ["ekonom", "direktion", "kommundirektor", "objektagare", "styrgrupp", "administrator", "revisor"])  # fmt: skip
def test_federation_switches_between_customers(name: str) -> None:
    customers = list_cost_customers(budget_of(2027), person(name))
    assert set(members()) <= set(customers)
    page = get(name, DRAFT, customer=str(vimmerby().uuid))
    assert page.status_code == 200 and page.context["customer"] == vimmerby()
    assert find_cost_customer(customers, "") == customers[0]


def test_outsider_sees_nothing() -> None:
    assert get("utan.roll", ADOPTED).status_code == 404
    assert Client().get(ADOPTED).status_code == 302


def test_budget_without_keys_says_so() -> None:
    page = get("ekonom", "/budgets/budget-2025/costs/")
    assert page.status_code == 200 and "no customer to show" in page.content.decode()


def test_officer_starts_here() -> None:
    assert get("vimmerby", "/").headers["Location"] == ADOPTED


def test_products_are_shown_on_demand_and_latest_invoices_with_links() -> None:
    product = BudgetProduct.objects.filter(budget=budget_of(2026), sub_budget__slug="socialtjanst").earliest("pk").name
    run = run_billing(budget_of(2026), 1, by=person("ekonom"))
    with_products = get("vimmerby", ADOPTED, products="1").content.decode()
    assert product in with_products
    number = run.invoices.get(customer=vimmerby()).number
    assert (
        number in with_products and run.invoices.exclude(customer=vimmerby()).earliest("pk").number not in with_products
    )


def test_queries_do_not_depend_on_the_number_of_products() -> None:
    def count(address: str, **query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert get("ekonom", address, **query).status_code == 200
        return len(caught)

    assert count(DRAFT) == count(DRAFT, products="1")
    assert count(DRAFT, customer=str(vimmerby().uuid)) <= 45
