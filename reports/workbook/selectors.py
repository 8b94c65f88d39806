"""What the workbook of a budget holds: every line beside the year before, read in a few queries whatever its size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch, Sum

from budgets.models import IS_COUNTED, Budget, BudgetProduct, CostLine, ProductTotal, PublishedFigure, SubBudget
from budgets.selectors.budgets import Progress, find_earlier, load_progress
from budgets.selectors.published import load_published_sub_budgets
from budgets.selectors.sheets import Sheet, SheetLine, SheetProduct, list_counted
from budgets.selectors.sub_budgets import list_sub_budgets
from budgets.selectors.totals import load_earlier_revenue
from engine.money import ORE_PER_TKR
from engine.result import sum_amounts
from engine.years import Amounts
from forecasts.models import Forecast
from forecasts.selectors import (
    Borrowing,
    FrameworkState,
    compare_borrowing,
    list_framework_states,
    list_loans_without_plan,
)
from forecasts.selectors.loans import Repayments, load_repayments
from forecasts.selectors.stored import Figures, Stored, load_stored, result_of
from investments.models import Investment, PlannedLoan
from investments.selectors.loans import list_planned_loans
from investments.selectors.purchases import list_investments
from reports.overview.selectors import load_earlier
from reports.workbook.shares import Shares, load_member_shares

if TYPE_CHECKING:
    from accounts.models import User

# A sub-budget, product or line of the year before: its lineage, or its slug or name where it is only published.
Key = UUID | str
Nested = dict[Key, dict[Key, int]]


@dataclass(frozen=True)
class Part:
    """A sub-budget with its lines; `earlier` is its total the year before, öre, as printed where it is only published."""

    sub_budget: SubBudget
    sheet: Sheet
    earlier: int | None


@dataclass(frozen=True)
class Contents:
    """All of it; the stored result and loan forecast and last year's result are in öre by row."""

    budget: Budget
    earlier: Budget | None
    progress: Progress
    parts: list[Part]
    result: dict[str, Amounts]
    result_before: Mapping[str, int] | None
    revenue_before: dict[str, int] | None
    investments: list[Investment]
    loans: list[PlannedLoan]
    without_plan: list[PlannedLoan]
    borrowing: list[Borrowing]
    loan_forecast: Figures
    sources: dict[Forecast.Kind, Stored]
    frameworks: list[FrameworkState]
    repayments: Repayments
    shares: Shares

    @property
    def is_earlier_printed(self) -> bool:
        """Whether only published figures are kept of the year before."""
        return self.earlier is not None and self.earlier.status == Budget.Status.PUBLISHED_FIGURES

    @property
    def loan_years(self) -> list[int]:
        """The years of the loan forecast."""
        return sorted(self.loan_forecast.get("closing_debt", {}))

    def amounts(self) -> Iterator[int]:
        """Yield the amounts to show, öre: lines, their sums, investments, and the loan forecast."""
        for part in self.parts:
            for product in part.sheet.products:
                yield from (ore for line in product.lines for ore in line.amounts)
        yield from sum_amounts(part.sheet.amounts for part in self.parts)
        yield from (ore for row in self.investments for ore in row.amounts if ore is not None)
        yield from (ore for row in self.shares.rows for ore in row.amounts)
        yield from (ore for row in self.loan_forecast.values() for ore in row.values() if ore is not None)


def count_lines(budget: Budget, sub_budget: SubBudget | None = None) -> int:
    """Return how many lines a budget has, or one sub-budget of it."""
    lines = CostLine.objects.filter(budget=budget)
    return (lines if sub_budget is None else lines.filter(budget_product__sub_budget=sub_budget)).count()


def load_contents(budget: Budget, user: User) -> Contents:
    """Return a budget's lines now, its stored loan forecast, and what they are compared with."""
    earlier = find_earlier(budget)
    before = load_earlier(earlier)
    investments, loans = list(list_investments(budget)), list(list_planned_loans(budget))
    stored = load_stored(budget, Forecast.Kind.RESULT, Forecast.Kind.LOAN)
    loan_forecast = stored[Forecast.Kind.LOAN].amounts
    return Contents(
        budget=budget,
        earlier=earlier,
        progress=load_progress(budget),
        parts=load_parts(budget, user, earlier),
        result=result_of(stored[Forecast.Kind.RESULT].amounts, budget),
        result_before=None if before is None else before[Forecast.Kind.RESULT],
        revenue_before=load_earlier_revenue(earlier),
        investments=investments,
        loans=loans,
        without_plan=list_loans_without_plan(loans),
        borrowing=compare_borrowing(budget, investments, loans, loan_forecast),
        loan_forecast=loan_forecast,
        sources=stored,
        frameworks=list_framework_states(user),
        repayments=load_repayments(loans, loan_forecast),
        shares=load_member_shares(budget, earlier, user),
    )


