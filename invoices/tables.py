"""The list of invoices."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from invoices.models import Invoice
from invoices.words import name_month
from web.tables import OPTIONAL, BaseTable, DayColumn, SekColumn, total_label


class InvoiceTable(BaseTable):
    """Invoices, SEK."""

    caption = _("Invoices, SEK")
    number = tables.Column(verbose_name=_("Number"), footer=total_label)
    customer = tables.Column(accessor="customer_name", verbose_name=_("Customer"))
    month = tables.Column(
        accessor="billing_run__month",
        order_by=("billing_run__budget__fiscal_year", "billing_run__month"),
        verbose_name=_("Month"),
        attrs=OPTIONAL,
    )
    invoice_on = DayColumn(verbose_name=_("Invoice date"), css="opt")
    due_on = DayColumn(verbose_name=_("Due date"), css="opt")
    net_ore = SekColumn(verbose_name=_("Excl. VAT"), total=True, css="opt")
    vat_ore = SekColumn(verbose_name=_("VAT"), total=True, css="opt")
    to_pay_ore = SekColumn(verbose_name=_("To pay"), total=True, css="now")

    class Meta:
        empty_text = _("No invoice matches.")

    def render_number(self, record: Invoice) -> SafeString:
        """Return a link to the invoice."""
        return format_html('<a href="{}">{}</a>', reverse("invoices:invoice", args=[record.uuid]), record.number)

    def render_month(self, record: Invoice) -> str:
        """Return the month it is for, by name."""
        return name_month(record.billing_run.budget.fiscal_year, record.billing_run.month)
