"""What one customer pays in a budget: its shares by category, object and product, each beside the year before.

Shares are split by each budget's own keys; where the earlier budget has none, nothing is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise

from budgets.models import Budget, BudgetProduct, KeyWeight, RevenueCategory, SubBudget
from budgets.models.keys import PAYING
from budgets.selectors.compared import Compared
from budgets.selectors.shares import Share, has_assumed_keys, load_shares
from engine.alphabet import swedish_key
from engine.money import round_ore
from engine.result import sum_amounts
from engine.years import Amounts
from objects.models import Customer, Inhabitants, Municipality
from objects.models.roles import FEDERATION_ROLES, roles_of
from records.models import Provenance
from reports.overview.selectors import is_rounded
from web.names import name_of
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User

ZERO: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class Cost(Compared):
    """A row: what the customer pays, by the code of what it pays for, and, of an object, its products.

    `is_gone` is a product that only the year before has.
    """

    code: str
    label: str | Promise
    is_gone: bool = False
    products: list[Cost] = field(default_factory=list)


@dataclass(frozen=True)
class PerInhabitant:
    """The customer's cost per inhabitant, and the members' together per inhabitant of them all; öre."""

    own_ore: int
    mean_ore: int | None
    counted_on: date | None


@dataclass(frozen=True)
class Assumed:
    """Which of the facts behind the shares are guessed."""

    keys: bool
    inhabitants: bool

    def __bool__(self) -> bool:
        return self.keys or self.inhabitants


@dataclass(frozen=True)
class Costs:
    """All of it."""

    total: Cost
    categories: list[Cost]
    objects: list[Cost]
    per_inhabitant: PerInhabitant | None
    assumed: Assumed
    rounded: dict[str, bool]


@dataclass(frozen=True)
class _Part:
    """A product's share of one customer in both budgets; `is_gone` where only the earlier one has it."""

    product: BudgetProduct
    amounts: Amounts
    earlier: int | None
    is_gone: bool = False


# Whose costs


def list_cost_customers(budget: Budget, user: User) -> list[Customer]:
    """Return the customers the user may see that bear a share of the budget; an officer also without any."""
    visible = Customer.objects.visible_to(user).order_by(in_swedish("name"))
    if roles_of(user) & FEDERATION_ROLES:
        paying = KeyWeight.objects.filter(PAYING, key__budget=budget).values("customer")
        visible = visible.filter(pk__in=paying)
    return list(visible)


def find_cost_customer(customers: list[Customer], typed: str) -> Customer | None:
    """Return the customer with the typed uuid, the first when none is typed; None when there is no such."""
    if not typed:
        return next(iter(customers), None)
    return next((customer for customer in customers if str(customer.uuid) == typed.lower()), None)


# The page


def load_costs(
    budget: Budget,
    earlier: Budget | None,
    customer: Customer,
    sub_budget: SubBudget | None = None,
    category: str = "",
) -> Costs | None:
    """Return a customer's costs in a budget, or of one sub-budget or revenue category.

    They are None when there are no keys, so that no share is known.
    """
    only = None if sub_budget is None else [sub_budget.lineage]
    shares = load_shares(budget, only)
    if not shares:
        return None
    parts = _load_parts(budget, shares, earlier, load_shares(earlier, only) if earlier is not None else [], customer)
    parts = [part for part in parts if category in ("", part.product.category)]
    total = _cost("total", "", parts)
    categories = _load_categories(parts)
    objects = _load_objects(parts)
    per_inhabitant, is_assumed = _load_per_inhabitant(shares, customer)
    return Costs(
        total=total,
        categories=categories,
        objects=objects,
        per_inhabitant=per_inhabitant,
        assumed=Assumed(has_assumed_keys(budget), is_assumed),
        rounded={"categories": is_rounded(categories, total, years=1), "objects": is_rounded(objects, total, years=1)},
    )


