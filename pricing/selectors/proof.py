"""Proof of a distribution: what products and the base grant hold of the pools equals what the pools cost, to the öre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from budgets.models import Budget, CostLine
from engine.pools import To
from engine.result import CostKind
from engine.years import AMOUNTS
from pricing.models import CalculatedKind, PoolShare, PostCost
from pricing.selectors.tables import PoolTable
from web.compiled import compiled


@dataclass(frozen=True)
class Proof:
    """What is held of the pools in a year, öre, read from the lines, and what the pools cost, read from their own rows."""

    base_grant: int
    server_operation: int
    staff_time: int
    cost: int

    @property
    def placed(self) -> int:
        """What the base grant and products hold together."""
        return self.base_grant + self.server_operation + self.staff_time

    @property
    def difference(self) -> int:
        """What is held of no pool, or of a pool by nobody; 0 proves that all is placed."""
        return self.placed - self.cost


def prove(budget: Budget, table: PoolTable, year: int) -> Proof:
    """Hold a budget's calculated lines of a year, counted from 0, against what its pools cost."""
    calculated = _sum_calculated(budget.pk, year)
    in_grant = sum(ore for _kind, is_grant, ore in calculated if is_grant)
    on_products = {kind: ore for kind, is_grant, ore in calculated if not is_grant}
    direct = sum(ore for _product, ore in _sum_direct(budget.pk, year))
    told = sum(
        taken.amounts[year] for row in table.rows for taken in row.taken if taken.to is To.BASE_GRANT and not taken.kind
    )
    return Proof(
        base_grant=in_grant - direct + told,
        server_operation=on_products.get(CostKind.SERVER_OPERATION, 0),
        staff_time=on_products.get(CostKind.STAFF_TIME, 0),
        cost=table.total[year],
    )


# What investments and loans give: no pool's.
CAPITAL = (CostKind.DEPRECIATION.value, CostKind.INTEREST.value)


@compiled
def _sum_calculated(budget_id: int, year: int) -> QuerySet[CostLine, Any]:
    """Sum calculated lines of a year by kind and by whether they are the base grant's."""
    lines = CostLine.objects.filter(budget=budget_id, is_calculated=True).exclude(cost_kind__in=CAPITAL).order_by()
    is_grant = Q(budget_product__sub_budget__governance_object__isnull=True)
    return lines.annotate(is_grant=is_grant).values_list("cost_kind", "is_grant").annotate(ore=Sum(AMOUNTS[year]))


@compiled
def _sum_direct(budget_id: int, year: int) -> QuerySet[PostCost, tuple[int, int]]:
    """Sum what posts cost that products carry themselves, by product."""
    rows = PostCost.objects.filter(part__post__budget=budget_id, part__budget_product__isnull=False).order_by()
    return rows.values_list("part__budget_product").annotate(ore=Sum(AMOUNTS[year]))


def list_entered(budget: Budget) -> list[tuple[str, str, str]]:
    """List what pools give to a product whose cost of that kind is entered: sub-budget, product's lineage and name.

    Lines that are entered beside the calculated one count too: no pool gives them, so the proof does not see them.
    """
    switched, beside = set(_list_switched(budget.pk)), set(_list_beside(budget.pk))
    found = set()
    for product, gives, governed, slug, lineage, name in _list_served(budget.pk):
        kind = CostKind.PERSONNEL if governed is None and gives == CostKind.STAFF_TIME else gives
        if (product, kind) not in switched or (product, kind) in beside:
            found.add((slug, str(lineage), name))
    return sorted(found, key=lambda row: row[2])


@compiled
def _list_switched(budget_id: int) -> QuerySet[CalculatedKind, tuple[int, str]]:
    return CalculatedKind.objects.filter(budget=budget_id).values_list("budget_product_id", "cost_kind")


@compiled
def _list_beside(budget_id: int) -> QuerySet[CostLine, tuple[int, str]]:
    """List the products and cost kinds that have entered lines."""
    lines = CostLine.objects.filter(budget=budget_id, is_calculated=False).order_by()
    return lines.values_list("budget_product_id", "cost_kind").distinct()


@compiled
def _list_served(budget_id: int) -> QuerySet[PoolShare, Any]:
    shares = PoolShare.objects.filter(pool__budget=budget_id, budget_product__isnull=False).order_by()
    return shares.values_list(
        "budget_product_id",
        "pool__gives",
        "budget_product__sub_budget__governance_object_id",
        "budget_product__sub_budget__slug",
        "budget_product__lineage",
        "budget_product__name",
    ).distinct()
