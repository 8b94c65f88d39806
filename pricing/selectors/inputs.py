"""What a budget's calculation is made of, as the engine takes it: posts, pools, weights and the rates it chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypedDict, TypeVar

from budgets.models import Budget, ChosenRate, IndexRate, PlanningRate
from engine import personnel
from engine.pools import Pool, Receiver, To
from engine.provenance import weakest
from engine.result import CostKind
from pricing.models import CostPool, PoolLine, PoolWeight, Post, PostPart

YEARS = range(3)
Row = TypeVar("Row", PoolLine, PoolWeight)


class Carrier(NamedTuple):
    """Who carries a part of a post; one of both is set."""

    pool_id: int | None
    product_id: int | None


class Part(NamedTuple):
    """A part of a post."""

    pk: int
    post_id: int
    carrier: Carrier
    weight: Decimal


class _OfRates(TypedDict):
    rates: list[personnel.PersonnelRate]
    rate_source: str
    hours: Decimal | None


@dataclass(frozen=True)
class Inputs:
    """Rows of one budget; pools and weights by year where they differ by year."""

    budget: Budget
    rates: list[personnel.PersonnelRate]
    rate_source: str
    indexes: dict[int, Decimal]
    posts: dict[int, personnel.Post]
    post_sources: dict[int, str]
    parts: list[Part]
    pools: list[CostPool]
    lines: dict[int, list[PoolLine]]
    weights: dict[int, list[PoolWeight]]
    hours: Decimal | None = None
    titles: dict[int, str] = field(default_factory=dict)

    def to_pools(self, year: int) -> list[Pool]:
        """Return the pools as the engine places them in a year, counted from 0."""
        return [Pool(pool.pk, pool.unit, self._weigh(pool, year)) for pool in self.pools]

    def _weigh(self, pool: CostPool, year: int) -> dict[Receiver, Fraction]:
        places = {other.pk: place for place, other in enumerate(self.pools)}
        return {
            receiver_of(weight, places): Fraction(getattr(weight, f"weight_{year + 1}"))
            for weight in self.weights.get(pool.pk, ())
        }


def receiver_of(weight: PoolWeight, places: Mapping[int, int]) -> Receiver:
    """Return whom a weight serves, in the order of the split: pools, the base grant, products by position."""
    if weight.to_pool_id is not None:
        return Receiver(To.POOL, places[weight.to_pool_id], weight.to_pool_id)
    product = weight.budget_product
    assert product is not None  # the constraint pool_serves_one
    to = To.BASE_GRANT if product.sub_budget.is_base_grant else To.PRODUCT
    return Receiver(to, product.position, product.pk)


def load_inputs(budget: Budget) -> Inputs:
    """Read all that a budget's calculation is made of, by a number of queries that no size changes."""
    rates = list(PlanningRate.objects.filter(chosen_by__budget=budget))
    posts = list(Post.objects.filter(budget=budget))
    cost_pools = list(CostPool.objects.filter(budget=budget).order_by("position", "pk"))
    return Inputs(
        budget=budget,
        **read_rates(rates),
        indexes=load_indexes(budget),
        posts={post.pk: to_post(post) for post in posts},
        post_sources={post.pk: post.provenance for post in posts},
        titles={post.pk: post.title for post in posts},
        parts=_load_parts(budget),
        pools=cost_pools,
        lines=_group(list(PoolLine.objects.filter(pool__budget=budget))),
        weights=_group(
            list(
                PoolWeight.objects.filter(pool__budget=budget)
                .select_related("budget_product__sub_budget", "budget_product__product")
                .order_by("pk")
            )
        ),
    )


def read_rates(rates: Sequence[PlanningRate]) -> _OfRates:
    """Return what a budget's inputs take of the planning rates that it uses."""
    of_personnel = [rate for rate in rates if rate.kind in set(personnel.RateKind)]
    hours = [rate for rate in rates if rate.kind == PlanningRate.Kind.HOURS]
    return {
        "rates": [to_rate(rate) for rate in of_personnel],
        "rate_source": weakest(rate.provenance for rate in of_personnel),
        "hours": max(hours, key=lambda rate: rate.valid_from_on).value if hours else None,
    }


def _load_parts(budget: Budget) -> list[Part]:
    rows = PostPart.objects.filter(post__budget=budget).order_by("post", "pk")
    values = rows.values_list("pk", "post_id", "pool_id", "budget_product_id", "weight")
    return [Part(pk, post, Carrier(pool, product), weight) for pk, post, pool, product, weight in values]


def _group(rows: Iterable[Row]) -> dict[int, list[Row]]:
    grouped = defaultdict[int, list[Row]](list)
    for row in rows:
        grouped[row.pool_id].append(row)
    return grouped


def load_indexes(budget: Budget, instead: IndexRate | None = None) -> dict[int, Decimal]:
    """Return the newest index of personnel for each year; as if `instead` were stored, when it is given."""
    rows = list(IndexRate.objects.filter(cost_kind=CostKind.PERSONNEL, year__lte=budget.years[2]))
    if instead is not None:
        rows = [row for row in rows if row.pk != instead.pk]
        rows += [instead] if instead.cost_kind == CostKind.PERSONNEL and instead.year <= budget.years[2] else []
    return {row.year: row.percent for row in sorted(rows, key=lambda row: row.valid_from_on)}


def to_rate(rate: PlanningRate) -> personnel.PersonnelRate:
    """Return a rate as the engine takes it."""
    return personnel.PersonnelRate(rate.kind, rate.valid_from_on, rate.value, rate.age_class, rate.ceiling_ore)


def to_post(post: Post) -> personnel.Post:
    """Return a post as the engine takes it."""
    return personnel.Post(
        post.monthly_pay_ore, post.employment_percent, post.pay_from_on, post.from_on, post.to_on, post.age_class
    )


def list_chosen(budget: Budget) -> list[ChosenRate]:
    """Return the rates that a budget uses, by kind and day."""
    return list(
        ChosenRate.objects.filter(budget=budget).select_related("rate").order_by("rate__kind", "rate__valid_from_on")
    )
