"""Billing runs: twelve months are the budget's revenue, and invoices are final (rule 7)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction

from budgets.models import Budget, BudgetProduct
from budgets.selectors.shares import load_customer_totals, load_product_charges, load_shares
from forecasts.services.versions import adopt_budget
from invoices.models import BillingRun, Invoice, InvoiceLine
from invoices.selectors.billing import load_months, load_year_state
from invoices.services import BillingError, run_billing
from objects.models import Customer
from records.reasons import Reason
from records.services import change
from tests.cast import ECONOMIST, get_budget, get_user

DAY = date(2026, 1, 2)


def bill(month: int = 1, day: date = DAY) -> BillingRun:
    return run_billing(get_budget("budget-2026"), month, by=get_user(ECONOMIST), invoice_on=day)


@pytest.mark.django_db
def test_twelve_months_are_the_budgets_revenue_by_product_and_customer() -> None:
    for month in range(1, 13):
        bill(month)
    shares = {
        (share.budget_product_id, share.customer_id): share.amounts[0]
        for share in load_shares(get_budget("budget-2026"))
    }
    invoiced: Counter[tuple[int, int]] = Counter()
    for product_id, customer_id, net in InvoiceLine.objects.values_list(
        "budget_product", "invoice__customer", "net_ore"
    ):
        invoiced[product_id, customer_id] += net
    assert {key: ore for key, ore in invoiced.items() if ore} == {key: ore for key, ore in shares.items() if ore}
    revenues = load_product_charges(get_budget("budget-2026"))
    for product_id, amounts in revenues.items():
        assert sum(ore for (product, _customer), ore in invoiced.items() if product == product_id) == amounts[0]
    state = load_year_state(
        get_budget("budget-2026"), load_months(get_budget("budget-2026"), load_shares(get_budget("budget-2026")))
    )
    assert (state.left_ore, state.difference_ore, state.invoiced_ore) == (0, 0, sum(a[0] for a in revenues.values()))


@pytest.mark.django_db
def test_invoices_of_a_month_are_numbered_dated_and_due_in_thirty_days() -> None:
    bill(1)
    bill(2, date(2026, 2, 2))
    numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [f"2026-{count:04d}" for count in range(1, len(numbers) + 1)]
    first = Invoice.objects.get(number="2026-0001")
    assert (first.invoice_on, first.due_on) == (DAY, date(2026, 2, 1))
    assert set(Invoice.objects.values_list("customer__kind", flat=True)) == {"member"}
    assert all(invoice.customer_name == invoice.customer.name for invoice in Invoice.objects.all())
    bill(3, date(2027, 1, 4))
    assert Invoice.objects.filter(number="2027-0001").exists()


@pytest.mark.django_db
def test_vat_is_a_quarter_of_the_net_rounded_once() -> None:
    bill()
    for invoice in Invoice.objects.all():
        assert abs(4 * invoice.vat_ore - invoice.net_ore) <= 2
        assert invoice.net_ore == sum(invoice.lines.values_list("net_ore", flat=True))


@pytest.mark.django_db
def test_use_of_equity_is_a_negative_line_of_the_base_grant() -> None:
    bill()
    negative = InvoiceLine.objects.filter(net_ore__lt=0)
    assert set(negative.values_list("category", flat=True)) == {"base_grant"}
    assert sum(negative.values_list("net_ore", flat=True)) == -3_000_000_00 // 12


@pytest.mark.django_db
def test_month_is_invoiced_once() -> None:
    bill(4)
    with pytest.raises(BillingError, match=r"(?i)april 2026"):
        bill(4)
    assert BillingRun.objects.count() == 1


@pytest.mark.django_db
def test_draft_is_not_invoiced_by_the_service_nor_by_sql() -> None:
    draft = get_budget("budget-2027")
    with pytest.raises(BillingError, match="Budget 2027"):
        run_billing(draft, 1, by=get_user(ECONOMIST))
    with pytest.raises(DatabaseError, match="adopted"), transaction.atomic():
        BillingRun.objects.create(
            budget=draft, month=1, started_by=get_user(ECONOMIST), seller_name="x", seller_organisation_number="x"
        )


@pytest.mark.django_db
@pytest.mark.parametrize("month", [0, 13])
def test_month_outside_the_year_is_refused(month: int) -> None:
    with pytest.raises(BillingError, match=str(month)):
        bill(month)


@pytest.mark.django_db
def test_product_without_a_key_stops_the_run_and_is_named() -> None:
    draft = get_budget("budget-2027")
    product = BudgetProduct.objects.filter(budget=draft, category="usage").earliest("pk")
    BudgetProduct.objects.filter(pk=product.pk).update(allocation_key=None)
    other = get_budget("budget-2026")
    adopt(draft, other)
    with pytest.raises(BillingError, match=product.name):
        run_billing(draft, 1, by=get_user(ECONOMIST))


def adopt(draft: Budget, other: Budget) -> None:
    assert other.adopted_by is not None
    adopt_budget(draft, decision=other.adopted_by, by="test")


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["direktion", "revisor", "administrator", "vimmerby", "objektagare", "utan.roll"])
def test_only_the_economist_creates_invoices(email: str) -> None:
    with pytest.raises(PermissionDenied):
        run_billing(get_budget("budget-2026"), 1, by=get_user(email))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoices_invoice SET net_ore = 0",
        "UPDATE invoices_invoice SET due_on = due_on + 1",
        "DELETE FROM invoices_invoice",
        "UPDATE invoices_invoiceline SET net_ore = 0",
        "DELETE FROM invoices_invoiceline",
        "UPDATE invoices_billingrun SET month = 12",
        "DELETE FROM invoices_billingrun",
        "TRUNCATE invoices_invoice CASCADE",
        "DROP TRIGGER keep_final ON invoices_invoice",
        "DELETE FROM invoices_invoiceevent",
    ],
)
def test_site_role_cannot_change_an_invoice(statement: str) -> None:
    bill()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def close_transaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_line_added_later_breaks_the_sum_and_is_refused() -> None:
    bill()
    close_transaction()
    line = InvoiceLine.objects.earliest("pk")
    with pytest.raises(DatabaseError, match="sums"), transaction.atomic():
        InvoiceLine.objects.create(
            invoice=line.invoice,
            budget_product=line.budget_product,
            position=999,
            text="x",
            category="usage",
            net_ore=1,
            vat_percent=25,
        )
        close_transaction()


@pytest.mark.django_db
def test_gap_in_the_numbers_is_refused() -> None:
    run = bill()
    values = {"customer": Customer.objects.get(kind="former_member"), "customer_name": "x", "net_ore": 0, "vat_ore": 0}
    with pytest.raises(DatabaseError, match="gaps"), transaction.atomic():
        Invoice.objects.create(billing_run=run, number="2026-0099", invoice_on=DAY, due_on=DAY, **values)


@pytest.mark.django_db
def test_customer_totals_are_the_budget() -> None:
    for slug in ("budget-2026", "budget-2027"):
        totals, revenues = load_customer_totals(get_budget(slug)), load_product_charges(get_budget(slug))
        for year in range(3):
            assert sum(amounts[year] for amounts in totals.values()) == sum(
                amounts[year] for amounts in revenues.values()
            )


def test_two_runs_at_once_make_one(committed: str) -> None:
    start = Barrier(2)

    def attempt(_number: int) -> str:
        start.wait()
        try:
            bill(5)
        except BillingError:
            return "refused"
        finally:
            connections.close_all()
        return "made"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["made", "refused"]
    assert BillingRun.objects.count() == 1
    assert Invoice.objects.count() == len(set(Invoice.objects.values_list("number", flat=True)))


def test_failed_run_leaves_nothing_and_no_gap(committed: str) -> None:
    with pytest.raises(RuntimeError), change(by="test", reason=Reason.SAID, words="test"):
        bill(1)
        raise RuntimeError
    assert Invoice.objects.count() == 0
    bill(1)
    assert Invoice.objects.earliest("number").number == "2026-0001"


@pytest.mark.django_db
def test_history_names_the_economist() -> None:
    bill()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pgh_context->>'by', pgh_label FROM invoices_invoiceevent")
        assert cursor.fetchall() == [("ekonom@demo.example", "insert")]
