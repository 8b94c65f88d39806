"""The pages of invoices: who sees what, and what the economist does there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from budgets.models import BudgetProduct
from budgets.selectors.shares import load_customer_totals
from invoices.models import BillingRun, Invoice
from invoices.selectors import list_invoices_of
from invoices.services import run_billing
from objects.models import Customer
from tests.cast import client_of, count_queries, get_budget, get_user

pytestmark = pytest.mark.django_db
LIST = "/invoices/"
CREATE = "/budgets/budget-2026/invoices/1/create/"
INSIDE = [
    "ekonom",
    "direktion",
    "kommundirektor",
    "revisor",
    "administrator",
    "objektagare",
    "objektledare",
    "styrgrupp",
]


@pytest.fixture
def run() -> BillingRun:
    """January is invoiced."""
    economist = get_user("ekonom")
    return run_billing(get_budget("budget-2026"), 1, by=economist, invoice_on=date(2026, 1, 2))


def text_of(response: Any) -> str:
    return " ".join(
        response.content.decode().replace("\u2009", " ").replace("\u202f", " ").replace("\xa0", " ").split()
    )


def invoice_of(name: str) -> Invoice:
    found: Invoice = Invoice.objects.get(customer__name=name)
    return found


@pytest.mark.parametrize("name", INSIDE)
def test_federation_reads_all_invoices_and_months(run: BillingRun, name: str) -> None:
    page = text_of(client_of(name, "en").get(LIST))
    assert all(number in page for number in Invoice.objects.values_list("number", flat=True))
    assert page.count("data-month=") == 12
    assert ("Create invoices for" in page) == (name == "ekonom")
    for invoice in Invoice.objects.all():
        assert client_of(name, "en").get(reverse("invoices:invoice", args=[invoice.uuid])).status_code == 200


def test_municipality_officer_reads_the_own_invoices_only(run: BillingRun) -> None:
    client, own = client_of("vimmerby", "en"), invoice_of("Vimmerby kommun")
    page = text_of(client.get(LIST))
    assert own.number in page and "data-month=" not in page
    others = Invoice.objects.exclude(pk=own.pk)
    assert not [invoice.number for invoice in others if invoice.number in page]
    assert client.get(reverse("invoices:invoice", args=[own.uuid])).status_code == 200
    for invoice in others:
        assert client.get(reverse("invoices:invoice", args=[invoice.uuid])).status_code == 404
    assert "Boxholm" not in page


def test_officer_who_filters_by_another_customer_finds_nothing(run: BillingRun) -> None:
    other = Customer.objects.get(name="Boxholms kommun")
    page = text_of(client_of("vimmerby", "en").get(LIST, {"customer": str(other.uuid)}))
    assert "2026-0001" not in page and "Boxholm" not in page


def test_outsider_sees_no_invoice_and_nobody_is_sent_to_sign_in(run: BillingRun) -> None:
    page = text_of(client_of("utan.roll", "en").get(LIST))
    assert "2026-0001" not in page and "data-month=" not in page
    assert (
        client_of("utan.roll", "en").get(reverse("invoices:invoice", args=[invoice_of("Ydre kommun").uuid])).status_code
        == 404
    )
    assert Client().get(LIST).status_code == 302


@pytest.mark.parametrize("name", ["direktion", "revisor", "administrator", "objektagare", "vimmerby", "utan.roll"])
def test_only_the_economist_opens_and_sends_the_form(name: str) -> None:
    client = client_of(name, "en")
    assert client.get(CREATE).status_code == 403
    assert client.post(CREATE, {"invoice_on": "2026-01-02", "invoice_on-asked": "2026-01-02"}).status_code == 403
    assert BillingRun.objects.count() == 0


def test_economist_sees_the_sums_first_and_then_creates_the_invoices() -> None:
    client = client_of("ekonom", "en")
    before = text_of(client.get(CREATE))
    assert "Vimmerby kommun" in before and "Adds up to the öre" in before and Invoice.objects.count() == 0
    # The buyer of used equipment is invoiced for what is sold, which nobody plans.
    payers = set(load_customer_totals(get_budget("budget-2026")))
    answer = client.post(CREATE, {"invoice_on": "2026-01-02", "invoice_on-asked": "2026-01-02"}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "5 invoices for January 2026 are created." in text_of(answer)
    assert {invoice.customer_id for invoice in Invoice.objects.all()} == payers


def test_page_before_shows_exactly_what_is_then_invoiced() -> None:
    shown = client_of("ekonom", "en").get(CREATE).context["planned"]
    client_of("ekonom", "en").post(CREATE, {"invoice_on": "2026-01-02", "invoice_on-asked": "2026-01-02"})
    made = {invoice.customer: (invoice.net_ore, invoice.vat_ore) for invoice in Invoice.objects.all()}
    assert made == {plan.customer: (plan.net_ore, plan.vat_ore) for plan in shown}


def test_month_that_is_invoiced_says_so_instead_of_a_form(run: BillingRun) -> None:
    client = client_of("ekonom", "en")
    page = text_of(client.get(CREATE))
    assert "already invoiced" in page and "<form class=" not in page.split("<main")[1]
    again = client.post(CREATE, {"invoice_on": "2026-01-02", "invoice_on-asked": "2026-01-02"})
    assert again.status_code == 409 and "already invoiced" in text_of(again)
    assert BillingRun.objects.count() == 1


def test_draft_says_that_it_is_not_adopted() -> None:
    page = text_of(client_of("ekonom", "en").get("/budgets/budget-2027/invoices/1/create/"))
    assert "Budget 2027 is not adopted" in page


@pytest.mark.parametrize("month", [0, 13])
def test_month_outside_the_year_does_not_exist(month: int) -> None:
    assert client_of("ekonom", "en").get(f"/budgets/budget-2026/invoices/{month}/create/").status_code == 404


@pytest.mark.parametrize("day", ["", "x", "1926-01-02", "2062-01-02"])
def test_bad_invoice_date_is_refused_with_words_and_nothing_is_made(day: str) -> None:
    answer = client_of("ekonom", "en").post(CREATE, {"invoice_on": day})
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    assert Invoice.objects.count() == 0


def test_list_is_filtered_and_sorted(run: BillingRun) -> None:
    client, customer = client_of("ekonom", "en"), Customer.objects.get(name="Ydre kommun")
    rows = client.get(LIST, {"customer": str(customer.uuid), "month": "1", "year": "2026"}).context["table"].rows
    assert [row.record.customer for row in rows] == [customer]
    assert not len(client.get(LIST, {"month": "2"}).context["table"].rows)
    sizes = [row.record.to_pay_ore for row in client.get(LIST, {"sort": "to_pay_ore"}).context["table"].rows]
    assert sizes == sorted(sizes)
    wrong = text_of(client.get(LIST, {"month": "14"}))
    assert "No invoice matches" in wrong and "msg-bad" in wrong


def test_list_without_invoices_says_so_and_a_filter_without_rows_says_that() -> None:
    client = client_of("ekonom", "en")
    assert "There are no invoices yet." in text_of(client.get(LIST))
    assert "No invoice matches" in text_of(client.get(LIST, {"year": "2026"}))


@pytest.mark.parametrize(
    ("page", "said"),
    [("2", "There is no page 2."), ("999", "the last, 1"), ("0", "is not a page"), ("-1", "is not a page")],
)
def test_page_beyond_the_end_shows_the_last_and_says_so(run: BillingRun, page: str, said: str) -> None:
    answer = client_of("ekonom", "en").get(LIST, {"page": page})
    assert answer.status_code == 200 and answer.context["table"].page.number == 1
    assert said in text_of(answer)


def test_invoice_reads_as_an_invoice(run: BillingRun) -> None:
    invoice = invoice_of("Vimmerby kommun")
    page = text_of(client_of("vimmerby", "en").get(reverse("invoices:invoice", args=[invoice.uuid])))
    for part in (
        "Kommunalförbundet Itsam",
        "222000-9993",
        "999-9004",
        "212000-0787",
        invoice.number,
        "2026-01-02",
        "2026-02-01",
        "Base grant",
    ):
        assert part in page
    assert page.count('class="indent"') == invoice.lines.count()
    assert "Itsam Budget · Budget 2026 · original" in page


def test_invoice_reads_the_same_when_its_customer_is_renamed(run: BillingRun) -> None:
    invoice = invoice_of("Ydre kommun")
    Customer.objects.filter(pk=invoice.customer_id).update(name="Nya kommunen")
    assert "Ydre kommun" in text_of(client_of("ekonom", "en").get(reverse("invoices:invoice", args=[invoice.uuid])))


def test_keys_are_marked_as_assumed_and_a_product_without_one_is_seen() -> None:
    client = client_of("ekonom", "en")
    page = text_of(client.get("/budgets/budget-2026/keys/"))
    assert "Equal parts" in page and "Inhabitants" in page and page.count('class="assumed"') >= 3
    assert "No key" not in page and "Kinda" not in page
    draft = get_budget()
    BudgetProduct.objects.filter(pk=BudgetProduct.objects.filter(budget=draft).earliest("pk").pk).update(
        allocation_key=None
    )
    assert text_of(client.get("/budgets/budget-2027/keys/")).count("No key") == 1
    assert client_of("vimmerby", "en").get("/budgets/budget-2027/keys/").status_code == 404
    assert "no allocation keys" in text_of(client.get("/budgets/budget-2025/keys/"))


def test_number_of_queries_does_not_depend_on_the_number_of_invoices(run: BillingRun) -> None:
    client = client_of("ekonom", "en")
    few = count_queries(client, LIST)
    economist = get_user("ekonom")
    for month in range(2, 9):
        run_billing(get_budget("budget-2026"), month, by=economist, invoice_on=date(2026, month, 2))
    assert count_queries(client, LIST) == few


def test_invoices_of_a_customer_are_its_own(run: BillingRun) -> None:
    customer = Customer.objects.get(name="Ydre kommun")
    assert [invoice.customer for invoice in list_invoices_of(customer)] == [customer]


def test_month_names_follow_the_reader(run: BillingRun) -> None:
    with translation.override("sv"):
        page = text_of(client_of("ekonom", "sv").get(LIST))
    assert "Januari" in page and "januari 2026" in page
