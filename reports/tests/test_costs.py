"""What a customer pays: its parts add up to the öre, an officer sees the own municipality only."""

from __future__ import annotations

import uuid
from fractions import Fraction

import pytest
from django.test import Client

from budgets.models import AllocationKey, BudgetProduct
from budgets.selectors.shares import load_customer_totals
from engine.money import round_ore
from invoices.services import run_billing
from objects.models import Customer
from reports.costs.selectors import find_cost_customer, list_cost_customers, load_costs
from tests.cast import client_of, count_queries, get_budget, get_customer, get_page, get_user

pytestmark = pytest.mark.django_db
ADOPTED, DRAFT = "/budgets/budget-2026/costs/", "/budgets/budget-2027/costs/"


def members() -> list[Customer]:
    return list(Customer.objects.filter(kind=Customer.Kind.MEMBER))


def test_categories_objects_and_products_each_add_up_to_the_total_to_the_ore() -> None:
    for customer in members():
        costs = load_costs(get_budget(), get_budget("budget-2026"), customer)
        assert costs is not None
        products = [product for row in costs.objects for product in row.products]
        for rows in (costs.categories, costs.objects, products):
            assert sum(row.amounts[0] for row in rows) == costs.total.amounts[0]
            assert sum(row.earlier or 0 for row in rows) == costs.total.earlier


def test_totals_are_the_customers_shares_in_both_budgets() -> None:
    now, before = (load_customer_totals(get_budget(f"budget-{year}")) for year in (2027, 2026))
    for customer in members():
        costs = load_costs(get_budget(), get_budget("budget-2026"), customer)
        assert costs is not None
        assert (costs.total.amounts, costs.total.earlier) == (now[customer.pk], before[customer.pk][0])


def test_base_grant_stands_by_itself_among_the_objects() -> None:
    costs = load_costs(get_budget(), get_budget("budget-2026"), get_customer())
    assert costs is not None
    objects, categories = ({row.code: row.amounts for row in rows} for rows in (costs.objects, costs.categories))
    assert objects["grundanslag"] == categories["base_grant"]


def test_product_that_ended_is_kept_as_a_decrease() -> None:
    costs = load_costs(get_budget(), get_budget("budget-2026"), get_customer())
    gone = BudgetProduct.objects.filter(budget=get_budget("budget-2026"), sub_budget__slug="socialtjanst").earliest(
        "pk"
    )
    BudgetProduct.objects.filter(budget=get_budget(), lineage=gone.lineage).update(lineage=uuid.uuid4())
    changed = load_costs(get_budget(), get_budget("budget-2026"), get_customer())
    assert costs is not None and changed is not None
    rows = [product for row in changed.objects for product in row.products if product.code == str(gone.lineage)]
    assert [row.amounts for row in rows] == [(0, 0, 0)] and rows[0].earlier
    assert changed.total.change == costs.total.change


def test_nothing_is_compared_where_the_earlier_budget_has_no_keys() -> None:
    costs = load_costs(get_budget(), get_budget("budget-2025"), get_customer())
    assert costs is not None
    assert costs.total.earlier is None


def test_mean_per_inhabitant_is_the_members_cost_together_by_their_inhabitants_together() -> None:
    totals = load_customer_totals(get_budget())
    counts = {c.pk: c.municipality.inhabitants.latest("counted_on").count for c in members()}
    costs = load_costs(get_budget(), None, get_customer())
    assert costs is not None and costs.per_inhabitant is not None
    assert costs.per_inhabitant.own_ore * counts[get_customer().pk] == pytest.approx(
        totals[get_customer().pk][0], rel=1e-4
    )
    mean = Fraction(sum(totals[key][0] for key in counts), sum(counts.values()))
    assert costs.per_inhabitant.mean_ore == round_ore(mean)


def test_guessed_keys_and_counts_are_marked() -> None:
    costs = load_costs(get_budget("budget-2026"), None, get_customer())
    assert costs is not None and costs.assumed.inhabitants
    AllocationKey.objects.filter(budget=get_budget()).update(provenance="entered")
    entered = load_costs(get_budget(), None, get_customer())
    assert entered is not None and not entered.assumed.keys and entered.assumed


def test_officer_sees_the_own_municipality_of_adopted_budgets() -> None:
    page = get_page("vimmerby", ADOPTED)
    assert page.status_code == 200 and page.context["title"] == get_customer().name
    assert get_page("vimmerby", DRAFT).status_code == 404


def test_officer_gets_nothing_of_another_municipality() -> None:
    for other in Customer.objects.exclude(pk=get_customer().pk):
        assert get_page("vimmerby", ADOPTED, customer=str(other.uuid)).status_code == 404
    text = get_page("vimmerby", ADOPTED, products="1").content.decode()
    assert not [c.name for c in Customer.objects.exclude(pk=get_customer().pk) if c.name in text]


@pytest.mark.parametrize("typed", ["x", "0", str(uuid.UUID(int=0)), "' OR 1=1"])
def test_unknown_customer_is_not_found(typed: str) -> None:
    assert get_page("ekonom", DRAFT, customer=typed).status_code == 404


@pytest.mark.parametrize("name", ["ekonom", "direktion", "kommundirektor", "objektagare", "styrgrupp", "administrator", "revisor"])  # fmt: skip
def test_federation_switches_between_customers(name: str) -> None:
    customers = list_cost_customers(get_budget(), get_user(name))
    assert set(members()) <= set(customers)
    page = get_page(name, DRAFT, customer=str(get_customer().uuid))
    assert page.status_code == 200 and page.context["customer"] == get_customer()
    assert find_cost_customer(customers, "") == customers[0]


def test_outsider_sees_nothing() -> None:
    assert get_page("utan.roll", ADOPTED).status_code == 404
    assert Client().get(ADOPTED).status_code == 302


def test_budget_without_keys_says_so() -> None:
    page = get_page("ekonom", "/budgets/budget-2025/costs/")
    assert page.status_code == 200 and "no customer to show" in page.content.decode()


def test_officer_starts_here() -> None:
    assert get_page("vimmerby", "/").headers["Location"] == ADOPTED


def test_products_are_shown_on_demand_and_latest_invoices_with_links() -> None:
    product = (
        BudgetProduct.objects.filter(budget=get_budget("budget-2026"), sub_budget__slug="socialtjanst")
        .earliest("pk")
        .name
    )
    run = run_billing(get_budget("budget-2026"), 1, by=get_user("ekonom"))
    with_products = get_page("vimmerby", ADOPTED, products="1").content.decode()
    assert product in with_products
    number = run.invoices.get(customer=get_customer()).number
    assert (
        number in with_products
        and run.invoices.exclude(customer=get_customer()).earliest("pk").number not in with_products
    )


def test_queries_do_not_depend_on_the_number_of_products() -> None:
    client = client_of("ekonom")
    assert count_queries(client, DRAFT) == count_queries(client, DRAFT, products="1")
    assert count_queries(client, DRAFT, customer=str(get_customer().uuid)) <= 45
