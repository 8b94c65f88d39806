"""What a product's cost comes from: lines, contracts, pools and posts, as a tree whose leaves sum to it to the öre.

The trick: what a pool gives is a part of all that the pool costs, so each of a pool's own costs and of what other pools
give it is in the share by the same part; the öre over go by `engine.trace.prorate`. No tree tells what a single post of
several costs: staff is one leaf, beside the titles that are published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Count, QuerySet

from budgets.models import Budget, BudgetProduct, CostLine
from budgets.selectors.totals import amount_sums, sums_of
from engine.result import sum_amounts
from engine.trace import prorate
from engine.years import Amounts
from pricing.models import CapitalCost, CostPool, LineOrigin, PoolLine, PoolShare, PostCost, PostPart
from records.models import Provenance

ZERO: Amounts = (0, 0, 0)
YEARS = range(3)
Row = TypeVar("Row")


@dataclass(frozen=True)
class Node:
    """A part of a product's cost, öre in three years; what has children is exactly their sum.

    `kind` is product, line, calculated, pool, posts, capital, own or rest. `origin` names the contract or development item of a
    line, `titles` the published posts of staff, each with its part in per cent of a whole post.
    """

    kind: str
    name: str
    amounts: Amounts
    children: list[Node] = field(default_factory=list)
    origin: str = ""
    titles: list[str] = field(default_factory=list)

    def list_leaves(self) -> Iterator[Node]:
        """Yield what has no parts of its own."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.list_leaves()

    def as_json(self) -> dict[str, object]:
        """Return it for a file, without what is empty."""
        told: dict[str, object] = {"kind": self.kind, "name": self.name, "ore": list(self.amounts)}
        extra = {"origin": self.origin, "titles": self.titles, "parts": [child.as_json() for child in self.children]}
        return told | {name: value for name, value in extra.items() if value}


@dataclass(frozen=True)
class _Staff:
    """The posts that a pool or a product carries, together."""

    amounts: Amounts
    titles: list[str]
    count: int


@dataclass
class Chain:
    """All of a budget's calculation as it is stored, read once for any number of products."""

    pools: dict[int, CostPool]
    lines: dict[int, list[PoolLine]]
    staff_of_pools: dict[int, _Staff]
    staff_of_products: dict[int, _Staff]
    to_pools: dict[int, list[PoolShare]]
    to_products: dict[int, list[PoolShare]]
    cost_lines: dict[int, list[CostLine]]
    origins: dict[object, str]
    capital: dict[int, list[CapitalCost]]

    def trace(self, product: BudgetProduct) -> Node:
        """Return the tree of a product's cost."""
        children = [self._trace_line(product, line) for line in self.cost_lines.get(product.pk, ())]
        return Node("product", product.name, _sum(children), children)

    def _trace_line(self, product: BudgetProduct, line: CostLine) -> Node:
        if not line.is_calculated:
            return Node("line", line.text, line.amounts, origin=self.origins.get(line.lineage, ""))
        children = [
            self._trace_share(share)
            for share in self.to_products.get(product.pk, ())
            if _kind_on(product, self.pools[share.pool_id]) == line.cost_kind
        ]
        staff = self.staff_of_products.get(product.pk)
        if staff and line.cost_kind == "personnel":
            children.append(_show_staff(staff))
        children += [
            Node("capital", cost.name, cost.amounts)
            for cost in self.capital.get(product.pk, ())
            if cost.cost_kind == line.cost_kind
        ]
        return Node("calculated", line.text, line.amounts, _with_rest(line.amounts, children))

    def _trace_share(self, share: PoolShare) -> Node:
        pool = self.pools[share.pool_id]
        return Node("pool", pool.name_sv, share.amounts, self._split(pool, share.amounts))

    def _split(self, pool: CostPool, amounts: Amounts) -> list[Node]:
        """Return what of a pool's costs is in some amounts that it gives."""
        costs = self._list_costs(pool)
        years = [split_year(amounts[year], [cost.amounts[year] for cost in costs]) for year in YEARS]
        parts: list[Amounts] = [(years[0][place], years[1][place], years[2][place]) for place in range(len(costs))]
        children = [
            self._fill(cost, part) for cost, part in zip(costs, parts, strict=True) if any(part) or any(cost.amounts)
        ]
        return _with_rest(amounts, children)

    def _fill(self, cost: _Cost, part: Amounts) -> Node:
        children = self._split(cost.pool, part) if cost.pool else []
        return Node(cost.kind, cost.name, part, children, titles=cost.titles)

    def _list_costs(self, pool: CostPool) -> list[_Cost]:
        """Return what a pool costs: its staff, its lines, and what other pools give it."""
        staff = self.staff_of_pools.get(pool.pk)
        lines = self.lines.get(pool.pk, [])
        if staff and staff.count == 1 and lines:
            # One post alone would be told by itself: it is told with what else the pool costs.
            whole = sum_amounts([staff.amounts, *(line.amounts for line in lines)])
            costs = [_Cost("posts", "", whole, staff.titles)]
        else:
            costs = [_Cost("posts", "", staff.amounts, staff.titles)] if staff else []
            costs += [_Cost("own", line.text, line.amounts) for line in lines]
        for share in self.to_pools.get(pool.pk, ()):
            giver = self.pools[share.pool_id]
            costs.append(_Cost("pool", giver.name_sv, share.amounts, pool=giver))
        return costs


