"""What a figure rests on and where it ends up: from a product to its pools and posts, and from a pool to who takes it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from budgets.models import COST_KINDS, Budget, BudgetProduct, CostLine
from engine.result import CostKind, sum_amounts
from engine.years import AMOUNTS, Amounts
from pricing.models import (
    CalculatedKind,
    CapitalCost,
    CostPool,
    PoolLine,
    PoolShare,
    PoolWeight,
    Post,
    PostCost,
    PostPart,
)
from pricing.selectors.inputs import list_chosen

if TYPE_CHECKING:
    from accounts.models import User
    from budgets.models import ChosenRate

NOTHING: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class Use:
    """What is taken of a pool: öre and weights by year; `to` is who takes it."""

    pool: CostPool
    to: CostPool | BudgetProduct
    amounts: Amounts
    weights: tuple[Decimal, Decimal, Decimal]

    @property
    def is_product(self) -> bool:
        """Whether a product takes it, not another pool."""
        return isinstance(self.to, BudgetProduct)


@dataclass(frozen=True)
class Carried:
    """A part of a post that is carried: only the economist gets any."""

    post: Post
    part: PostPart
    amounts: Amounts


@dataclass
class KindOfProduct:
    """A kind of cost of a product that pools, posts or capital give: what they come to, and what stands there."""

    kind: str
    label: str
    is_calculated: bool
    calculated: Amounts
    standing: Amounts
    uses: list[Use] = field(default_factory=list)
    posts: list[Carried] = field(default_factory=list)
    posts_total: Amounts = NOTHING
    capital: list[CapitalCost] = field(default_factory=list)


@dataclass(frozen=True)
class PoolContents:
    """What a pool is made of and who takes it."""

    lines: list[PoolLine]
    posts: list[Carried]
    posts_total: Amounts
    received: list[Use]
    given: list[Use]
    # Of one post alone the parts would tell its cost, so that others than the economist read the sum only.
    is_sum_only: bool = False

    @property
    def own(self) -> Amounts:
        """What it costs by itself."""
        return sum_amounts([self.posts_total, *(line.amounts for line in self.lines)])


def load_pool_contents(pool: CostPool, user: User) -> PoolContents:
    """Load a pool; posts one by one only for who may see them, their sum for all."""
    uses = _load_uses(
        PoolShare.objects.filter(pool=pool).order_by(
            "to_pool__position", "budget_product__sub_budget__position", "budget_product__position"
        )
    )
    received = _load_uses(PoolShare.objects.filter(to_pool=pool).order_by("pool__position"))
    parts = PostPart.objects.filter(pool=pool)
    carried = _list_carried(parts.visible_to(user))
    return PoolContents(
        list(PoolLine.objects.filter(pool=pool).order_by("position", "pk")),
        carried,
        _sum_posts(parts),
        received,
        uses,
        is_sum_only=not carried and len(parts) == 1,
    )


def _load_uses(shares) -> list[Use]:  # type: ignore[no-untyped-def]
    rows = list(shares.select_related("pool", "to_pool", "budget_product__sub_budget"))
    pools = {row.pool_id for row in rows}
    weights = {
        (weight.pool_id, weight.to_pool_id, weight.budget_product_id): (
            weight.weight_1,
            weight.weight_2,
            weight.weight_3,
        )
        for weight in PoolWeight.objects.filter(pool__in=pools)
    }
    none = (Decimal(0), Decimal(0), Decimal(0))
    return [
        Use(
            row.pool,
            row.to_pool or row.budget_product,
            row.amounts,
            weights.get((row.pool_id, row.to_pool_id, row.budget_product_id), none),
        )
        for row in rows
    ]


def _list_carried(parts) -> list[Carried]:  # type: ignore[no-untyped-def]
    rows = list(parts.select_related("post").order_by("post__position", "post__pk"))
    costs = defaultdict[int, list[Amounts]](list)
    for cost in PostCost.objects.filter(part__in=[row.pk for row in rows]):
        costs[cost.part_id].append(cost.amounts)
    return [Carried(row.post, row, sum_amounts(costs[row.pk]) if costs[row.pk] else NOTHING) for row in rows]


def _sum_posts(parts) -> Amounts:  # type: ignore[no-untyped-def]
    costs = [cost.amounts for cost in PostCost.objects.filter(part__in=parts)]
    return sum_amounts(costs) if costs else NOTHING


def load_product_kinds(product: BudgetProduct, user: User) -> list[KindOfProduct]:
    """Load what a product's calculated kinds rest on, and what an entered kind would be if it were calculated."""
    uses = _load_uses(PoolShare.objects.filter(budget_product=product).order_by("pool__position"))
    parts = PostPart.objects.filter(budget_product=product)
    posts_total, carried = _sum_posts(parts), _list_carried(parts.visible_to(user))
    in_grant = product.sub_budget.is_base_grant
    switched = set(CalculatedKind.objects.filter(budget_product=product).values_list("cost_kind", flat=True))
    kinds: dict[str, KindOfProduct] = {}
    for use in uses:
        kind = kind_of_share(use.pool.gives, in_grant=in_grant)
        _kind(kinds, kind, switched).uses.append(use)
    if posts_total != NOTHING or carried:
        row = _kind(kinds, CostKind.PERSONNEL, switched)
        row.posts, row.posts_total = carried, posts_total
    for cost in CapitalCost.objects.filter(budget_product=product).order_by("pk"):
        _kind(kinds, cost.cost_kind, switched).capital.append(cost)
    for kind in switched & CALCULABLE_HERE:
        _kind(kinds, kind, switched)
    standing = _load_standing(product)
    for row in kinds.values():
        row.calculated = sum_amounts(
            [row.posts_total, *(use.amounts for use in row.uses), *(cost.amounts for cost in row.capital)]
        )
        row.standing = standing.get(row.kind, NOTHING)
    return list(kinds.values())


