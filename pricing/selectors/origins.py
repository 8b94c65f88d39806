"""Where lines come from, and where the cost of a contract or a development item ends up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import QuerySet

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.selectors.sub_budgets import can_edit
from engine.contracts import index_price
from engine.items import phase_in
from engine.money import allocate
from engine.result import sum_amounts
from engine.years import Amounts
from objects.models import Contract, DevelopmentItem
from pricing.models import LineOrigin

if TYPE_CHECKING:
    from accounts.models import User


ORIGINS = ("contract", "item__plan__governance_object")


class OriginLine(NamedTuple):
    """A line with its budget, sub-budget and product, which are read with it."""

    line: CostLine
    origin: LineOrigin


class ItemCost(NamedTuple):
    """What a development item costs in a budget, öre in its three years."""

    budget: Budget
    amounts: Amounts
    lines: list[CostLine]


def find_origin(line: CostLine) -> LineOrigin | None:
    """Return where a line comes from, if it is known."""
    rows = LineOrigin.objects.filter(budget=line.budget_id, lineage=line.lineage).select_related(*ORIGINS)
    found: LineOrigin | None = rows.first()
    return found


def list_contract_lines(user: User, contract: Contract) -> list[OriginLine]:
    """Return the lines that come from a contract, of the newest budget first."""
    return _list_lines(user, LineOrigin.objects.visible_to(user).filter(contract=contract))


def load_item_costs(user: User, items: Collection[DevelopmentItem]) -> dict[int, list[ItemCost]]:
    """Return what each item costs in each budget that has lines of it, newest first, by the item's key."""
    lines: dict[tuple[int, Budget], list[CostLine]] = defaultdict(list)
    for line, origin in _list_lines(user, LineOrigin.objects.visible_to(user).filter(item__in=items)):
        lines[origin.item_id or 0, line.budget].append(line)
    found: dict[int, list[ItemCost]] = defaultdict(list)
    for (item, budget), own in lines.items():
        found[item].append(ItemCost(budget, sum_amounts(line.amounts for line in own), own))
    return found


def _list_lines(user: User, rows: QuerySet[LineOrigin]) -> list[OriginLine]:
    origins = {(row.budget_id, row.lineage): row for row in rows}
    lines = CostLine.objects.visible_to(user).filter(
        budget__in={budget for budget, _lineage in origins}, lineage__in={lineage for _budget, lineage in origins}
    )
    read = lines.select_related("budget", "budget_product__sub_budget").order_by("-budget__fiscal_year", "budget", "pk")
    return [OriginLine(line, origins[key]) for line in read if (key := (line.budget_id, line.lineage)) in origins]


def list_targets(user: User, products: Iterable[int]) -> list[BudgetProduct]:
    """Return what these lasting products are in the drafts whose sub-budget the user may edit, newest budget first."""
    rows = BudgetProduct.objects.filter(product__in=products, budget__status=Budget.Status.DRAFT)
    read = rows.select_related("sub_budget__budget", "budget").order_by("-budget__fiscal_year", "position", "pk")
    return [row for row in read if can_edit(user, row.sub_budget)]


def list_item_targets(user: User, item: DevelopmentItem) -> list[BudgetProduct]:
    """Return the products of the item's object in drafts that the user may edit."""
    owned = SubBudget.objects.filter(governance_object=item.plan.governance_object_id)
    rows = BudgetProduct.objects.filter(sub_budget__in=owned, budget__status=Budget.Status.DRAFT)
    return list_targets(user, rows.values_list("product", flat=True))


def price_contract(contract: Contract, budget: Budget) -> Amounts:
    """Return what a contract costs in a budget's years by its clause, öre; without a raise the price stays."""
    return index_price(contract.amount_ore, contract.price_year, contract.index_percent or 0, budget.years)


def cost_item(item: DevelopmentItem, budget: Budget, count: int) -> list[Amounts]:
    """Return what an item costs on each of so many lines in a budget's years, öre; together exactly its effect."""
    years = phase_in(item.effect_ore or 0, item.year, item.quarter, budget.years)
    parts = [allocate(ore, [1] * count) for ore in years]
    return [(parts[0][place], parts[1][place], parts[2][place]) for place in range(count)]