@dataclass(frozen=True)
class _Cost:
    kind: str
    name: str
    amounts: Amounts
    titles: list[str] = field(default_factory=list)
    pool: CostPool | None = None


def load_chain(budget: Budget) -> Chain:
    """Read a budget's stored calculation and lines, by a number of queries that no size changes."""
    shares = PoolShare.objects.filter(pool__budget=budget).order_by("pool__position", "pk")
    lines = CostLine.objects.filter(budget=budget).order_by("position", "pk")
    origins = LineOrigin.objects.filter(budget=budget).select_related("contract", "item")
    capital = CapitalCost.objects.filter(budget_product__budget=budget).order_by("pk")
    of_pools, of_products = _load_staff(budget)
    return Chain(
        pools={pool.pk: pool for pool in CostPool.objects.filter(budget=budget)},
        lines=_group((row.pool_id, row) for row in PoolLine.objects.filter(pool__budget=budget)),
        staff_of_pools=of_pools,
        staff_of_products=of_products,
        to_pools=_group((row.to_pool_id, row) for row in shares if row.to_pool_id),
        to_products=_group((row.budget_product_id, row) for row in shares if row.budget_product_id),
        cost_lines=_group((row.budget_product_id, row) for row in lines),
        origins={row.lineage: str(row) for row in origins},
        capital=_group((row.budget_product_id, row) for row in capital),
    )


def trace_product(product: BudgetProduct) -> Node:
    """Return the tree of one product's cost."""
    return load_chain(product.budget).trace(product)


def _load_staff(budget: Budget) -> tuple[dict[int, _Staff], dict[int, _Staff]]:
    """Return what posts cost together, by the pool and by the product that carries them."""
    titles = _load_titles(budget)
    pools: dict[int, _Staff] = {}
    products: dict[int, _Staff] = {}
    for row in sum_staff(budget):
        pool, product = row["part__pool"], row["part__budget_product"]
        staff = _Staff(sums_of(row), titles.get((pool, product), []), row["count"])
        if pool is not None:
            pools[pool] = staff
        else:
            products[product] = staff
    return pools, products


def sum_staff(budget: Budget) -> QuerySet[PostCost, Any]:
    """Return who carries posts, what these cost in three years, öre, and how many they are."""
    rows = PostCost.objects.filter(part__post__budget=budget).order_by()
    sums = {**amount_sums(), "count": Count("part__post", distinct=True)}
    return rows.values("part__pool", "part__budget_product").annotate(**sums)


def _load_titles(budget: Budget) -> Mapping[tuple[int | None, int | None], list[str]]:
    """Return the titles of published posts and their parts, by who carries them."""
    parts = list(PostPart.objects.filter(post__budget=budget).select_related("post").order_by("post__position", "pk"))
    weights: dict[int, object] = {}
    for part in parts:
        weights[part.post_id] = weights.get(part.post_id, 0) + part.weight  # type: ignore[operator]
    found = defaultdict(list)
    for part in parts:
        if part.post.provenance == Provenance.PUBLISHED:
            percent = part.post.employment_percent * part.weight / weights[part.post_id]  # type: ignore[operator]
            found[part.pool_id, part.budget_product_id].append(f"{part.post.title} {round(percent):g} %")
    return found


def _kind_on(product: BudgetProduct, pool: CostPool) -> str:
    """Return the kind of cost that a pool's share is on a product: staff time is personnel on the base grant."""
    is_staff_on_grant = product.sub_budget.is_base_grant and pool.gives == CostPool.Gives.STAFF_TIME
    return "personnel" if is_staff_on_grant else pool.gives


def _show_staff(staff: _Staff) -> Node:
    return Node("posts", "", staff.amounts, titles=staff.titles)


def split_year(amount: int, costs: list[int]) -> list[int]:
    """Return the parts of a year; costs that sum to nothing explain nothing."""
    return prorate(amount, costs) if sum(costs) else [0] * len(costs)


def _with_rest(amounts: Amounts, children: list[Node]) -> list[Node]:
    """Add what the parts do not explain, such as what was changed since the calculation; nothing is left out silently."""
    told = _sum(children)
    if told == amounts or not children:
        return children
    rest = (amounts[0] - told[0], amounts[1] - told[1], amounts[2] - told[2])
    return [*children, Node("rest", "", rest)]


def _sum(nodes: Iterable[Node]) -> Amounts:
    return sum_amounts(node.amounts for node in nodes)


def _group(pairs: Iterable[tuple[int | None, Row]]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for key, row in pairs:
        grouped[key or 0].append(row)
    return dict(grouped)
