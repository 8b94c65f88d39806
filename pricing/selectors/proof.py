"""Proof of a distribution: what products and the base grant hold of the pools equals what the pools cost, to the öre."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from budgets.models import Budget, CostLine
from engine.pools import To
from engine.result import CostKind
from engine.years import AMOUNTS
from pricing.models import CalculatedKind, PoolShare, PostCost
from pricing.selectors.tables import PoolTable


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
    amount = AMOUNTS[year]
    lines = CostLine.objects.filter(budget=budget, is_calculated=True).order_by()
    in_grant = lines.filter(budget_product__sub_budget__governance_object__isnull=True)
    on_products = lines.filter(budget_product__sub_budget__governance_object__isnull=False)
    direct = PostCost.objects.filter(part__post__budget=budget, part__budget_product__isnull=False).order_by()
    told = sum(
        taken.amounts[year] for row in table.rows for taken in row.taken if taken.to is To.BASE_GRANT and not taken.kind
    )
    return Proof(
        base_grant=_sum(in_grant, amount) - _sum(direct, amount) + told,
        server_operation=_sum(on_products.filter(cost_kind=CostKind.SERVER_OPERATION), amount),
        staff_time=_sum(on_products.filter(cost_kind=CostKind.STAFF_TIME), amount),
        cost=table.total[year],
    )


def _sum(rows: QuerySet[CostLine] | QuerySet[PostCost], amount: str) -> int:
    return rows.aggregate(total=Sum(amount))["total"] or 0


def list_entered(budget: Budget) -> list[tuple[str, str, str]]:
    """List what pools give to a product whose cost of that kind is entered: sub-budget, product's lineage and name.

    Lines that are entered beside the calculated one count too: no pool gives them, so the proof does not see them.
    """
    shares = PoolShare.objects.filter(pool__budget=budget, budget_product__isnull=False).order_by()
    switched = set(CalculatedKind.objects.filter(budget=budget).values_list("budget_product_id", "cost_kind"))
    lines = CostLine.objects.filter(budget=budget, is_calculated=False).order_by()
    beside = set(lines.values_list("budget_product_id", "cost_kind").distinct())
    rows = shares.values_list(
        "budget_product_id",
        "pool__gives",
        "budget_product__sub_budget__governance_object_id",
        "budget_product__sub_budget__slug",
        "budget_product__lineage",
        "budget_product__name",
    ).distinct()
    found = set()
    for product, gives, governed, slug, lineage, name in rows:
        kind = CostKind.PERSONNEL if governed is None and gives == CostKind.STAFF_TIME else gives
        if (product, kind) not in switched or (product, kind) in beside:
            found.add((slug, str(lineage), name))
    return sorted(found, key=lambda row: row[2])
