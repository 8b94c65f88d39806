"""A year's billing: what is invoiced month by month, what is left, and what a month's invoices would be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Count, QuerySet, Sum

from budgets.models import Budget, BudgetProduct
from budgets.selectors.budgets import list_budgets
from budgets.selectors.shares import Share, has_assumed_keys, load_product_revenues, load_shares
from engine.shares import MONTHS, month_part, sum_vat
from invoices.models import BillingRun
from objects.models import Customer

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from accounts.models import User

    SummedRun: TypeAlias = "WithAnnotations[BillingRun, RunSums]"


class RunSums(TypedDict):
    """What is counted with a billing run: the invoices' net in öre, and how many they are."""

    net: int
    count: int


@dataclass(frozen=True)
class MonthRow:
    """A month of a year's billing: planned net in öre, and its run with what was invoiced when there is one."""

    month: int
    planned_ore: int
    run: BillingRun | None
    invoiced_ore: int | None
    invoice_count: int

    @property
    def shown_ore(self) -> int:
        """What was invoiced, or else what is planned."""
        return self.planned_ore if self.invoiced_ore is None else self.invoiced_ore


@dataclass(frozen=True)
class YearState:
    """How much of a budget's revenue is invoiced, planned for the months left, and has nobody to pay it; öre."""

    revenue_ore: int
    invoiced_ore: int
    left_ore: int

    @property
    def difference_ore(self) -> int:
        """What invoiced and planned months miss of the revenue; 0 when every product has its payers."""
        return self.revenue_ore - self.invoiced_ore - self.left_ore


def list_billed_budgets(user: User) -> list[Budget]:
    """Return the adopted budgets that can be invoiced: those not replaced, newest year first."""
    return list(list_budgets(user).adopted().not_replaced())


def load_months(budget: Budget, shares: list[Share]) -> list[MonthRow]:
    """Return the twelve months of a budget's first year."""
    runs = {run.month: run for run in list_runs_of_year(budget)}
    return [_month_row(month, runs.get(month), sum_month(shares, month)) for month in range(1, MONTHS + 1)]


def list_runs_of_year(budget: Budget) -> QuerySet[SummedRun]:
    """Return the billing runs of a budget's first year, also from a budget that it replaces, with their sums."""
    runs = BillingRun.objects.filter(budget__fiscal_year=budget.fiscal_year)
    return runs.select_related("budget").annotate(net=Sum("invoices__net_ore", default=0), count=Count("invoices"))


@dataclass(frozen=True)
class Billing:
    """A year's billing: its months, whether they make up the revenue, and whether a key behind them is assumed."""

    months: list[MonthRow]
    state: YearState
    is_assumed: bool

    @property
    def next_month(self) -> int | None:
        """The first month that is not invoiced."""
        return next((row.month for row in self.months if row.run is None), None)


def load_billing(budget: Budget) -> Billing:
    """Return the billing of a budget's first year."""
    months = load_months(budget, load_shares(budget))
    is_assumed = has_assumed_keys(budget)
    return Billing(months, load_year_state(budget, months), is_assumed)


def load_year_state(budget: Budget, months: list[MonthRow]) -> YearState:
    """Return whether what is invoiced and what is left make up the budget's revenue."""
    revenue = sum(amounts[0] for amounts in load_product_revenues(budget).values())
    invoiced = sum(row.invoiced_ore or 0 for row in months)
    return YearState(revenue, invoiced, sum(row.planned_ore for row in months if row.run is None))


def sum_month(shares: list[Share], month: int) -> int:
    """Return all customers' net for a month, öre."""
    return sum(month_part(share.amounts[0], month) for share in shares)


def _month_row(month: int, run: SummedRun | None, planned: int) -> MonthRow:
    return MonthRow(month, planned, run, run.net if run else None, run.count if run else 0)


# One month's invoices, before and as they are made


@dataclass(frozen=True)
class PlannedLine:
    """A line of an invoice to be: öre without VAT."""

    product: BudgetProduct
    net_ore: int


@dataclass(frozen=True)
class PlannedInvoice:
    """A customer's invoice to be."""

    customer: Customer
    lines: list[PlannedLine]

    @property
    def net_ore(self) -> int:
        """The lines' sum."""
        return sum(line.net_ore for line in self.lines)

    @property
    def vat_ore(self) -> int:
        """VAT, rounded once for each rate."""
        return sum_vat((line.net_ore, line.product.vat_percent) for line in self.lines)

    @property
    def gross_ore(self) -> int:
        """What is to be paid."""
        return self.net_ore + self.vat_ore


def load_planned_invoices(budget: Budget, month: int) -> list[PlannedInvoice]:
    """Return the month's invoices by customer's name; a customer who pays nothing gets none."""
    shares = load_shares(budget)
    products = BudgetProduct.objects.in_bulk({share.budget_product_id for share in shares})
    customers = Customer.objects.in_bulk({share.customer_id for share in shares})
    lines: dict[int, list[PlannedLine]] = defaultdict(list)
    for share in shares:
        if net := month_part(share.amounts[0], month):
            lines[share.customer_id].append(PlannedLine(products[share.budget_product_id], net))
    invoices = [PlannedInvoice(customers[customer_id], planned) for customer_id, planned in lines.items()]
    return sorted(invoices, key=lambda invoice: (invoice.customer.name, invoice.customer.pk))


def find_run(budget: Budget, month: int) -> BillingRun | None:
    """Return the run that invoiced a month of the budget's first year, from this budget or another of that year."""
    return list_runs_of_year(budget).filter(month=month).first()
