"""The table of controllable costs: what each pool costs, and who takes it; as it was calculated last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from budgets.models import Budget, ProductTotal
from budgets.selectors.totals import amount_sums, sums_of
from engine.pools import To
from engine.result import COSTS, CostKind, subtract_amounts, sum_amounts
from engine.years import AMOUNTS, Amounts
from pricing.models import CostPool, PoolLine, PoolProduct, PoolShare, PostCost
from web.compiled import compiled

NOTHING: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class Taken:
    """What somebody takes of a pool, three years' öre; `key` is of the pool or of the product in the budget."""

    to: To
    key: int
    name: str
    kind: str
    amounts: Amounts


@dataclass
class PoolRow:
    """A pool that has a row in the table, with those that are part of it. `cost` is without what other pools give.

    `received` is what pools of other rows give; what it costs and receives is what is taken.
    """

    pool: CostPool
    parts: list[CostPool] = field(default_factory=list)
    cost: Amounts = NOTHING
    received: Amounts = NOTHING
    taken: list[Taken] = field(default_factory=list)

    def sum_taken(self, *to: To, kind: str = "") -> Amounts:
        """Return what is taken by some, öre; `kind` is the kind of cost that it is there."""
        return sum_amounts(t.amounts for t in self.taken if t.to in to and kind in ("", t.kind))


@dataclass(frozen=True)
class PoolTable:
    """The rows in order; `own_costs` is what each pool costs by itself, by key, öre."""

    rows: list[PoolRow]
    own_costs: dict[int, Amounts]

    @property
    def total(self) -> Amounts:
        """What the pools cost."""
        return sum_amounts(row.cost for row in self.rows)


def load_pool_table(budget: Budget) -> PoolTable:
    """Load what a budget's pools cost and who takes it, by a number of queries that no size changes."""
    pools = _list_pools(budget.pk)
    own = _load_own_costs(budget)
    shares = [
        _Share(pool, to_pool, product, name or "", governed_by, (first, second, third))
        for pool, to_pool, product, name, governed_by, first, second, third in _list_shares(budget.pk)
    ]
    rows = _make_rows(pools)
    for pool in pools:
        rows[pool.pk].cost = sum_amounts([rows[pool.pk].cost, own.get(pool.pk, NOTHING)])
    gives = {pool.pk: pool.gives for pool in pools}
    for share in shares:
        _add_share(rows, share, gives[share.pool_id])
    told = _add_products(budget, rows, shares)
    listed = [rows[pool.pk] for pool in pools if rows[pool.pk].pool == pool]
    for pk, amounts in told.items():
        own[pk] = sum_amounts([own.get(pk, NOTHING), amounts])
    return PoolTable(listed, own)


@compiled
def _list_pools(budget_id: int) -> QuerySet[CostPool]:
    rows: QuerySet[CostPool] = CostPool.objects.filter(budget=budget_id).order_by("position", "pk")
    return rows


class _Share(NamedTuple):
    """What a pool gives; of a product its name, and its object, which the base grant has not."""

    pool_id: int
    to_pool_id: int | None
    product_id: int | None
    name: str
    governed_by: int | None
    amounts: Amounts


@compiled
def _list_shares(budget_id: int) -> QuerySet[PoolShare, Any]:
    rows = PoolShare.objects.filter(pool__budget=budget_id)
    ordered = rows.order_by("pool__position", "budget_product__position", "pk")
    names = ("budget_product__name", "budget_product__sub_budget__governance_object_id")
    return ordered.values_list("pool_id", "to_pool_id", "budget_product_id", *names, *AMOUNTS)


def _make_rows(pools: list[CostPool]) -> dict[int, PoolRow]:
    """Return the row of each pool by its key; a pool that is part of one that is not there has its own."""
    by_slug = {pool.slug: PoolRow(pool) for pool in pools if not pool.part_of}
    rows = {}
    for pool in pools:
        row = by_slug.get(pool.part_of or pool.slug) or PoolRow(pool)
        if row.pool != pool:
            row.parts.append(pool)
        rows[pool.pk] = row
    return rows


