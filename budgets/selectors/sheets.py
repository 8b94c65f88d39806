"""A sub-budget's sheet: its products with their lines beside the year before, read now and so never behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from budgets.models import IS_COUNTED, Budget, BudgetProduct, CostLine, ProductTotal, SubBudget, SubBudgetTotal
from budgets.selectors.budgets import find_earlier
from budgets.selectors.compared import Compared, load_earlier_amounts
from budgets.selectors.lines import read_products
from budgets.selectors.published import load_published
from engine.money import ORE_PER_TKR
from engine.provenance import Sources, weakest_by_year
from engine.result import REDUCTIONS, CostKind, counted, customers_pay, is_income, sum_amounts
from engine.years import Amounts
from records.models import Provenance
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User

CALCULATED_KINDS = frozenset({CostKind.DEPRECIATION, CostKind.INTEREST, CostKind.STAFF_TIME, CostKind.SERVER_OPERATION})


def is_copy(line: CostLine) -> bool:
    """Return whether a line's kind is to be calculated, but the amounts are an earlier budget's plan."""
    return line.cost_kind in CALCULATED_KINDS and line.provenance == Provenance.COPIED and not line.is_calculated


def is_closed(line: CostLine, *, by_economist: bool) -> bool:
    """Return whether a line's figures are not for people to type: what is calculated, and a copy but for the economist."""
    return line.is_calculated or (not by_economist and is_copy(line))


@dataclass(frozen=True)
class SheetLine(Compared):
    """A line beside the year before."""

    line: CostLine

    @property
    def counted(self) -> Amounts:
        """What the line adds to its product's cost, öre: nothing of an income."""
        return counted(self.line.cost_kind, self.amounts)

    @property
    def is_copied(self) -> bool:
        """Whether its kind is to be calculated, but the amounts are an earlier budget's plan."""
        return is_copy(self.line)


def split_closed(rows: Iterable[SheetLine], *, by_economist: bool) -> tuple[list[SheetLine], list[SheetLine]]:
    """Return the lines that may be typed, and those that are closed."""
    parts: tuple[list[SheetLine], list[SheetLine]] = ([], [])
    for row in rows:
        parts[is_closed(row.line, by_economist=by_economist)].append(row)
    return parts


@dataclass(frozen=True)
class SheetProduct(Compared):
    """A product with its lines; `gone` is what last year's lines that are no more amounted to.

    Its amounts are those of its costs and what lowers them: what it earns is its `income`.
    """

    product: BudgetProduct
    lines: list[SheetLine]
    gone: int

    @property
    def income(self) -> Amounts:
        """What the product earns, öre."""
        return sum_amounts(row.amounts for row in self.lines if is_income(row.line.cost_kind))


@dataclass(frozen=True)
class Sheet(Compared):
    """A sub-budget's products, and how many lines it has of each cost kind."""

    products: list[SheetProduct]
    counts: dict[str, int]

    @property
    def sources(self) -> Sources:
        """Where the three years' sums come from: the weakest of the shown lines."""
        return weakest_by_year(line.line.sources for product in self.products for line in product.lines)

    @property
    def income(self) -> Amounts:
        """What the products earn, öre."""
        return sum_amounts(product.income for product in self.products)

    @property
    def customers(self) -> Amounts:
        """What the customers pay, öre: cost and what lowers it, less income (rule 3)."""
        return customers_pay((row.line.cost_kind, row.amounts) for product in self.products for row in product.lines)


def load_sheet(sub_budget: SubBudget, user: User, *, kind: str = "") -> Sheet:
    """Return a sub-budget's lines now, never behind; with `kind` only lines of that cost kind."""
    earlier = find_earlier(sub_budget.budget)
    lines_before = load_earlier_amounts(sub_budget, earlier)
    products_before = None if kind else _load_earlier_products(sub_budget, earlier)
    has_lines = earlier is not None and earlier.status != Budget.Status.PUBLISHED_FIGURES
    products, counts = [], dict[str, int]()
    for product in read_products(user, sub_budget.pk):
        for line in product.cost_lines.all():
            counts[line.cost_kind] = counts.get(line.cost_kind, 0) + 1
        lines = [sheet_line(line, lines_before if has_lines else None) for line in product.cost_lines.all()]
        shown = [line for line in lines if not kind or line.line.cost_kind == kind]
        if shown or not kind:
            products.append(_sheet_product(product, shown, products_before, is_whole=not kind))
    total = _total_before(products, None if kind else products_before)
    return Sheet(sum_amounts(product.amounts for product in products), total, products, counts)


