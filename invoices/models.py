"""What each customer pays: a month's billing run, its invoices and their lines.

All three are final: triggers refuse every change and deletion, also by SQL; a wrong invoice is met by a credit note. What
an invoice says of seller and customer is kept with it, so that it reads the same when they are renamed.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from budgets.models import Budget, BudgetProduct, RevenueCategory
from objects.models import Customer
from objects.models.roles import FEDERATION_ROLES, FederationQuerySet, roles_of
from web.fields import OreField
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


@tracked()
class BillingRun(models.Model):
    """All invoices of one month of an adopted budget, made at once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="billing_runs")
    month = models.PositiveSmallIntegerField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="billing_runs")
    created_at = models.DateTimeField(auto_now_add=True)
    seller_name = models.CharField(max_length=120)
    seller_organisation_number = models.CharField(max_length=12)
    seller_bankgiro = models.CharField(max_length=12, blank=True)

    objects = FederationQuerySet.as_manager()

    class Meta:
        ordering = ["-budget__fiscal_year", "-month"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "month"], name="month_invoiced_once_a_budget"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="month_of_run_is_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.budget.fiscal_year}-{self.month:02d}"


class InvoiceQuerySet(models.QuerySet[Any]):
    """The federation sees all invoices, a municipality officer the own ones."""

    customer_path = ""

    def visible_to(self, user: User) -> Self:
        if roles_of(user) & FEDERATION_ROLES:
            return self
        return self.filter(**{f"{self.customer_path}customer__in": Customer.objects.visible_to(user)})


class InvoiceLineQuerySet(InvoiceQuerySet):
    customer_path = "invoice__"


@tracked()
class Invoice(models.Model):
    """What one customer pays for one month; a deferred trigger holds its sums to its lines."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    billing_run = models.ForeignKey(BillingRun, models.PROTECT, related_name="invoices")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="invoices")
    customer_name = models.CharField(max_length=120)
    customer_organisation_number = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=16, unique=True)
    invoice_on = models.DateField()
    due_on = models.DateField()
    net_ore = OreField()
    vat_ore = OreField()

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["billing_run", "customer"], name="invoice_once_a_customer_and_run"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{4}-[0-9]{4,}$"), name="invoice_number_is_year_and_count"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("invoice_on")), name="invoice_is_due_after_its_date"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def gross_ore(self) -> int:
        """What is to be paid, VAT included."""
        gross: int = self.net_ore + self.vat_ore
        return gross


@tracked()
class InvoiceLine(models.Model):
    """A product on an invoice; negative where it lowers it, as use of equity does."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    budget_product = models.ForeignKey(BudgetProduct, models.PROTECT, related_name="invoice_lines")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=160)
    category = models.CharField(max_length=30, choices=RevenueCategory)
    net_ore = OreField()
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)

    objects = InvoiceLineQuerySet.as_manager()

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once"),
            models.CheckConstraint(
                condition=Q(vat_percent__gte=0, vat_percent__lte=100), name="invoice_vat_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return self.text