CALCULABLE_HERE = {
    kind.value
    for kind in (
        CostKind.PERSONNEL,
        CostKind.STAFF_TIME,
        CostKind.SERVER_OPERATION,
        CostKind.DEPRECIATION,
        CostKind.INTEREST,
    )
}


def kind_of_share(gives: str, *, in_grant: bool) -> str:
    """Return the kind of cost that a pool's share is on a product: the base grant takes staff time as personnel."""
    return CostKind.PERSONNEL.value if in_grant and gives == CostKind.STAFF_TIME else gives


def _kind(kinds: dict[str, KindOfProduct], kind: str, switched: set[str]) -> KindOfProduct:
    kind = str(kind)
    if kind not in kinds:
        kinds[kind] = KindOfProduct(kind, str(dict(COST_KINDS)[CostKind(kind)]), kind in switched, NOTHING, NOTHING)
    return kinds[kind]


def _load_standing(product: BudgetProduct) -> dict[str, Amounts]:
    found = defaultdict[str, list[Amounts]](list)
    for kind, *amounts in CostLine.objects.filter(budget_product=product).values_list("cost_kind", *AMOUNTS):
        found[kind].append((amounts[0], amounts[1], amounts[2]))
    return {kind: sum_amounts(rows) for kind, rows in found.items()}


def list_rates(budget: Budget) -> list[ChosenRate]:
    """Return the rates that posts are calculated by."""
    return list_chosen(budget)


def sum_replaced(product: BudgetProduct, kind: str) -> Amounts | None:
    """Return what the lines come to that a calculated kind replaced; None where there were none."""
    switched = CalculatedKind.objects.filter(budget_product=product, cost_kind=kind).first()
    if switched is None or not switched.replaced:
        return None
    return sum_amounts([tuple(int(line[name]) for name in AMOUNTS) for line in switched.replaced])  # type: ignore[misc]