def _total_before(products: list[SheetProduct], before: dict[UUID | str, int] | None) -> int | None:
    if before is not None:
        return sum(before.values())
    known = [product.earlier for product in products if product.earlier is not None]
    return sum(known) if known else None


def sheet_line(line: CostLine, before: Mapping[UUID, int] | None) -> SheetLine:
    """Return a line beside its amount of the year before, öre by lineage; None where that is not known by line."""
    return SheetLine(line.amounts, None if before is None else before.get(line.lineage, 0), line)


def list_copies(budget: Budget) -> QuerySet[CostLine]:
    """Return the lines whose kind is to be calculated but that are still an earlier budget's plan."""
    rows: QuerySet[CostLine] = CostLine.objects.filter(
        budget=budget, cost_kind__in=CALCULATED_KINDS, provenance=Provenance.COPIED
    )
    return rows


def list_counted(lines: Sequence[SheetLine]) -> list[SheetLine]:
    """Return the lines that a product's cost counts: all but its income."""
    return [line for line in lines if not is_income(line.line.cost_kind)]


def _sheet_product(
    product: BudgetProduct, lines: list[SheetLine], before: dict[UUID | str, int] | None, *, is_whole: bool
) -> SheetProduct:
    """Return a product with its lines; where they are not its whole, but of one kind, they are summed as they are."""
    summed = list_counted(lines) if is_whole else lines
    amounts = sum_amounts(line.amounts for line in summed)
    of_lines = [line.earlier for line in summed if line.earlier is not None]
    if before is None:
        return SheetProduct(amounts, sum(of_lines) if of_lines else None, product, lines, 0)
    earlier = before.get(product.lineage, before.get(product.name, 0))
    has_gone = len(of_lines) == len(summed) and product.lineage in before
    return SheetProduct(amounts, earlier, product, lines, earlier - sum(of_lines) if has_gone else 0)


def _load_earlier_products(sub_budget: SubBudget, earlier: Budget | None) -> dict[UUID | str, int] | None:
    """Return the year before's amount of each product, öre: by lineage, or by name where it is only published."""
    if earlier is None:
        return None
    if earlier.status == Budget.Status.PUBLISHED_FIGURES:
        printed = load_published(earlier.edition, f"sub_budget/{sub_budget.slug}")
        return {name: tkr * ORE_PER_TKR for name, tkr in printed.items() if name != "TOTAL"}
    return dict(_sum_products(earlier.pk, sub_budget.lineage))


@compiled
def _sum_products(budget_id: int, sub_budget: UUID) -> QuerySet[ProductTotal, Any]:
    rows = ProductTotal.objects.filter(IS_COUNTED, sub_budget__budget=budget_id, sub_budget__lineage=sub_budget)
    return rows.values_list("budget_product__lineage").annotate(total=Sum("amount_1_ore"))


@dataclass(frozen=True)
class Equity:
    """The base grant taken apart: what it costs, and what lowers it (zero or negative): use of equity, also deductions."""

    cost: Compared
    use: Compared
    has_deductions: bool = False


def load_equity(sub_budget: SubBudget, sheet: Sheet) -> Equity:
    """Return the base grant's cost and what lowers it, now."""
    lines = [line for product in sheet.products for line in product.lines]
    lowering = [line for line in lines if line.line.cost_kind in REDUCTIONS]
    use = sum_amounts(line.amounts for line in lowering)
    before = _load_earlier_equity(sub_budget)
    cost_before = None if before is None or sheet.earlier is None else sheet.earlier - before
    first, second, third = (total - used for total, used in zip(sheet.amounts, use, strict=True))
    has_deductions = any(line.line.cost_kind == CostKind.DEDUCTION for line in lowering)
    return Equity(Compared((first, second, third), cost_before), Compared(use, before), has_deductions)


def _load_earlier_equity(sub_budget: SubBudget) -> int | None:
    earlier = find_earlier(sub_budget.budget)
    if earlier is None or earlier.status == Budget.Status.PUBLISHED_FIGURES:
        return None
    totals = SubBudgetTotal.objects.filter(sub_budget__budget=earlier, sub_budget__lineage=sub_budget.lineage)
    use: int = totals.filter(cost_kind__in=REDUCTIONS).aggregate(use=Sum("amount_1_ore", default=0))["use"]
    return use