def _load_own_costs(budget: Budget) -> dict[int, Amounts]:
    """Return what each pool's posts and lines cost, öre."""
    found = [*_sum_posts(budget.pk), *_sum_lines(budget.pk)]
    return _sum_by_key((row["of"], sums_of(row)) for row in found)


@compiled
def _sum_posts(budget_id: int) -> QuerySet[PostCost, Any]:
    rows = PostCost.objects.filter(part__post__budget=budget_id, part__pool__isnull=False).order_by()
    return rows.values(of=F("part__pool")).annotate(**amount_sums())


@compiled
def _sum_lines(budget_id: int) -> QuerySet[PoolLine, Any]:
    rows = PoolLine.objects.filter(pool__budget=budget_id).order_by()
    return rows.values(of=F("pool")).annotate(**amount_sums())


def _sum_by_key(found: Iterable[tuple[int, Amounts]]) -> dict[int, Amounts]:
    gathered = defaultdict[int, list[Amounts]](list)
    for key, amounts in found:
        gathered[key].append(amounts)
    return {key: sum_amounts(amounts) for key, amounts in gathered.items()}


def _add_share(rows: dict[int, PoolRow], share: _Share, gives: str) -> None:
    """Add what a pool gives, as a cost of the kind `gives`; what stays within a row is not told."""
    row = rows[share.pool_id]
    if share.product_id is not None:
        to = To.BASE_GRANT if share.governed_by is None else To.PRODUCT
        row.taken.append(Taken(to, share.product_id, share.name, gives, share.amounts))
    elif share.to_pool_id is not None and rows[share.to_pool_id] is not row:
        other = rows[share.to_pool_id]
        other.received = sum_amounts([other.received, share.amounts])
        row.taken.append(Taken(To.POOL, other.pool.pk, other.pool.slug, "", share.amounts))


def _add_products(budget: Budget, rows: dict[int, PoolRow], shares: list[_Share]) -> dict[int, Amounts]:
    """Add the products of the base grant whose own cost is a pool's; return what each pool tells of so, öre."""
    costs = {row["budget_product"]: sums_of(row) for row in _sum_told_products(budget.pk)}
    given = _sum_by_key((s.product_id, s.amounts) for s in shares if s.product_id is not None)
    found = []
    for pool, product, name in _list_told_products(budget.pk):
        row = rows[pool]
        amounts = subtract_amounts(costs.get(product, NOTHING), given.get(product, NOTHING))
        row.cost = sum_amounts([row.cost, amounts])
        row.taken.append(Taken(To.BASE_GRANT, product, name, "", amounts))
        found.append((pool, amounts))
    return _sum_by_key(found)


@compiled
def _list_told_products(budget_id: int) -> QuerySet[PoolProduct, tuple[int, int, str]]:
    rows = PoolProduct.objects.filter(pool__budget=budget_id).order_by("pk")
    return rows.values_list("pool_id", "budget_product_id", "budget_product__name")


@compiled
def _sum_told_products(budget_id: int) -> QuerySet[ProductTotal, Any]:
    told = PoolProduct.objects.filter(pool__budget=budget_id).values("budget_product")
    totals = ProductTotal.objects.filter(budget_product__in=told, cost_kind__in=sorted(COSTS))
    return totals.order_by().values("budget_product").annotate(**amount_sums())


def sum_untold(budget: Budget, table: PoolTable) -> Amounts:
    """Return the part of a budget's controllable cost that no pool tells of, three years' öre.

    Rule 5: the base grant's cost without what lowers it or is income, and what products carry of staff time and server operation.
    """
    totals = ProductTotal.objects.filter(sub_budget__budget=budget).order_by()
    in_grant = totals.filter(sub_budget__governance_object__isnull=True).filter(cost_kind__in=sorted(COSTS))
    on_products = totals.filter(
        sub_budget__governance_object__isnull=False, cost_kind__in=[CostKind.STAFF_TIME, CostKind.SERVER_OPERATION]
    )
    found = [rows.aggregate(**amount_sums()) for rows in (in_grant, on_products)]
    return subtract_amounts(sum_amounts(sums_of(row) for row in found if row["sum_1"] is not None), table.total)
