"""The page on why a customer's cost changes: who sees what of it, and that its links lead where the reader may go."""

from __future__ import annotations

import re
from typing import Any

import pytest

from budgets.models import BudgetProduct, CostLine, SubBudget
from forecasts.services.roll_up import roll_up_budget
from forecasts.services.versions import adopt_budget
from objects.models import Customer
from pricing.models import Post
from reports.why.view import MOST_SHOWN
from tests.cast import (
    BOARD,
    ECONOMIST,
    OFFICER,
    approve_all,
    client_of,
    count_queries,
    decide,
    get_budget,
    get_customer,
    get_page,
    list_open,
)

pytestmark = pytest.mark.django_db
ADOPTED, DRAFT = (f"/budgets/budget-{year}/costs/why/" for year in (2026, 2027))
# What tells one link of a kind from the others of it.
VARIES = re.compile(r"[0-9a-f-]{36}|(?<=sub_budget=)[a-z-]+|(?<=cost_kind=)[a-z_]+|(?<=sub-budgets/)[a-z-]+")


def read(name: str, address: str, **query: str) -> str:
    page = get_page(name, address, **query)
    assert page.status_code == 200
    return str(page.content.decode())


def adopt() -> None:
    approve_all()
    SubBudget.objects.filter(budget=get_budget()).update(status="locked")
    adopt_budget(get_budget(), decision=decide(), by="test")


def shown(page: Any) -> list[Any]:
    return [*page.context["products"], *page.context["folded"]]


@pytest.mark.parametrize("name", [ECONOMIST, BOARD, "kommundirektor", "objektagare", "styrgrupp", "revisor"])
def test_federation_reads_why_of_each_customer_and_of_all_together(name: str) -> None:
    for asked in (str(get_customer().uuid), "all"):
        page = get_page(name, DRAFT, customer=asked)
        assert page.status_code == 200
        rows = shown(page)
        assert sum(row.row.change for row in rows) == page.context["why"].change
        assert len(page.context["products"]) == MOST_SHOWN
        changes = [abs(row.row.change) for row in rows]
        assert changes == sorted(changes, reverse=True)


def test_shown_causes_add_up_to_the_change_also_where_small_ones_are_joined() -> None:
    for customer in Customer.objects.filter(kind="member"):
        page = get_page(ECONOMIST, DRAFT, customer=str(customer.uuid))
        causes = page.context["causes"]
        assert sum(cause.told.ore for cause in causes) == page.context["why"].change
        assert len({cause.label for cause in causes}) == len(causes)


def test_officer_reads_the_own_cost_of_adopted_budgets_only_and_never_all_together() -> None:
    assert get_page(OFFICER, DRAFT).status_code == 404
    assert get_page(OFFICER, ADOPTED, customer="all").status_code == 404
    for other in Customer.objects.exclude(pk=get_customer().pk):
        assert get_page(OFFICER, ADOPTED, customer=str(other.uuid)).status_code == 404
    adopt()
    page = get_page(OFFICER, DRAFT)
    assert page.context["why"].before == 3_852_079_190
    others = Customer.objects.exclude(pk=get_customer().pk)
    assert not [other.name for other in others if other.name in page.content.decode()]


@pytest.mark.parametrize(("name", "needs_adoption"), [(OFFICER, True), (BOARD, False), (ECONOMIST, False)])
def test_every_link_of_the_page_leads_where_the_reader_may_go(name: str, needs_adoption: bool) -> None:
    if needs_adoption:
        adopt()
    client = client_of(name, "en")
    for address in (DRAFT, ADOPTED):
        text = client.get(address).content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        links = {VARIES.sub("*", link): link for link in re.findall(r'href="(/[^"#]*)', main)}
        for link in links.values():
            assert client.get(link.replace("&amp;", "&")).status_code in (200, 302), (address, link)


def test_year_before_with_printed_figures_only_is_told_for_all_with_the_recorded_reasons() -> None:
    text = read(OFFICER, ADOPTED)
    assert "has printed figures only" in text
    assert "Verksamhetsutvecklare lyfts ur kostnaden för Lifecare grundmodul" in text
    assert "Eget kapital används: 3 000 tkr sänker grundanslaget 2026." in text
    assert "No reason is stated" in text
    costs = read(OFFICER, ADOPTED.replace("why/", ""))
    assert "What changed most for all customers together" in costs


def test_reason_of_a_person_stands_at_its_product_and_where_there_is_none_that_is_said() -> None:
    line = list_open()[0]
    CostLine.objects.filter(pk=line.pk).update(
        note="Fler användare i hemtjänsten.", amount_1_ore=line.amount_1_ore + 10**9
    )
    CostLine.objects.filter(pk=line.pk).update(quantity=None, unit_price_ore=None)
    roll_up_budget(get_budget())
    page = get_page(ECONOMIST, DRAFT, customer=str(get_customer().uuid))
    first = page.context["products"][0]
    assert first.row.product == line.budget_product
    assert [reason.words for reason in first.reasons] == ["Fler användare i hemtjänsten."]
    text = page.content.decode()
    assert text.index("Fler användare i hemtjänsten.") < text.index("No reason is stated")


def test_what_the_own_council_decides_stands_on_both_pages() -> None:
    for address in (ADOPTED, ADOPTED.replace("why/", "")):
        text = read(OFFICER, address)
        assert "The council decides on the borrowing framework" in text
        assert "Budget 2026 is adopted by the board" in text


def test_no_pay_of_a_post_is_shown() -> None:
    adopt()
    text = read(OFFICER, DRAFT)
    products = " ".join(BudgetProduct.objects.filter(budget=get_budget()).values_list("name", flat=True))
    for post in Post.objects.filter(budget=get_budget()):
        # The base grant's own table, which is published, names some of its products by their post.
        assert post.title not in text or post.title in products
        assert f"{post.monthly_pay_ore // 100}" not in text.replace("\u202f", "")


def test_board_reads_why_on_its_dashboard() -> None:
    page = get_page(BOARD, "/budgets/budget-2027/dashboard/")
    causes = page.context["causes"]
    assert causes[0].told.ore == 300_000_000
    assert sum(cause.told.ore for cause in causes) == page.context["why"].change
    assert "Eget kapital används" in page.content.decode()


def test_queries_do_not_depend_on_the_number_of_products() -> None:
    assert count_queries(client_of(ECONOMIST), DRAFT) <= 20
