"""A customer's invoices by the API, in camelCase, amounts as decimal strings in SEK, moments in UTC.

The trick: rows are plain tuples written straight into the answer; the serializers only describe it in the document,
and a test holds the two together.
"""

from __future__ import annotations

from datetime import UTC
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from budgets.models import RevenueCategory
from invoices.selectors.api import InvoiceRow, LineRow, count_pages, find_invoice_row, load_invoice_page, load_line_rows
from objects.authentication import HasScope, customer_of
from objects.models import Scope
from web.api import (
    KEPT_HEADERS,
    LINK_HEADER,
    NOT_CHANGED,
    RETRY_HEADER,
    ApiView,
    Whole,
    answer_kept,
    both,
    link_pages,
    problem_answers,
    tag_of,
)
from web.serializers import OreSerializerField

# Profile FNS.08 sets what a list gives that nobody asked for more of.
USUAL_LIMIT, LARGEST_LIMIT = 20, 200
ERRORS = (400, 401, 403, 404, 406, 415, 429, 500)
_show_sek = OreSerializerField().to_representation


def write_invoice(row: InvoiceRow) -> dict[str, object]:
    """Return an invoice as the API gives it, of a tuple of `selectors.api.FIELDS`."""
    uuid, number, year, month, budget, created_at, invoice_on, due_on, net_ore, vat_ore, customer = row
    return {
        "id": str(uuid),
        "number": number,
        "year": year,
        "month": month,
        "budget": budget,
        "customerName": customer,
        "invoiceDate": invoice_on.isoformat(),
        "dueDate": due_on.isoformat(),
        "currency": "SEK",
        "netAmount": _show_sek(net_ore),
        "vatAmount": _show_sek(vat_ore),
        "totalAmount": _show_sek(net_ore + vat_ore),
        "createdAt": created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def write_line(row: LineRow) -> dict[str, object]:
    """Return a line as the API gives it, of a tuple of `selectors.api.LINE_FIELDS`."""
    product, text, category, net_ore, vat_percent = row
    return {
        "productId": str(product),
        "text": text,
        "category": category,
        "netAmount": _show_sek(net_ore),
        "vatPercent": f"{vat_percent:.2f}",
    }


# The document


def _sek(swedish: str, english: str) -> serializers.RegexField:
    return serializers.RegexField(r"^-?[0-9]+\.[0-9]{2}$", help_text=both(swedish, english))


class InvoiceSerializer(serializers.Serializer[object]):
    """An invoice in a list."""

    id = serializers.UUIDField(help_text=both("Fakturans identitet.", "The invoice's identity."))
    number = serializers.CharField(help_text=both("Fakturanummer.", "Invoice number."))
    year = serializers.IntegerField(help_text=both("Året som fakturan avser.", "The year that it is for."))
    month = serializers.IntegerField(
        min_value=1, max_value=12, help_text=both("Månaden som den avser.", "The month that it is for.")
    )
    budget = serializers.CharField(help_text=both("Budgeten den bygger på.", "The budget it is based on."))
    customerName = serializers.CharField(
        help_text=both("Kundens namn när den ställdes ut.", "The customer's name when it was issued.")
    )
    invoiceDate = serializers.DateField(help_text=both("Fakturadatum.", "Invoice date."))
    dueDate = serializers.DateField(help_text=both("Förfallodatum.", "Due date."))
    currency = serializers.ChoiceField(["SEK"], help_text=both("Valuta.", "Currency."))
    netAmount = _sek("Belopp i kronor utan moms.", "Amount in SEK without VAT.")
    vatAmount = _sek("Moms i kronor.", "VAT in SEK.")
    totalAmount = _sek("Att betala i kronor, med moms.", "To pay in SEK, with VAT.")
    createdAt = serializers.DateTimeField(help_text=both("När den gjordes, i UTC.", "When it was made, in UTC."))


class InvoiceLineSerializer(serializers.Serializer[object]):
    """A product on an invoice."""

    productId = serializers.UUIDField(
        help_text=both("Produktens identitet, samma alla år.", "The product's identity, the same in all years.")
    )
    text = serializers.CharField(help_text=both("Produktens namn.", "The product's name."))
    category = serializers.ChoiceField(RevenueCategory.values, help_text=both("Intäktskategori.", "Revenue category."))
    netAmount = _sek("Belopp i kronor utan moms.", "Amount in SEK without VAT.")
    vatPercent = serializers.RegexField(
        r"^[0-9]+\.[0-9]{2}$", help_text=both("Momssats i procent.", "VAT rate in per cent.")
    )


class InvoiceDetailSerializer(InvoiceSerializer):
    """An invoice with its lines."""

    lines = InvoiceLineSerializer(
        many=True, help_text=both("Fakturans rader i ordning.", "The invoice's lines in order.")
    )


class InvoicePageSerializer(serializers.Serializer[object]):
    """A page of invoices."""

    invoices = InvoiceSerializer(many=True, help_text=both("Nyast först.", "Newest first."))
    page = serializers.IntegerField(min_value=1, help_text=both("Sidans nummer, från 1.", "The page's number, from 1."))
    limit = serializers.IntegerField(
        min_value=1, max_value=LARGEST_LIMIT, help_text=both("Fakturor per sida.", "Invoices on a page.")
    )
    pageCount = serializers.IntegerField(min_value=1, help_text=both("Antal sidor.", "Number of pages."))
    totalCount = serializers.IntegerField(min_value=0, help_text=both("Antal fakturor.", "Number of invoices."))


EXAMPLE = {
    "id": "5f0c1f5e-2c43-4c51-9b0a-3d5d7a1a6b10",
    "number": "2026-0003",
    "year": 2026,
    "month": 5,
    "budget": "budget-2026",
    "customerName": "Exempelkommun",
    "invoiceDate": "2026-05-01",
    "dueDate": "2026-05-31",
    "currency": "SEK",
    "netAmount": "2396695.00",
    "vatAmount": "599173.75",
    "totalAmount": "2995868.75",
    "createdAt": "2026-05-01T06:00:00Z",
}
EXAMPLE_LINE = {
    "productId": "0b0b7b56-7c43-4a0f-8f0f-0a9b1c5d2e3f",
    "text": "Lifecare Grundmodul",
    "category": "allocated",
    "netAmount": "2396695.00",
    "vatPercent": "25.00",
}


PARAMETERS = {
    "year": Whole(2000, 2200),
    "month": Whole(1, 12),
    "page": Whole(1, usual=1),
    "limit": Whole(1, LARGEST_LIMIT, USUAL_LIMIT),
}


def _number(name: str, example: int, description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, PARAMETERS[name].describe(), description=description, examples=[OpenApiExample(name, value=example)]
    )


class InvoicesEndpoint(ApiView):
    """A page of the customer's invoices."""

    permission_classes = [HasScope]
    scope = Scope.READ_INVOICES
    parameters = PARAMETERS

    @extend_schema(
        operation_id="listInvoices",
        tags=["invoices"],
        summary="Lista fakturor / List invoices",
        description=both(
            "API-nyckelns kunds fakturor, nyast först.", "The invoices of the token's customer, newest first."
        ),
        parameters=[
            _number("year", 2026, both("Bara fakturor som avser detta år.", "Only invoices for this year.")),
            _number("month", 5, both("Bara fakturor som avser denna månad.", "Only invoices for this month.")),
            _number("page", 1, both("Sidans nummer, från 1.", "The page's number, from 1.")),
            _number("limit", 50, both("Fakturor per sida.", "Invoices on a page.")),
            *KEPT_HEADERS,
            LINK_HEADER,
            RETRY_HEADER,
        ],
        responses={
            200: OpenApiResponse(
                InvoicePageSerializer,
                description=both("En sida fakturor.", "A page of invoices."),
                examples=[
                    OpenApiExample(
                        "A page",
                        value={"invoices": [EXAMPLE], "page": 1, "limit": 50, "pageCount": 1, "totalCount": 1},
                        response_only=True,
                    )
                ],
            ),
            304: NOT_CHANGED,
            **problem_answers(ERRORS, "/api/v1/invoices"),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Read a page; one beyond the end is not found, and the problem says which there are."""
        page, limit = self.asked["page"] or 1, self.asked["limit"] or USUAL_LIMIT
        year, month = self.asked["year"], self.asked["month"]
        rows, total = load_invoice_page(customer_of(request), year=year, month=month, page=page, limit=limit)
        pages = count_pages(total, limit)
        if page > pages:
            raise NotFound(describe_pages(page, pages), code="page-beyond-end")
        answer = {"page": page, "limit": limit, "pageCount": pages, "totalCount": total}
        # An invoice never changes, so which they are says what is told of them.
        tag = tag_of(answer, *(row.uuid for row in rows))
        response = answer_kept(request, tag, lambda: {"invoices": [write_invoice(row) for row in rows], **answer})
        response.headers["Link"] = link_pages(request, page, pages)
        return response


def describe_pages(page: int, pages: int) -> str:
    """Return which pages there are, when one beyond the end was asked for."""
    text = ngettext(
        "Page %(page)s does not exist. There is one page, number 1.",
        "Page %(page)s does not exist. The pages are 1 to %(pages)s.",
        pages,
    )
    return text % {"page": page, "pages": pages}


class InvoiceEndpoint(ApiView):
    """One of the customer's invoices, with its lines."""

    permission_classes = [HasScope]
    scope = Scope.READ_INVOICES

    @extend_schema(
        operation_id="getInvoice",
        tags=["invoices"],
        summary="Hämta en faktura / Get an invoice",
        description=both("En faktura med sina rader.", "An invoice with its lines."),
        parameters=[
            OpenApiParameter(
                "invoice",
                {"type": "string", "format": "uuid"},
                OpenApiParameter.PATH,
                description=both("Fakturans identitet.", "The invoice's identity."),
                examples=[OpenApiExample("invoice", value=EXAMPLE["id"])],
            ),
            *KEPT_HEADERS,
            RETRY_HEADER,
        ],
        responses={
            200: OpenApiResponse(
                InvoiceDetailSerializer,
                description=both("Fakturan.", "The invoice."),
                examples=[OpenApiExample("An invoice", value={**EXAMPLE, "lines": [EXAMPLE_LINE]}, response_only=True)],
            ),
            304: NOT_CHANGED,
            **problem_answers(ERRORS, f"/api/v1/invoices/{EXAMPLE['id']}"),
        },
    )
    def get(self, request: Request, invoice: UUID) -> HttpResponseBase:
        """Read it; another customer's does not exist. It never changes, so its identity is its tag."""
        customer = customer_of(request)
        row = find_invoice_row(customer, invoice)
        if row is None:
            raise NotFound(_("There is no invoice with this identity among those of the token's customer."))

        def make() -> dict[str, object]:
            return {**write_invoice(row), "lines": [write_line(line) for line in load_line_rows(customer, invoice)]}

        return answer_kept(request, tag_of(invoice), make)
