"""How much of a product's calculated cost is pay: its own posts, and those of the pools that give to it, first year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from django.db.models import QuerySet

from budgets.models import Budget
from budgets.selectors.totals import sums_of
from pricing.models import CalculatedKind, CostPool, PoolLine, PoolShare
from pricing.selectors.trace import sum_staff
from web.compiled import compiled

PERSONNEL = "personnel"


def load_pay(budget: Budget, on_grant: Collection[int]) -> dict[int, dict[str, Fraction]]:
    """Return the posts' part of each product's calculated kinds, exact öre by the product's id and kind.

    `on_grant` are the products of the base grant, which take staff time as personnel. What a pool gives holds pay in the
    same part as all that the pool costs. A pool with one post and other cost is counted whole, so that nobody's pay can be
    worked out.
    """
    staff = sum_staff(budget)
    of_pools, found = _load_parts(budget, staff), defaultdict[int, dict[str, Fraction]](dict)
    calculated = set(_list_calculated(budget.pk))
    for row in staff:
        product = row["part__budget_product"]
        if (product, PERSONNEL) in calculated:
            found[product][PERSONNEL] = Fraction(sums_of(row)[0])
    for product, pool, gives, ore in _list_shares(budget.pk):
        kind = PERSONNEL if gives == CostPool.Gives.STAFF_TIME and product in on_grant else gives
        if (product, kind) in calculated:
            found[product][kind] = found[product].get(kind, Fraction(0)) + ore * of_pools.get(pool, Fraction(0))
    return dict(found)


def _load_parts(budget: Budget, rows: Iterable[Mapping[str, Any]]) -> dict[int, Fraction]:
    """Return the part of pay in what each pool costs, by the pool's id; the pools that give to it are in it."""
    staff = {row["part__pool"]: row for row in rows if row["part__pool"]}
    own: dict[int, int] = defaultdict(int)
    for pool, ore in _list_pool_lines(budget.pk):
        own[pool] += ore
    given: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for giver, taker, ore in _list_gifts(budget.pk):
        given[taker].append((giver, ore))

    @cache
    def part(pool: int) -> Fraction:
        pay, count = (sums_of(staff[pool])[0], staff[pool]["count"]) if pool in staff else (0, 0)
        paid, other = (pay + own[pool], 0) if count == 1 else (pay, own[pool])
        whole = paid + other + sum(ore for _giver, ore in given[pool])
        return (paid + sum(ore * part(giver) for giver, ore in given[pool])) / Fraction(whole) if whole else Fraction(0)

    return {pool: part(pool) for pool in {*staff, *own, *given}}


@compiled
def _list_calculated(budget_id: int) -> QuerySet[CalculatedKind, tuple[int, str]]:
    return CalculatedKind.objects.filter(budget=budget_id).values_list("budget_product", "cost_kind")


@compiled
def _list_shares(budget_id: int) -> QuerySet[PoolShare, Any]:
    shares = PoolShare.objects.filter(pool__budget=budget_id, budget_product__isnull=False).order_by()
    return shares.values_list("budget_product", "pool", "pool__gives", "amount_1_ore")


@compiled
def _list_gifts(budget_id: int) -> QuerySet[PoolShare, Any]:
    shares = PoolShare.objects.filter(pool__budget=budget_id, to_pool__isnull=False).order_by()
    return shares.values_list("pool", "to_pool", "amount_1_ore")


@compiled
def _list_pool_lines(budget_id: int) -> QuerySet[PoolLine, Any]:
    return PoolLine.objects.filter(pool__budget=budget_id).order_by().values_list("pool", "amount_1_ore")
