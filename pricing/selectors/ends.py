"""Where a post's cost ends up: from who carries it, by way of the pools, to products.

The trick: a pool's receivers take a part of each of its costs as they take of the whole, by the same largest remainder as
`trace` splits a product's cost back. Here what is split is the post's own cost, so that its ends sum to it to the öre.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from budgets.models import BudgetProduct
from engine.result import subtract_amounts, sum_amounts
from engine.years import Amounts
from pricing.models import CostPool, PoolShare, Post, PostCost, PostPart
from pricing.selectors.trace import YEARS, ZERO, split_year

Way = tuple[CostPool, ...]


@dataclass(frozen=True)
class End:
    """What of a post a product takes, öre in three years, and the pools it came by; None is what nobody takes."""

    product: BudgetProduct | None
    way: Way
    amounts: Amounts


@dataclass(frozen=True)
class CarriedPart:
    """A part of a post: who carries it and what it costs, öre in three years."""

    part: PostPart
    amounts: Amounts


@dataclass(frozen=True)
class PostEnds:
    """A post's parts and its ends, of which each sums to the post's cost."""

    parts: list[CarriedPart]
    ends: list[End]

    @property
    def total(self) -> Amounts:
        """The post's cost."""
        return sum_amounts(part.amounts for part in self.parts) if self.parts else ZERO


def follow_post(post: Post) -> PostEnds:
    """Return where a post's stored cost ends up, the largest first; for who may see the post."""
    parts = _load_parts(post)
    shares = _load_shares(post)
    ends = [end for carried in parts for end in _follow(carried, shares)]
    return PostEnds(parts, sorted(_join(ends), key=lambda end: tuple(-ore for ore in end.amounts)))


def _load_parts(post: Post) -> list[CarriedPart]:
    rows = PostPart.objects.filter(post=post).select_related("pool", "budget_product__sub_budget").order_by("pk")
    costs: dict[int, list[Amounts]] = {}
    for cost in PostCost.objects.filter(part__post=post):
        costs.setdefault(cost.part_id, []).append(cost.amounts)
    return [CarriedPart(row, sum_amounts(costs[row.pk]) if row.pk in costs else ZERO) for row in rows]


def _load_shares(post: Post) -> dict[int, list[PoolShare]]:
    """Return what each pool of the post's budget gives, in one query."""
    rows = PoolShare.objects.filter(pool__budget=post.budget_id).order_by("pk")
    found: dict[int, list[PoolShare]] = {}
    for share in rows.select_related("pool", "to_pool", "budget_product__sub_budget"):
        found.setdefault(share.pool_id, []).append(share)
    return found


def _follow(carried: CarriedPart, shares: dict[int, list[PoolShare]]) -> Iterator[End]:
    if carried.part.pool is None:
        yield End(carried.part.budget_product, (), carried.amounts)
    else:
        yield from _give(carried.part.pool, carried.amounts, (), shares)


def _give(pool: CostPool, amounts: Amounts, way: Way, shares: dict[int, list[PoolShare]]) -> Iterator[End]:
    """Split amounts that a pool holds on who takes the pool; what is not taken is an end of its own."""
    takers, way = shares.get(pool.pk, []), (*way, pool)
    years = [split_year(amounts[year], [taker.amounts[year] for taker in takers]) for year in YEARS]
    left = amounts
    for place, taker in enumerate(takers):
        part: Amounts = (years[0][place], years[1][place], years[2][place])
        left = subtract_amounts(left, part)
        if not any(part):
            continue
        if taker.to_pool is not None:
            yield from _give(taker.to_pool, part, way, shares)
        else:
            yield End(taker.budget_product, way, part)
    if any(left):
        yield End(None, way, left)


def _join(ends: list[End]) -> list[End]:
    """Put together what comes to the same product by the same way, as of a post that a pool carries twice."""
    sums: dict[tuple[BudgetProduct | None, Way], list[Amounts]] = {}
    for end in ends:
        sums.setdefault((end.product, end.way), []).append(end.amounts)
    return [End(product, way, sum_amounts(amounts)) for (product, way), amounts in sums.items()]
