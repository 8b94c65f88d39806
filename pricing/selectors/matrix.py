"""Who uses how much of which pool: rows are pools and products, columns pools, cells weights of a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, When

from budgets.models import Budget, BudgetProduct, ChosenRate, PlanningRate, SubBudget
from objects.selectors.reader import compiled_for_reader
from pricing.models import CostPool, PoolLine, PoolProduct, PoolShare, PoolWeight, PostPart, WeightStep
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User

NONE = Decimal(0)


@dataclass
class MatrixRow:
    """Who takes parts of pools. `key` names it in the page; `weights` and `shares`, öre, are by the pool's key."""

    key: str
    target: CostPool | BudgetProduct
    weights: dict[int, Decimal] = field(default_factory=dict)
    shares: dict[int, int] = field(default_factory=dict)

    @property
    def is_pool(self) -> bool:
        """Whether it is a pool that another one serves."""
        return isinstance(self.target, CostPool)


@dataclass
class MatrixGroup:
    """The pools, or the products of a sub-budget, which is None for the pools."""

    key: str
    sub_budget: SubBudget | None
    rows: list[MatrixRow]


@dataclass(frozen=True)
class Matrix:
    """A budget's pools and who uses them in a year, counted from 0; `hours` are those of a full-time equivalent."""

    budget: Budget
    year: int
    pools: list[CostPool]
    groups: list[MatrixGroup]
    hours: Decimal | None

    @property
    def rows(self) -> list[MatrixRow]:
        """All rows in order."""
        return [row for group in self.groups for row in group.rows]


def key_of(target: CostPool | BudgetProduct) -> str:
    """Return what a row is called in the page, in requests and in steps."""
    return f"{'pool' if isinstance(target, CostPool) else 'product'}.{target.lineage}"


def load_matrix(budget: Budget, year: int) -> Matrix:
    """Load the table of a year by a number of queries that no size changes."""
    pools = _list_placed(budget.pk)
    weights, shares = _load_weights(budget, year), _load_shares(budget, year)
    groups = [MatrixGroup("pools", None, [_row(pool, weights, shares) for pool in pools])] if len(pools) > 1 else []
    by_sub_budget: dict[int, MatrixGroup] = {}
    for product in _list_products(budget.pk):
        group = by_sub_budget.get(product.sub_budget_id)
        if group is None:
            group = by_sub_budget[product.sub_budget_id] = MatrixGroup(product.sub_budget.slug, product.sub_budget, [])
            groups.append(group)
        group.rows.append(_row(product, weights, shares))
    return Matrix(budget, year, pools, groups, load_hours(budget))


@compiled
def _list_placed(budget_id: int) -> QuerySet[CostPool]:
    rows: QuerySet[CostPool] = CostPool.objects.filter(budget=budget_id).exclude(_only_tells())
    return rows.order_by("position", "pk")


@compiled
def _list_products(budget_id: int) -> QuerySet[BudgetProduct]:
    rows: QuerySet[BudgetProduct] = BudgetProduct.objects.filter(budget=budget_id)
    return rows.select_related("sub_budget", "product").order_by(
        "sub_budget__position", "sub_budget__pk", "position", "pk"
    )


def _only_tells() -> Q:
    """Hold of a pool that has nothing to place: products of the base grant are told in its row, and that is all."""
    has_own = [PostPart.objects.filter(pool=OuterRef("pk")), PoolLine.objects.filter(pool=OuterRef("pk"))]
    given = PoolWeight.objects.exclude(weight_1=0, weight_2=0, weight_3=0)
    weights = given.filter(Q(pool=OuterRef("pk")) | Q(to_pool=OuterRef("pk")))
    tells = Q(Exists(PoolProduct.objects.filter(pool=OuterRef("pk"))))
    for rows in (*has_own, weights):
        tells &= ~Q(Exists(rows))
    return tells


Receiver = tuple[int | None, int | None]


def _row(
    target: CostPool | BudgetProduct,
    weights: dict[Receiver, dict[int, Decimal]],
    shares: dict[Receiver, dict[int, int]],
) -> MatrixRow:
    whom = (target.pk, None) if isinstance(target, CostPool) else (None, target.pk)
    return MatrixRow(key_of(target), target, weights.get(whom, {}), shares.get(whom, {}))


def _load_weights(budget: Budget, year: int) -> dict[Receiver, dict[int, Decimal]]:
    found = defaultdict[Receiver, dict[int, Decimal]](dict)
    for pool, to_pool, product, weight in _list_weights(budget.pk, year):
        if weight:
            found[to_pool, product][pool] = weight
    return found


@compiled
def _list_weights(budget_id: int, year: int) -> QuerySet[PoolWeight, Any]:
    rows = PoolWeight.objects.filter(pool__budget=budget_id).order_by()
    return rows.values_list("pool_id", "to_pool_id", "budget_product_id", f"weight_{year + 1}")


def _load_shares(budget: Budget, year: int) -> dict[Receiver, dict[int, int]]:
    found = defaultdict[Receiver, dict[int, int]](dict)
    for pool, to_pool, product, ore in _list_shares(budget.pk, year):
        found[to_pool, product][pool] = ore
    return found


@compiled
def _list_shares(budget_id: int, year: int) -> QuerySet[PoolShare, Any]:
    rows = PoolShare.objects.filter(pool__budget=budget_id).order_by()
    return rows.values_list("pool_id", "to_pool_id", "budget_product_id", f"amount_{year + 1}_ore")


def load_hours(budget: Budget) -> Decimal | None:
    """Return the hours of a full-time equivalent that the budget uses; None when it chose none."""
    return next(iter(_find_hours(budget.pk)), None)


@compiled
def _find_hours(budget_id: int) -> QuerySet[ChosenRate, Decimal]:
    rates = ChosenRate.objects.filter(budget=budget_id, rate__kind=PlanningRate.Kind.HOURS)
    return rates.order_by("-rate__valid_from_on").values_list("rate__value", flat=True)[:1]


def sum_weights(pool: CostPool, year: int) -> Decimal:
    """Return what a pool's weights of a year come to."""
    total = PoolWeight.objects.filter(pool=pool).aggregate(total=Sum(f"weight_{year + 1}"))["total"]
    return total or NONE


def add_up(rows: Iterable[MatrixRow], pool: CostPool) -> Decimal:
    """Return what rows use of a pool."""
    return sum((row.weights.get(pool.pk, NONE) for row in rows), NONE)


@dataclass(frozen=True)
class WeightSteps:
    """What a person's undo and redo would take next."""

    undo: WeightStep | None
    redo: WeightStep | None


def list_weight_steps(budget: Budget, by: User) -> QuerySet[WeightStep]:
    """Return a person's own steps in a budget's table."""
    steps: QuerySet[WeightStep] = WeightStep.objects.visible_to(by).filter(budget=budget)
    return steps


def load_weight_steps(budget: Budget, by: User) -> WeightSteps:
    """Return a person's next undo and redo."""
    nearest = {step.undone: step for step in _list_nearest_steps(by, budget.pk)}
    return WeightSteps(nearest.get(False), nearest.get(True))


@compiled_for_reader
def _list_nearest_steps(by: User, budget_id: int) -> QuerySet[WeightStep]:
    """Of those that are not undone the last, of the others the first."""
    nearest = Case(When(undone=True, then=F("pk")), default=-F("pk"))
    steps: QuerySet[WeightStep] = WeightStep.objects.visible_to(by).filter(budget=budget_id)
    return steps.only("action", "undone").order_by("undone", nearest).distinct("undone")
