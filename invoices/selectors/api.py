"""A customer's invoices as the API reads them: plain rows of values, of the token's customer and nobody else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from invoices.models import Invoice, InvoiceLine
from objects.models import Customer

FIELDS = (
    "uuid",
    "number",
    "billing_run__budget__fiscal_year",
    "billing_run__month",
    "billing_run__budget__slug",
    "billing_run__created_at",
    "invoice_on",
    "due_on",
    "net_ore",
    "vat_ore",
    "customer_name",
)
LINE_FIELDS = ("budget_product__product__uuid", "text", "category", "net_ore", "vat_percent")


class InvoiceRow(NamedTuple):
    """The values of FIELDS."""

    uuid: UUID
    number: str
    year: int
    month: int
    budget: str
    created_at: datetime
    invoice_on: date
    due_on: date
    net_ore: int
    vat_ore: int
    customer_name: str


class LineRow(NamedTuple):
    """The values of LINE_FIELDS."""

    product: UUID
    text: str
    category: str
    net_ore: int
    vat_percent: Decimal


class Page(NamedTuple):
    """A page of rows, and how many there are in all."""

    rows: list[InvoiceRow]
    total: int


def count_pages(total: int, limit: int) -> int:
    """Return how many pages `total` rows fill; an empty list has one."""
    return max(-(-total // limit), 1)


def load_invoice_page(customer: Customer, *, year: int | None, month: int | None, page: int, limit: int) -> Page:
    """Return one page of a customer's invoices, newest first, in two queries; no rows beyond the end."""
    chosen = {"billing_run__budget__fiscal_year": year, "billing_run__month": month}
    invoices = Invoice.objects.filter(customer=customer, **{name: value for name, value in chosen.items() if value})
    total = invoices.count()
    if page > count_pages(total, limit):
        return Page([], total)
    rows = invoices.order_by("-invoice_on", "-number").values_list(*FIELDS)
    return Page([InvoiceRow(*row) for row in rows[(page - 1) * limit : page * limit]], total)


def find_invoice_row(customer: Customer, uuid: UUID) -> InvoiceRow | None:
    """Return one of a customer's invoices as a tuple of FIELDS; None for another's."""
    row = Invoice.objects.filter(customer=customer, uuid=uuid).values_list(*FIELDS).first()
    return None if row is None else InvoiceRow(*row)


def load_line_rows(customer: Customer, uuid: UUID) -> list[LineRow]:
    """Return an invoice's lines in order as tuples of LINE_FIELDS."""
    lines = InvoiceLine.objects.filter(invoice__uuid=uuid, invoice__customer=customer).order_by("position")
    return [LineRow(*row) for row in lines.values_list(*LINE_FIELDS)]
