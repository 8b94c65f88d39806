"""What each customer is planned to pay: every product's cost less its income, split by its allocation key (rule 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import AllocationKey, Budget, BudgetProduct, KeyWeight, ProductTotal
from budgets.models.keys import PAYING
from engine.result import counted, customers_pay, sum_amounts
from engine.shares import fill_years, split_years
from engine.years import AMOUNTS, Amounts
from records.models import Provenance
from web.compiled import compiled
from web.ordering import in_swedish

# A weight has four decimals; counted in ten-thousandths it is whole, which splits the same and faster.
WEIGHT_UNIT = 10_000
Weights = list[tuple[int, tuple[int, int, int]]]


@dataclass(frozen=True)
class Share:
    """A customer's part of what a product's customers pay in the budget's three years, öre."""

    budget_product_id: int
    customer_id: int
    amounts: Amounts


def load_shares(
    budget: Budget, sub_budgets: Collection[UUID] | None = None, *, tried: Mapping[int, Weights] | None = None
) -> list[Share]:
    """Split what every product's customers pay on those of its key, in the order of both; zeros are left out.

    A product's parts add up to its cost less its income. Empty when the budget has no keys; products without a key are left out,
    as are those whose key has no weight, and `list_products_without_key` names both. Of some `sub_budgets` only, by
    lineage, when they are given. `tried` are other weights of some keys, to see what they would lead to.
    """
    return [Share(*share) for share in _split_products(budget, sub_budgets, tried)]


def split_charges(budget: Budget, charges: Mapping[int, Amounts]) -> list[Share]:
    """Split what is given, öre by the product's id, as `load_shares` does what products' customers pay."""
    return [Share(*share) for share in _split(budget, charges, _load_weights(budget), None)]


def load_customer_totals(budget: Budget, *, tried: Mapping[int, Weights] | None = None) -> dict[int, Amounts]:
    """Return what each customer is planned to pay in the budget's three years, öre by the customer's id."""
    parts: dict[int, list[Amounts]] = defaultdict(list)
    for _product_id, customer_id, amounts in _split_products(budget, None, tried):
        parts[customer_id].append(amounts)
    return {customer_id: sum_amounts(amounts) for customer_id, amounts in parts.items()}


def load_product_charges(budget: Budget, sub_budgets: Collection[UUID] | None = None) -> dict[int, Amounts]:
    """Return what each product's customers pay, öre by its id: cost and what lowers it, less income (rule 3).

    Negative where a product's income is larger than its cost.
    """
    totals: dict[int, list[tuple[str, Amounts]]] = defaultdict(list)
    for product, kind, first, second, third in _list_totals(budget.pk, _keyed(sub_budgets)):
        totals[product].append((kind, (first, second, third)))
    return {product: customers_pay(own) for product, own in totals.items()}


def load_product_revenues(budget: Budget) -> dict[int, Amounts]:
    """Return each product's revenue, öre by its id: its cost and what lowers it (rule 3)."""
    totals: dict[int, list[Amounts]] = defaultdict(list)
    for product, kind, first, second, third in _list_totals(budget.pk, None):
        totals[product].append(counted(kind, (first, second, third)))
    return {product: sum_amounts(own) for product, own in totals.items()}


@compiled
def _list_totals(budget_id: int, sub_budgets: frozenset[UUID] | None) -> QuerySet[ProductTotal, Any]:
    totals = ProductTotal.objects.filter(sub_budget__budget=budget_id, **_within(sub_budgets))
    return totals.order_by().values_list("budget_product", "cost_kind", *AMOUNTS)


def load_product_weights(budget: Budget) -> dict[int, dict[int, int]]:
    """Return the first year's weights of each product's customers, by the product's id, in the order of the split.

    Products that nobody pays for are left out, as `load_shares` leaves them out.
    """
    weights = _load_weights(budget)
    first = {key: {customer: years[0] for customer, years in own} for key, own in weights.items()}
    return {product: first[key] for product, key in _list_product_keys(budget.pk, None) if key in first}


def list_keys(budget: Budget) -> QuerySet[AllocationKey]:
    """Return a budget's keys with their weights and customers."""
    keys: QuerySet[AllocationKey] = AllocationKey.objects.filter(budget=budget)
    return keys.select_related("decision").prefetch_related("weights__customer")


