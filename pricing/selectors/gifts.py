"""What a product is given: its uses of pools, the parts of posts that it carries, and the pool that counts its lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgets.models import BudgetProduct
from pricing.models import CostPool, MovedCost, PoolProduct, PoolShare, PoolWeight, Post, PostPart
from web.names import name_of

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from budgets.models import Budget


@dataclass(frozen=True)
class PoolGift:
    """What a pool gives in the budget's first year: the weight, and öre as last calculated."""

    pool: CostPool
    weight: Decimal
    ore: int


@dataclass(frozen=True)
class Gifts:
    """All that a product is given. Posts one by one are only for who may see them; `post_count` is for all."""

    pools: list[PoolGift]
    posts: list[Post]
    post_count: int
    counted_in: CostPool | None
    moved: list[MovedCost]

    def __bool__(self) -> bool:
        return bool(self.pools or self.post_count or self.counted_in or self.moved)


def load_gifts(product: BudgetProduct, user: User) -> Gifts:
    """Load what gives to a product."""
    parts = PostPart.objects.filter(budget_product=product).select_related("post").order_by("post__position", "post")
    counted = PoolProduct.objects.filter(budget_product=product).select_related("pool").first()
    return Gifts(
        pools=list(_list_pools(product)),
        posts=[part.post for part in parts.visible_to(user)],
        post_count=parts.count(),
        counted_in=counted.pool if counted else None,
        moved=list(MovedCost.objects.filter(from_product=product) | MovedCost.objects.filter(to_product=product)),
    )


def _list_pools(product: BudgetProduct) -> Iterator[PoolGift]:
    shares = dict(PoolShare.objects.filter(budget_product=product).values_list("pool_id", "amount_1_ore"))
    weights = PoolWeight.objects.filter(budget_product=product).select_related("pool")
    for row in weights.order_by("pool__position", "pool"):
        if any((row.weight_1, row.weight_2, row.weight_3)):
            yield PoolGift(row.pool, row.weight_1, shares.get(row.pool_id, 0))


def list_left_posts(budget: Budget, ended: Collection[UUID]) -> list[Post]:
    """Return the posts that nobody carries any more when the products of these lineages end."""
    others = PostPart.objects.filter(post__budget=budget).exclude(budget_product__lineage__in=ended)
    carried = Post.objects.filter(budget=budget, parts__budget_product__lineage__in=ended).distinct()
    return list(carried.exclude(pk__in=others.values("post")).order_by("position", "pk"))


def name_pools(product: BudgetProduct) -> list[str]:
    """Return the names of the pools that give to a product, or count its lines."""
    counted = CostPool.objects.filter(products__budget_product=product)
    pools = [gift.pool for gift in _list_pools(product)]
    return [name_of(pool) for pool in dict.fromkeys([*pools, *counted])]


def count_posts(product: BudgetProduct) -> int:
    """Return how many posts a product carries, whole or in part."""
    return PostPart.objects.filter(budget_product=product).count()
