"""What a budget's calculation is made of, as the engine takes it: posts, pools, weights and the rates it chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypedDict, TypeVar

from budgets.models import Budget, ChosenRate, IndexRate, PlanningRate
from engine import personnel
from engine.pools import Pool, Receiver, To
from engine.provenance import weakest
from engine.result import CostKind
from engine.years import AMOUNTS, Amounts
from pricing.models import CapitalCost, CostPool, PoolLine, PoolWeight, Post, PostPart

YEARS = range(3)


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


class Line(NamedTuple):
    """A cost of a pool that is no post, öre in three years."""

    pool_id: int
    amounts: Amounts
    provenance: str


class Weight(NamedTuple):
    """How much of a pool `to` uses in each of three years; of a product its name, and the day on which it ended."""

    pool_id: int
    to: Receiver
    weights: tuple[Decimal, Decimal, Decimal]
    provenance: str
    name: str
    ended_on: date | None


class Capital(NamedTuple):
    """What investments and loans give a product of a kind of cost, öre in three years."""

    product_id: int
    cost_kind: str
    amounts: Amounts
    provenance: str


Row = TypeVar("Row", Line, Weight)


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
    lines: dict[int, list[Line]]
    weights: dict[int, list[Weight]]
    hours: Decimal | None = None
    titles: dict[int, str] = field(default_factory=dict)
    capital: list[Capital] = field(default_factory=list)

    def to_pools(self, year: int) -> list[Pool]:
        """Return the pools as the engine places them in a year, counted from 0."""
        return [
            Pool(pool.pk, pool.unit, {weight.to: weight.weights[year] for weight in self.weights.get(pool.pk, ())})
            for pool in self.pools
        ]


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
        lines=_group(_load_lines(budget)),
        weights=_group(_load_weights(budget, [pool.pk for pool in cost_pools])),
        capital=list(_load_capital(budget)),
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


def _load_lines(budget: Budget) -> Iterable[Line]:
    rows = PoolLine.objects.filter(pool__budget=budget).order_by("pool", "position", "pk")
    for pool, source, *amounts in rows.values_list("pool_id", "provenance", *AMOUNTS):
        yield Line(pool, (amounts[0], amounts[1], amounts[2]), source)


def _load_weights(budget: Budget, pools: list[int]) -> Iterable[Weight]:
    """Read whom each pool serves, in the order of the split: pools, the base grant, products by position."""
    places = {pk: place for place, pk in enumerate(pools)}
    rows = PoolWeight.objects.filter(pool__budget=budget).order_by("pk").values_list(
        "pool_id", "to_pool_id", "budget_product_id", "weight_1", "weight_2", "weight_3", "provenance",
        "budget_product__name", "budget_product__position", "budget_product__sub_budget__governance_object_id",
        "budget_product__product__ended_on",
    )  # fmt: skip
    for pool, to_pool, product, first, second, third, source, name, position, governed, ended_on in rows:
        if to_pool is not None:
            to = Receiver(To.POOL, places[to_pool], to_pool)
        else:
            to = Receiver(To.BASE_GRANT if governed is None else To.PRODUCT, position, product)
        yield Weight(pool, to, (first, second, third), source, name or "", ended_on)


def _load_capital(budget: Budget) -> Iterable[Capital]:
    rows = CapitalCost.objects.filter(budget_product__budget=budget).order_by("pk")
    for product, kind, source, *amounts in rows.values_list("budget_product_id", "cost_kind", "provenance", *AMOUNTS):
        yield Capital(product, kind, (amounts[0], amounts[1], amounts[2]), source)


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