@dataclass(frozen=True)
class Before:
    """The year before's öre by sub-budget: lines (None where only published), products, and printed totals."""

    lines: Nested | None
    products: Nested
    totals: dict[str, int] | None


def load_parts(budget: Budget, user: User, earlier: Budget | None, only: SubBudget | None = None) -> list[Part]:
    """Return every sub-budget, or `only` one, with the same figures as its page."""
    before = None if earlier is None else _load_before(earlier)
    lines = CostLine.objects.visible_to(user).select_related("governance_object")
    products: dict[int, list[BudgetProduct]] = {}
    rows = BudgetProduct.objects.visible_to(user).filter(budget=budget).order_by("position", "pk")
    if only is not None:
        rows = rows.filter(sub_budget=only)
    for product in rows.prefetch_related(Prefetch("cost_lines", lines)):
        products.setdefault(product.sub_budget_id, []).append(product)
    own = list_sub_budgets(budget, user) if only is None else [only]
    return [_part(row, products.get(row.pk, []), before) for row in own]


def _part(sub_budget: SubBudget, products: Iterable[BudgetProduct], before: Before | None) -> Part:
    sheet = _sheet(sub_budget, products, before)
    if before is None or before.totals is None:
        return Part(sub_budget, sheet, sheet.earlier)
    return Part(sub_budget, sheet, before.totals.get(sub_budget.slug, 0))


def _sheet(sub_budget: SubBudget, products: Iterable[BudgetProduct], before: Before | None) -> Sheet:
    lines = None if before is None or before.lines is None else before.lines.get(sub_budget.lineage, {})
    earlier = None if before is None else _products_before(sub_budget, before)
    rows = [_product(product, sub_budget.budget, lines, earlier) for product in products]
    total = None if earlier is None else sum(earlier.values())
    return Sheet(sum_amounts(row.amounts for row in rows), total, rows, {})


def _products_before(sub_budget: SubBudget, before: Before) -> dict[Key, int]:
    return before.products.get(sub_budget.lineage if before.totals is None else sub_budget.slug, {})


def _product(
    product: BudgetProduct, budget: Budget, lines: dict[Key, int] | None, products: dict[Key, int] | None
) -> SheetProduct:
    rows = [_line(line, lines) for line in product.cost_lines.all()]
    amounts = sum_amounts(row.counted for row in rows)
    if products is None:
        return SheetProduct(amounts, None, product, rows, 0)
    earlier = products.get(product.lineage, products.get(product.name, 0))
    gone = earlier - sum(row.earlier or 0 for row in list_counted(rows)) if product.lineage in products else 0
    return SheetProduct(amounts, earlier, product, rows, gone)


def _line(line: CostLine, before: dict[Key, int] | None) -> SheetLine:
    return SheetLine(line.amounts, None if before is None else before.get(line.lineage, 0), line)


def _load_before(earlier: Budget) -> Before:
    if earlier.status == Budget.Status.PUBLISHED_FIGURES:
        edition = earlier.edition
        return Before(None, _load_printed_products(edition), load_published_sub_budgets(edition))
    totals = ProductTotal.objects.filter(IS_COUNTED, sub_budget__budget=earlier)
    products = totals.values_list("sub_budget__lineage", "budget_product__lineage").annotate(Sum("amount_1_ore"))
    lines = CostLine.objects.filter(budget=earlier).order_by()
    keys = ("budget_product__sub_budget__lineage", "lineage", "amount_1_ore")
    return Before(_nest(lines.values_list(*keys)), _nest(products), None)


def _load_printed_products(edition: str) -> Nested:
    figures = PublishedFigure.objects.filter(edition=edition, table__startswith="sub_budget/", tkr__isnull=False)
    rows = figures.exclude(row="TOTAL").values_list("table", "row", "tkr")
    return _nest((table.partition("/")[2], row, tkr * ORE_PER_TKR) for table, row, tkr in rows if tkr is not None)


def _nest(rows: Iterable[tuple[Key, Key, int]]) -> Nested:
    nested: Nested = {}
    for outer, inner, ore in rows:
        nested.setdefault(outer, {})[inner] = ore
    return nested
