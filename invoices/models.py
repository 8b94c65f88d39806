"""What each customer pays: a month's billing run, its invoices and their lines.

All three are final: triggers refuse every change and deletion, also by SQL; a wrong invoice is met by a credit note. What
an invoice says of seller and customer is kept with it, so that it reads the same when they are renamed.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, LPad
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, BudgetProduct, RevenueCategory
from objects.models import Customer
from objects.models.roles import FEDERATION_ROLES, FederationQuerySet, roles_of
from web.days import DayField, day_checks
from web.fields import OreField
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


MONTH = Concat(
    Cast("budget__fiscal_year", models.CharField()),
    Value("-"),
    LPad(Cast("month", models.CharField()), 2, Value("0")),
)


@tracked(shown=("month",), hidden=("started_by",), name=MONTH)
class BillingRun(models.Model):
    """All invoices of one month of an adopted budget, made at once."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="billing_runs", verbose_name=_("Budget"))
    month = models.PositiveSmallIntegerField(_("Month"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="billing_runs", verbose_name=_("Started by")
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    seller_name = models.CharField(_("Seller"), max_length=120)
    seller_organisation_number = models.CharField(_("Seller's organisation number"), max_length=12)
    seller_bankgiro = models.CharField(_("Seller's bankgiro"), max_length=12, blank=True)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("month's invoices")
        verbose_name_plural = _("invoices of months")
        ordering = ["-budget__fiscal_year", "-month"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "month"], name="month_invoiced_once_a_budget"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="month_of_run_is_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.budget.fiscal_year}-{self.month:02d}"


Row = TypeVar("Row", bound=models.Model, covariant=True)


class InvoiceQuerySet(models.QuerySet[Row]):
    """The federation sees all invoices, a municipality officer the own ones."""

    customer_path = ""

    def visible_to(self, user: User) -> Self:
        if roles_of(user) & FEDERATION_ROLES:
            return self
        return self.filter(**{f"{self.customer_path}customer__in": Customer.objects.visible_to(user)})


class InvoiceLineQuerySet(InvoiceQuerySet["InvoiceLine"]):
    customer_path = "invoice__"


@tracked(shown=("customer", "invoice_on", "due_on", "net_ore", "vat_ore"), title="number", place="billing_run")
class Invoice(models.Model):
    """What one customer pays for one month; a deferred trigger holds its sums to its lines."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    billing_run = models.ForeignKey(BillingRun, models.PROTECT, related_name="invoices", verbose_name=_("Month"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="invoices", verbose_name=_("Customer"))
    customer_name = models.CharField(_("Customer's name"), max_length=120)
    customer_organisation_number = models.CharField(_("Customer's organisation number"), max_length=12, blank=True)
    number = models.CharField(_("Number"), max_length=16, unique=True)
    invoice_on = DayField(_("Invoice date"), ahead=5)
    due_on = DayField(_("Due date"), ahead=5)
    net_ore = OreField(_("Without VAT, SEK"))
    vat_ore = OreField(_("VAT, SEK"))

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["billing_run", "customer"], name="invoice_once_a_customer_and_run"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{4}-[0-9]{4,}$"), name="invoice_number_is_year_and_count"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("invoice_on")), name="invoice_is_due_after_its_date"),
            *day_checks("invoice", "invoice_on", "due_on"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def gross_ore(self) -> int:
        """What is to be paid, VAT included."""
        gross: int = self.net_ore + self.vat_ore
        return gross


@tracked(shown=("net_ore",), place="invoice")
class InvoiceLine(models.Model):
    """A product on an invoice; negative where it lowers it, as use of equity does."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", verbose_name=_("Invoice"))
    budget_product = models.ForeignKey(
        BudgetProduct, models.PROTECT, related_name="invoice_lines", verbose_name=_("Product")
    )
    position = models.PositiveSmallIntegerField(_("Place in the order"))
    text = models.CharField(_("Text"), max_length=160)
    category = models.CharField(_("Revenue category"), max_length=30, choices=RevenueCategory)
    net_ore = OreField(_("Without VAT, SEK"))
    vat_percent = models.DecimalField(_("VAT, %"), max_digits=5, decimal_places=2)

    objects = InvoiceLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once"),
            models.CheckConstraint(
                condition=Q(vat_percent__gte=0, vat_percent__lte=100), name="invoice_vat_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return self.text
