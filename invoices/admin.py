"""Billing runs, invoices and their lines in the administration: to look at only, for they are final."""

from __future__ import annotations

from django.contrib import admin

from invoices.models import BillingRun, Invoice, InvoiceLine
from records.admin import ReadOnlyAdmin


@admin.register(BillingRun)
class BillingRunAdmin(ReadOnlyAdmin):
    """A month's billing."""

    list_display = ("__str__", "budget", "month", "started_by", "created_at")
    list_filter = ("budget",)
    list_select_related = ("budget", "started_by")


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """Invoices."""

    list_display = ("number", "customer", "billing_run", "invoice_on", "due_on", "net_ore", "vat_ore")
    list_filter = ("customer", "billing_run__budget")
    search_fields = ("number", "customer_name")
    list_select_related = ("customer", "billing_run__budget")


@admin.register(InvoiceLine)
class InvoiceLineAdmin(ReadOnlyAdmin):
    """Lines of invoices."""

    list_display = ("text", "invoice", "category", "net_ore", "vat_percent")
    list_filter = ("category",)
    search_fields = ("text", "invoice__number")
    list_select_related = ("invoice",)
