"""What is read of invoices. Every read for a person starts from `visible_to`."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet, Sum

from budgets.models import RevenueCategory
from engine.shares import sum_vat
from invoices.models import Invoice, InvoiceLine
from objects.models import Customer
from objects.models.roles import FEDERATION_ROLES, Role, roles_of
from web.ordering import in_swedish

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User


def can_bill(user: User) -> bool:
    """Return whether the user may create invoices: the economist."""
    return Role.ECONOMIST in roles_of(user)


def can_see_billing(user: User) -> bool:
    """Return whether the user may see how far a year's billing is: everybody inside the federation."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def list_invoices(user: User) -> QuerySet[Invoice]:
    """Return the invoices the user may see, newest number first."""
    invoices: QuerySet[Invoice] = Invoice.objects.visible_to(user).select_related("billing_run__budget", "customer")
    return invoices.annotate(to_pay_ore=F("net_ore") + F("vat_ore"))


def list_invoices_of(customer: Customer) -> QuerySet[Invoice]:
    """Return a customer's invoices, newest number first."""
    invoices: QuerySet[Invoice] = Invoice.objects.filter(customer=customer)
    return invoices.select_related("billing_run__budget")


def find_invoice(user: User, uuid: UUID | str) -> Invoice | None:
    """Return one invoice, if the user may see it."""
    return list_invoices(user).filter(uuid=uuid).first()


def list_invoice_choices(user: User) -> tuple[list[tuple[str, str]], list[int]]:
    """Return the customers (uuid and name) and the years of the invoices the user may see, for filters."""
    invoices = Invoice.objects.visible_to(user)
    customers = (
        invoices.order_by(in_swedish("customer__name")).values_list("customer__uuid", "customer__name").distinct()
    )
    years = invoices.order_by("-billing_run__budget__fiscal_year").values_list(
        "billing_run__budget__fiscal_year", flat=True
    )
    return [(str(uuid), name) for uuid, name in customers], list(years.distinct())


def sum_invoices(invoices: QuerySet[Invoice]) -> dict[str, int]:
    """Return the sums over all of them, öre by column."""
    names = ("net_ore", "vat_ore", "to_pay_ore")
    sums = invoices.order_by().aggregate(**{f"sum_{name}": Sum(name, default=0) for name in names})
    return {name: int(sums[f"sum_{name}"]) for name in names}


@dataclass(frozen=True)
class LineGroup:
    """An invoice's lines of one revenue category with their sum, öre."""

    label: str
    lines: list[InvoiceLine]

    @property
    def net_ore(self) -> int:
        """The lines' sum."""
        return sum(line.net_ore for line in self.lines)


@dataclass(frozen=True)
class VatRow:
    """An invoice's net and VAT at one rate, öre."""

    percent: Decimal
    net_ore: int
    vat_ore: int


def load_line_groups(invoice: Invoice) -> list[LineGroup]:
    """Return an invoice's lines by revenue category, in the categories' order."""
    groups: dict[str, list[InvoiceLine]] = defaultdict(list)
    for line in InvoiceLine.objects.filter(invoice=invoice):
        groups[line.category].append(line)
    return [LineGroup(str(category.label), groups[category]) for category in RevenueCategory if category in groups]


def list_vat_rows(groups: list[LineGroup]) -> list[VatRow]:
    """List net and VAT by rate, the highest first."""
    nets: Counter[Decimal] = Counter()
    for line in (line for group in groups for line in group.lines):
        nets[line.vat_percent] += line.net_ore
    return [
        VatRow(percent, nets[percent], sum_vat([(nets[percent], percent)])) for percent in sorted(nets, reverse=True)
    ]
