"""What products carry of a budget's capital cost beside what stands in their lines: derived against calculated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from budgets.models import Budget, BudgetProduct, CostLine
from engine.result import CostKind, subtract_amounts, sum_amounts
from engine.years import AMOUNTS, Amounts
from pricing.models import CalculatedKind, CapitalCost

KINDS = (CostKind.DEPRECIATION.value, CostKind.INTEREST.value)
NOTHING: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class Carried:
    """A product's cost of a kind, öre in three years: what is calculated, and what stands in its lines."""

    product: BudgetProduct
    kind: str
    calculated: Amounts
    standing: Amounts
    is_calculated: bool

    @property
    def difference(self) -> Amounts:
        """What would change if it were calculated."""
        return subtract_amounts(self.calculated, self.standing)


def load_carried(budget: Budget) -> list[Carried]:
    """Return each product that carries capital or has such lines, by its place, depreciation before interest."""
    calculated = _sum(CapitalCost.objects.filter(budget_product__budget=budget))
    standing = _sum(CostLine.objects.filter(budget=budget, cost_kind__in=KINDS))
    rows = CalculatedKind.objects.filter(budget=budget, cost_kind__in=KINDS)
    switched = set(rows.values_list("budget_product_id", "cost_kind"))
    keys = calculated.keys() | standing.keys()
    found = BudgetProduct.objects.filter(pk__in={product for product, _kind in keys}).select_related("sub_budget")
    products = {product.pk: product for product in found.order_by("sub_budget__position", "position", "pk")}
    return [
        Carried(product, kind, calculated.get(key, NOTHING), standing.get(key, NOTHING), key in switched)
        for product in products.values()
        for kind in KINDS
        if (key := (product.pk, kind)) in keys
    ]


def _sum(rows) -> dict[tuple[int, str], Amounts]:  # type: ignore[no-untyped-def]
    sums = {f"sum_{place}": Sum(name) for place, name in enumerate(AMOUNTS)}
    found: dict[tuple[int, str], list[Amounts]] = defaultdict(list)
    for product, kind, *amounts in rows.order_by().values_list("budget_product_id", "cost_kind").annotate(**sums):
        found[product, kind].append((amounts[0], amounts[1], amounts[2]))
    return {key: sum_amounts(rows) for key, rows in found.items()}