def has_assumed_keys(budget: Budget) -> bool:
    """Return whether a key that splits a budget's revenue is guessed, and with it what each customer pays."""
    return bool(_find_assumed_key(budget.pk))


@compiled
def _find_assumed_key(budget_id: int) -> QuerySet[AllocationKey, int]:
    return AllocationKey.objects.filter(budget=budget_id, provenance=Provenance.ASSUMED).values_list("pk", flat=True)[
        :1
    ]


def list_products_with_keys(budget: Budget) -> QuerySet[BudgetProduct]:
    """Return a budget's products in order, each with its key and sub-budget."""
    products: QuerySet[BudgetProduct] = BudgetProduct.objects.filter(budget=budget)
    return products.select_related("allocation_key", "sub_budget").order_by("sub_budget__position", "position", "pk")


def list_products_without_key(budget: Budget) -> list[BudgetProduct]:
    """Return the products that have something to pay but nobody who does: no key, or one without weights."""
    weights, charges = _load_weights(budget), load_product_charges(budget)
    return [
        product
        for product in list_products_with_keys(budget)
        if any(charges.get(product.pk, ())) and product.allocation_key_id not in weights
    ]


def _split_products(
    budget: Budget, sub_budgets: Collection[UUID] | None, tried: Mapping[int, Weights] | None
) -> Iterator[tuple[int, int, Amounts]]:
    """Yield (product, customer, öre) of all parts that are not zero; `tried` as of `load_shares`."""
    weights = {**_load_weights(budget), **(tried or {})}
    charges = load_product_charges(budget, sub_budgets) if weights else {}
    yield from _split(budget, charges, weights, sub_budgets)


def _split(
    budget: Budget,
    charges: Mapping[int, Amounts],
    weights: Mapping[int, Weights],
    sub_budgets: Collection[UUID] | None,
) -> Iterator[tuple[int, int, Amounts]]:
    for product_id, key_id in _list_product_keys(budget.pk, _keyed(sub_budgets)):
        charge = charges.get(product_id, (0, 0, 0))
        if key_id in weights and any(charge):
            own = weights[key_id]
            parts = split_years(charge, [weight for _id, weight in own])
            for (customer_id, _weight), amounts in zip(own, parts, strict=True):
                if any(amounts):
                    yield product_id, customer_id, amounts


def _keyed(sub_budgets: Collection[UUID] | None) -> frozenset[UUID] | None:
    return None if sub_budgets is None else frozenset(sub_budgets)


def _within(sub_budgets: Collection[UUID] | None) -> dict[str, Collection[UUID]]:
    return {} if sub_budgets is None else {"sub_budget__lineage__in": sub_budgets}


@compiled
def _list_product_keys(budget_id: int, sub_budgets: frozenset[UUID] | None) -> QuerySet[BudgetProduct, Any]:
    products = BudgetProduct.objects.filter(budget=budget_id, allocation_key__isnull=False, **_within(sub_budgets))
    return products.order_by("sub_budget__position", "position", "pk").values_list("pk", "allocation_key")


def _load_weights(budget: Budget) -> Mapping[int, Weights]:
    """Return the weights above zero by key, in an order that stays: it decides who gets the öre that is over.

    A key by which nobody pays in one of the years is left out.
    """
    weights: dict[int, Weights] = defaultdict(list)
    for key_id, customer_id, first, second, third in _list_weights(budget.pk):
        weights[key_id].append((customer_id, to_units(first, second, third)))
    return {key_id: rows for key_id, rows in weights.items() if is_paid(rows)}


def to_units(first: Decimal, second: Decimal | None, third: Decimal | None) -> tuple[int, int, int]:
    """Return a customer's weights of the three years as whole numbers."""
    one, two, three = fill_years(first, second, third)
    return int(one * WEIGHT_UNIT), int(two * WEIGHT_UNIT), int(three * WEIGHT_UNIT)


def is_paid(rows: Weights) -> bool:
    """Say whether somebody pays in every year."""
    return bool(rows) and all(any(own) for own in zip(*(years for _customer, years in rows), strict=True))


@compiled
def _list_weights(
    budget_id: int,
) -> QuerySet[KeyWeight, tuple[int, int, Decimal, Decimal | None, Decimal | None]]:
    rows = KeyWeight.objects.filter(PAYING, key__budget=budget_id).order_by(
        "key", in_swedish("customer__name"), "customer"
    )
    return rows.values_list("key", "customer", "weight", "weight_2", "weight_3")
