"""A customer's invoices as the API reads them: plain rows of values, of the token's customer and nobody else."""

from __future__ import annotations

from typing import Any, NamedTuple
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


class Page(NamedTuple):
    """A page of rows, and how many there are in all."""

    rows: list[tuple[Any, ...]]
    total: int


def count_pages(total: int, limit: int) -> int:
    """How many pages `total` rows fill; an empty list has one."""
    return max(-(-total // limit), 1)


def load_invoice_page(customer: Customer, *, year: int | None, month: int | None, page: int, limit: int) -> Page:
    """One page of a customer's invoices, newest first, as tuples of FIELDS; no rows beyond the end. Two queries."""
    chosen = {"billing_run__budget__fiscal_year": year, "billing_run__month": month}
    invoices = Invoice.objects.filter(customer=customer, **{name: value for name, value in chosen.items() if value})
    total = invoices.count()
    if page > count_pages(total, limit):
        return Page([], total)
    rows = invoices.order_by("-invoice_on", "-number").values_list(*FIELDS)
    return Page(list(rows[(page - 1) * limit : page * limit]), total)


def find_invoice_row(customer: Customer, uuid: UUID) -> tuple[Any, ...] | None:
    """One of a customer's invoices as a tuple of FIELDS; None for another's."""
    row: tuple[Any, ...] | None = Invoice.objects.filter(customer=customer, uuid=uuid).values_list(*FIELDS).first()
    return row


def load_line_rows(customer: Customer, uuid: UUID) -> list[tuple[Any, ...]]:
    """An invoice's lines in order as tuples of LINE_FIELDS."""
    lines = InvoiceLine.objects.filter(invoice__uuid=uuid, invoice__customer=customer).order_by("position")
    return list(lines.values_list(*LINE_FIELDS))
