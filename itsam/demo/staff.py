"""The demo's rates, posts, pools and weights; `solve_pools` made most of the files."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, ChosenRate, PlanningRate
from engine.years import Amounts
from itsam.demo.lines import BASE_GRANT, ORE, BudgetRows
from itsam.demo.reader import Reader, Row
from pricing.models import CostPool, PoolLine, PoolProduct, PoolWeight, Post, PostPart
from records.models import Provenance

MOST_WEIGHT = Decimal(10) ** 9
SEK = ("sek_2026", "sek_2027", "sek_2028")
WEIGHTS = ("weight_2026", "weight_2027", "weight_2028")
RATE = ("kind", "valid_from", "value", "source", "provenance")
POOL = ("pool", "name_sv", "name_en", "part_of", "unit", "gives", "provenance")
POST = ("post", "title", "unit", "kind", "employment_percent", "monthly_pay_sek", "pay_from", "provenance")
PART = ("post", "pool", "product", "weight")
WEIGHT = ("pool", "to_pool", "sub_budget", "product", *WEIGHTS, "provenance")
ProductName = tuple[str, str]


@dataclass(frozen=True)
class PartRow:
    """Who carries a part of a post: a pool by its slug, or a product of the base grant by its name."""

    post: str
    pool: str
    product: str
    weight: Decimal


@dataclass(frozen=True)
class LineRow:
    """A cost of a pool; amounts in öre."""

    pool: str
    text: str
    row: str
    amounts: Amounts
    provenance: str


@dataclass(frozen=True)
class WeightRow:
    """Whom a pool serves: another pool, or a product by its sub-budget and name."""

    pool: str
    to_pool: str
    product: ProductName
    weights: tuple[Decimal, Decimal, Decimal]
    provenance: str


@dataclass(frozen=True)
class StaffRows:
    """Checked rows, ready to write; posts and pools without their budget yet."""

    rates: list[PlanningRate]
    posts: dict[str, Post]
    parts: list[PartRow]
    pools: list[CostPool]
    lines: list[LineRow]
    weights: list[WeightRow]
    products: list[tuple[str, str]]


def read_staff(reader: Reader, budget: BudgetRows) -> StaffRows:
    """Read and check all that the calculation is made of; what names no post, pool or product is a problem."""
    names = {(product.sub_budget, product.name) for product in budget.products if product.category}
    grant = {name for sub_budget, name in names if sub_budget == BASE_GRANT}
    pools = [
        _pool(row, position) for position, row in enumerate(reader.rows("cost_pools.csv", *POOL, key=("pool",)), 1)
    ]
    posts = {
        row.text("post"): _post(row, position)
        for position, row in enumerate(reader.rows("posts.csv", *POST, key=("post",)), 1)
    }
    slugs = {pool.slug for pool in pools}
    parts = reader.rows("post_parts.csv", *PART, key=("post", "pool", "product"))
    weights = reader.rows("pool_weights.csv", *WEIGHT, key=("pool", "to_pool", "sub_budget", "product"))
    told = reader.rows("pool_products.csv", "pool", "product", key=("product",))
    return StaffRows(
        rates=[_rate(row) for row in reader.rows("planning_rates.csv", *RATE)],
        posts=posts,
        parts=[_part(row, set(posts), slugs, grant) for row in parts],
        pools=pools,
        lines=[_line(row, slugs) for row in reader.rows("pool_lines.csv", "pool", "text", "row", *SEK, "provenance")],
        weights=[_weight(row, slugs, names) for row in weights],
        products=[(row.known("pool", slugs), row.known("product", grant)) for row in told],
    )


def _rate(row: Row) -> PlanningRate:
    return PlanningRate(
        kind=row.known("kind", PlanningRate.Kind.values),
        valid_from_on=row.required_day("valid_from"),
        value=row.decimal("value"),
        source=row.text("source"),
        provenance=row.known("provenance", Provenance.values),
    )


def _pool(row: Row, position: int) -> CostPool:
    return CostPool(
        slug=row.text("pool", longest=60),
        name_sv=row.text("name_sv", longest=120),
        name_en=row.text("name_en", longest=120),
        part_of=row.text("part_of", required=False, longest=60),
        unit=row.known("unit", CostPool.Unit.values),
        gives=row.known("gives", CostPool.Gives.values),
        position=position,
        provenance=row.known("provenance", Provenance.values),
    )


def _post(row: Row, position: int) -> Post:
    return Post(
        title=row.text("title", longest=120),
        unit=row.text("unit", required=False, longest=120),
        kind=row.known("kind", Post.Kind.values),
        employment_percent=_positive(row, "employment_percent", Decimal(100)),
        monthly_pay_ore=row.required_whole("monthly_pay_sek", least=1) * ORE,
        pay_from_on=row.required_day("pay_from"),
        position=position,
        provenance=row.known("provenance", Provenance.values),
    )


def _positive(row: Row, name: str, most: Decimal) -> Decimal:
    value = row.decimal(name)
    if not 0 < value <= most:
        row.fail(name, _("It must be more than 0 and at most %(most)s.") % {"most": most})
    return value


def _part(row: Row, posts: set[str], pools: set[str], products: set[str]) -> PartRow:
    pool, product = row.text("pool", required=False), row.text("product", required=False)
    if bool(pool) == bool(product):
        row.fail("pool", _("Name either a pool or a product."))
    elif pool:
        row.known("pool", pools)
    else:
        row.known("product", products)
    return PartRow(row.known("post", posts), pool, product, _positive(row, "weight", MOST_WEIGHT))


def _line(row: Row, pools: set[str]) -> LineRow:
    first, second, third = (row.required_whole(name) * ORE for name in SEK)
    kind, provenance = row.known("row", PoolLine.Row.values), row.known("provenance", Provenance.values)
    return LineRow(row.known("pool", pools), row.text("text"), kind, (first, second, third), provenance)


def _weight(row: Row, pools: set[str], products: set[ProductName]) -> WeightRow:
    to_pool, product = row.text("to_pool", required=False), (row.cells["sub_budget"], row.cells["product"])
    if bool(to_pool) == any(product):
        row.fail("to_pool", _("Name either a pool or a product."))
    elif to_pool:
        row.known("to_pool", pools)
    elif product not in products:
        row.known("product", {name for sub_budget, name in products if sub_budget == product[0]})
    first, second, third = (_share(row, name) for name in WEIGHTS)
    provenance = row.known("provenance", Provenance.values)
    return WeightRow(row.known("pool", pools), to_pool, product, (first, second, third), provenance)


def _share(row: Row, name: str) -> Decimal:
    value = row.decimal(name)
    if not 0 <= value <= MOST_WEIGHT or value != round(value, 2):
        row.fail(name, _("Write a number from 0 with at most two decimals."))
    return value


def create_staff(budget: Budget, rows: StaffRows) -> None:
    """Write rates, pools and posts of a draft, from which its lines are calculated."""
    rates = PlanningRate.objects.bulk_create(rows.rates)
    ChosenRate.objects.bulk_create(ChosenRate(budget=budget, rate=rate) for rate in rates)
    for pool in rows.pools:
        pool.budget = budget
    for post in rows.posts.values():
        post.budget = budget
    pools = {pool.slug: pool for pool in CostPool.objects.bulk_create(rows.pools)}
    in_budget = BudgetProduct.objects.filter(budget=budget).select_related("sub_budget")
    products = {(product.sub_budget.slug, product.name): product for product in in_budget}
    Post.objects.bulk_create(rows.posts.values())
    PostPart.objects.bulk_create(
        PostPart(
            post=rows.posts[part.post],
            pool=pools.get(part.pool),
            budget_product=products.get((BASE_GRANT, part.product)),
            weight=part.weight,
        )
        for part in rows.parts
    )
    PoolProduct.objects.bulk_create(
        PoolProduct(pool=pools[pool], budget_product=products[BASE_GRANT, name]) for pool, name in rows.products
    )
    _create_pool_rows(pools, products, rows)


def _create_pool_rows(pools: dict[str, CostPool], products: dict[ProductName, BudgetProduct], rows: StaffRows) -> None:
    PoolLine.objects.bulk_create(
        PoolLine(
            pool=pools[line.pool],
            text=line.text,
            row=line.row,
            amount_1_ore=line.amounts[0],
            amount_2_ore=line.amounts[1],
            amount_3_ore=line.amounts[2],
            position=position,
            provenance=line.provenance,
        )
        for position, line in enumerate(rows.lines, 1)
    )
    PoolWeight.objects.bulk_create(
        PoolWeight(
            pool=pools[weight.pool],
            to_pool=pools.get(weight.to_pool),
            budget_product=products.get(weight.product),
            weight_1=weight.weights[0],
            weight_2=weight.weights[1],
            weight_3=weight.weights[2],
            provenance=weight.provenance,
        )
        for weight in rows.weights
    )
