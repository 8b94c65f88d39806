"""A year's billing: what is invoiced month by month, what is left, and what a month's invoices would be.

The trick: a month is never a twelfth but a part of what is left of the year, so a revised budget is billed in full over
the months that are left, whatever was invoiced from the one it replaces (rule 7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.db.models import Count, Max, QuerySet, Sum

from budgets.models import IS_COUNTED, Budget, BudgetProduct, ProductTotal
from budgets.selectors.budgets import list_budgets
from budgets.selectors.shares import Share, has_assumed_keys, load_product_charges, load_shares
from engine.alphabet import swedish_key
from engine.shares import YEAR, rest_part, sum_vat
from engine.years import Amounts
from invoices.models import BillingRun, InvoiceLine
from objects.models import Customer
from objects.selectors.reader import compiled_for_reader
from web.compiled import compiled

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
    """How much of what customers pay is invoiced, planned for the months left, and has nobody to pay it; öre."""

    revenue_ore: int
    invoiced_ore: int
    left_ore: int

    @property
    def difference_ore(self) -> int:
        """What invoiced and planned months miss of the revenue; 0 when every product has its payers."""
        return self.revenue_ore - self.invoiced_ore - self.left_ore


@compiled_for_reader
def list_billed_budgets(user: User) -> QuerySet[Budget]:
    """Return the adopted budgets that can be invoiced: those not replaced, newest year first."""
    return list_budgets(user).adopted().not_replaced()


def load_months(budget: Budget, shares: list[Share]) -> list[MonthRow]:
    """Return the twelve months of a budget's first year: invoiced, or planned."""
    runs = {run.month: run for run in list_runs_of_year(budget)}
    left, rests = [month for month in YEAR if month not in runs], load_rests(budget, shares)
    return [
        MonthRow(month, runs[month].net, runs[month], runs[month].net, runs[month].count)
        if month in runs
        else MonthRow(month, sum(rest.part(left, month) for rest in rests), None, None, 0)
        for month in YEAR
    ]


@dataclass(frozen=True)
class Rest:
    """A customer's share of a product in a year, and what is invoiced of it by now, öre; either may be zero."""

    budget_product_id: int
    customer_id: int
    share_ore: int
    invoiced_ore: int

    def part(self, months_left: Sequence[int], month: int) -> int:
        """What one of the months left is to hold, öre."""
        return rest_part(self.share_ore, self.invoiced_ore, months_left, month)


def load_rests(budget: Budget, shares: Iterable[Share]) -> list[Rest]:
    """Return what each customer pays of each product in the budget's first year, and has been invoiced.

    What was invoiced of a product that the budget no longer holds, or of one whose customer no longer pays, has no share:
    it is paid back.
    """
    own = dict(_list_products(budget.pk))
    invoiced = _load_invoiced(budget, own)
    planned = {(share.budget_product_id, share.customer_id): share.amounts[0] for share in shares}
    return [Rest(*key, planned.get(key, 0), invoiced.get(key, 0)) for key in dict.fromkeys([*planned, *invoiced])]


@compiled
def _list_products(budget_id: int) -> QuerySet[BudgetProduct, tuple[int, int]]:
    return BudgetProduct.objects.filter(budget=budget_id).values_list("product", "pk")


def _load_invoiced(budget: Budget, own: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """Return what is invoiced of the budget's first year from any budget, öre by product and customer.

    Products are those of this budget, or for what it no longer holds those that were invoiced.
    """
    summed = _sum_invoiced(budget.fiscal_year)
    return {(own.get(product, newest), customer): net for product, customer, net, newest in summed}


@compiled
def _sum_invoiced(fiscal_year: int) -> QuerySet[InvoiceLine, Any]:
    lines = InvoiceLine.objects.filter(invoice__billing_run__budget__fiscal_year=fiscal_year)
    rows = lines.values_list("budget_product__product", "invoice__customer").order_by()
    return rows.annotate(net=Sum("net_ore"), newest=Max("budget_product"))


def list_runs_of_year(budget: Budget) -> QuerySet[SummedRun]:
    """Return the billing runs of a budget's first year, also from a budget that it replaces, with their sums."""
    runs = BillingRun.objects.filter(budget__fiscal_year=budget.fiscal_year)
    return runs.select_related("budget").annotate(net=Sum("invoices__net_ore", default=0), count=Count("invoices"))


@dataclass(frozen=True)
class Billing:
    """A year's billing: its months, whether they make up the revenue, and whether a key behind them is assumed.

    `paid_back` names the products whose income is larger than their cost, so that their customers are paid the rest.
    """

    months: list[MonthRow]
    state: YearState
    is_assumed: bool
    paid_back: list[str]

    @property
    def next_month(self) -> int | None:
        """The first month that is not invoiced."""
        return next((row.month for row in self.months if row.run is None), None)


def load_billing(budget: Budget) -> Billing:
    """Return the billing of a budget's first year."""
    months = load_months(budget, load_shares(budget))
    is_assumed = has_assumed_keys(budget)
    charges = load_product_charges(budget)
    return Billing(months, _sum_year(charges, months), is_assumed, _name_paid_back(charges))


def _name_paid_back(charges: Mapping[int, Amounts]) -> list[str]:
    """Return the names of the products whose income is larger than their cost."""
    below = [product for product, amounts in charges.items() if amounts[0] < 0]
    if not below:
        return []
    earning = ProductTotal.objects.filter(~IS_COUNTED, budget_product__in=below, amount_1_ore__gt=0)
    names = earning.order_by("budget_product__position").values_list("budget_product__name", flat=True)
    return list(dict.fromkeys(names))


def load_year_state(budget: Budget, months: list[MonthRow]) -> YearState:
    """Return whether what is invoiced and what is left make up the budget's revenue."""
    return _sum_year(load_product_charges(budget), months)


def _sum_year(charges: Mapping[int, Amounts], months: list[MonthRow]) -> YearState:
    revenue = sum(amounts[0] for amounts in charges.values())
    invoiced = sum(row.invoiced_ore or 0 for row in months)
    return YearState(revenue, invoiced, sum(row.planned_ore for row in months if row.run is None))


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
    """Return the invoices of a month that is left, by customer's name; a customer who pays nothing gets none."""
    billed = set(list_runs_of_year(budget).values_list("month", flat=True))
    left = [open_month for open_month in YEAR if open_month not in billed]
    rests = load_rests(budget, load_shares(budget)) if month in left else []
    products = BudgetProduct.objects.in_bulk({rest.budget_product_id for rest in rests})
    customers = Customer.objects.in_bulk({rest.customer_id for rest in rests})
    lines: dict[int, list[PlannedLine]] = defaultdict(list)
    for rest in rests:
        if net := rest.part(left, month):
            lines[rest.customer_id].append(PlannedLine(products[rest.budget_product_id], net))
    invoices = [PlannedInvoice(customers[customer_id], planned) for customer_id, planned in lines.items()]
    return sorted(invoices, key=lambda invoice: (swedish_key(invoice.customer.name), invoice.customer.pk))


def find_run(budget: Budget, month: int) -> BillingRun | None:
    """Return the run that invoiced a month of the budget's first year, from this budget or another of that year."""
    return list_runs_of_year(budget).filter(month=month).first()