def _load_parts(
    budget: Budget, shares: list[Share], earlier: Budget | None, earlier_shares: list[Share], customer: Customer
) -> list[_Part]:
    now = _by_lineage(budget, shares, customer)
    before = _by_lineage(earlier, earlier_shares, customer) if earlier is not None else {}
    parts = [
        _Part(product, amounts, before[lineage][1][0] if lineage in before else 0 if earlier_shares else None)
        for lineage, (product, amounts) in now.items()
    ]
    gone = [(product, amounts[0]) for lineage, (product, amounts) in before.items() if lineage not in now]
    return parts + [_Part(product, ZERO, was, is_gone=True) for product, was in gone]


def _by_lineage(
    budget: Budget, shares: Iterable[Share], customer: Customer
) -> dict[UUID, tuple[BudgetProduct, Amounts]]:
    products = _list_products(budget).in_bulk()
    own = [share for share in shares if share.customer_id == customer.pk]
    return {
        products[share.budget_product_id].lineage: (products[share.budget_product_id], share.amounts) for share in own
    }


def _list_products(budget: Budget) -> QuerySet[BudgetProduct]:
    products: QuerySet[BudgetProduct] = BudgetProduct.objects.filter(budget=budget).select_related("sub_budget")
    return products


def _cost(
    code: str,
    label: str | Promise,
    parts: list[_Part],
    products: list[Cost] | None = None,
    *,
    is_gone: bool = False,
) -> Cost:
    known = [part.earlier for part in parts if part.earlier is not None]
    earlier = sum(known) if len(known) == len(parts) and parts else None
    return Cost(sum_amounts(part.amounts for part in parts), earlier, code, label, is_gone, products or [])


def _load_categories(parts: list[_Part]) -> list[Cost]:
    groups = _group(parts, lambda product: product.category)
    return [
        _cost(category.value, category.label, groups[category.value])
        for category in RevenueCategory
        if category.value in groups
    ]


def _load_objects(parts: list[_Part]) -> list[Cost]:
    """Return the sub-budgets, the largest first; the base grant stands as one of them."""
    groups = _group(parts, lambda product: product.sub_budget.slug)
    rows = [_object(slug, own) for slug, own in groups.items()]
    return sorted(rows, key=lambda row: (-row.amounts[0], swedish_key(str(row.label))))


def _object(slug: str, parts: list[_Part]) -> Cost:
    products = [_cost(str(part.product.lineage), part.product.name, [part], is_gone=part.is_gone) for part in parts]
    ordered = sorted(products, key=lambda row: (-row.amounts[0], swedish_key(str(row.label))))
    return _cost(slug, name_of(parts[0].product.sub_budget), parts, ordered)


def _group(parts: list[_Part], key: Callable[[BudgetProduct], str]) -> Mapping[str, list[_Part]]:
    groups: dict[str, list[_Part]] = {}
    for part in parts:
        groups.setdefault(key(part.product), []).append(part)
    return groups


# Per inhabitant


def _load_per_inhabitant(shares: list[Share], customer: Customer) -> tuple[PerInhabitant | None, bool]:
    """Return the customer's cost per inhabitant beside the members'; and whether a count is assumed."""
    counts = {row.municipality.customer_id: row for row in _list_newest_counts()}
    if customer.pk not in counts:
        return None, False
    paid: dict[int, int] = {}
    for share in shares:
        paid[share.customer_id] = paid.get(share.customer_id, 0) + share.amounts[0]
    members = [key for key, row in counts.items() if row.municipality.customer.kind == Customer.Kind.MEMBER]
    mean = _divide(sum(paid.get(key, 0) for key in members), sum(counts[key].count for key in members))
    own = _divide(paid.get(customer.pk, 0), counts[customer.pk].count)
    used = [counts[key] for key in {*members, customer.pk}]
    is_assumed = any(row.provenance == Provenance.ASSUMED for row in used)
    return (None if own is None else PerInhabitant(own, mean, counts[customer.pk].counted_on)), is_assumed


def _list_newest_counts() -> list[Inhabitants]:
    newest = Inhabitants.objects.filter(municipality=OuterRef("pk")).order_by("-counted_on").values("pk")[:1]
    keys = Municipality.objects.annotate(newest=Subquery(newest)).values("newest")
    return list(Inhabitants.objects.filter(pk__in=keys).select_related("municipality__customer"))


def _divide(ore: int, count: int) -> int | None:
    return round_ore(Fraction(ore, count)) if count else None
