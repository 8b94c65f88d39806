"""What each customer is planned to pay: every product's revenue split by its allocation key (rule 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import AllocationKey, Budget, BudgetProduct, KeyWeight, ProductTotal
from budgets.selectors.totals import amount_sums, sums_of
from engine.result import sum_amounts
from engine.shares import split_amounts
from engine.years import Amounts
from records.models import Provenance
from web.compiled import compiled
from web.ordering import in_swedish

# A weight has four decimals; counted in ten-thousandths it is whole, which splits the same and faster.
WEIGHT_UNIT = 10_000
Weights = list[tuple[int, int]]


@dataclass(frozen=True)
class Share:
    """A customer's part of a product's revenue in the budget's three years, öre."""

    budget_product_id: int
    customer_id: int
    amounts: Amounts


def load_shares(budget: Budget, sub_budgets: Collection[UUID] | None = None) -> list[Share]:
    """Split every product's revenue on its key's customers, in the order of both; zeros are left out.

    A product's parts add up to its revenue. Empty when the budget has no keys; products without a key are left out,
    as are those whose key has no weight, and `list_products_without_key` names both. Of some `sub_budgets` only, by
    lineage, when they are given.
    """
    weights = _load_weights(budget)
    revenues = load_product_revenues(budget, sub_budgets) if weights else {}
    return _split_revenues(budget, revenues, weights, sub_budgets)


def split_revenues(budget: Budget, revenues: Mapping[int, Amounts]) -> list[Share]:
    """Split the revenues given, öre by the product's id, as `load_shares` does the stored ones."""
    return _split_revenues(budget, revenues, _load_weights(budget), None)


def _split_revenues(
    budget: Budget,
    revenues: Mapping[int, Amounts],
    weights: Mapping[int, Weights],
    sub_budgets: Collection[UUID] | None,
) -> list[Share]:
    return [
        Share(product_id, customer_id, amounts)
        for product_id, key_id in _list_product_keys(budget.pk, _keyed(sub_budgets))
        if key_id in weights
        for customer_id, amounts in _split(revenues.get(product_id, (0, 0, 0)), weights[key_id])
        if any(amounts)
    ]


def load_customer_totals(budget: Budget) -> dict[int, Amounts]:
    """Return what each customer is planned to pay in the budget's three years, öre by the customer's id."""
    parts: dict[int, list[Amounts]] = defaultdict(list)
    for share in load_shares(budget):
        parts[share.customer_id].append(share.amounts)
    return {customer_id: sum_amounts(amounts) for customer_id, amounts in parts.items()}


def load_product_revenues(budget: Budget, sub_budgets: Collection[UUID] | None = None) -> dict[int, Amounts]:
    """Return each product's revenue, öre by its id: its stored totals, of which use of equity is negative (rule 3)."""
    rows = _sum_products(budget.pk, _keyed(sub_budgets))
    return {row["budget_product"]: sums_of(row) for row in rows}


@compiled
def _sum_products(budget_id: int, sub_budgets: frozenset[UUID] | None) -> QuerySet[ProductTotal, Any]:
    totals = ProductTotal.objects.filter(sub_budget__budget=budget_id, **_within(sub_budgets))
    return totals.values("budget_product").annotate(**amount_sums())


def list_keys(budget: Budget) -> QuerySet[AllocationKey]:
    """Return a budget's keys with their weights and customers."""
    keys: QuerySet[AllocationKey] = AllocationKey.objects.filter(budget=budget)
    return keys.prefetch_related("weights__customer")


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
    """Return the products that have revenue but nobody to pay it: no key, or one without weights."""
    weights, revenues = _load_weights(budget), load_product_revenues(budget)
    return [
        product
        for product in list_products_with_keys(budget)
        if any(revenues.get(product.pk, ())) and product.allocation_key_id not in weights
    ]


def _split(amounts: Amounts, weights: Weights) -> list[tuple[int, Amounts]]:
    customers = [customer_id for customer_id, _weight in weights]
    return list(zip(customers, split_amounts(amounts, [weight for _id, weight in weights]), strict=True))


def _keyed(sub_budgets: Collection[UUID] | None) -> frozenset[UUID] | None:
    return None if sub_budgets is None else frozenset(sub_budgets)


def _within(sub_budgets: Collection[UUID] | None) -> dict[str, Collection[UUID]]:
    return {} if sub_budgets is None else {"sub_budget__lineage__in": sub_budgets}


@compiled
def _list_product_keys(budget_id: int, sub_budgets: frozenset[UUID] | None) -> QuerySet[BudgetProduct, Any]:
    products = BudgetProduct.objects.filter(budget=budget_id, allocation_key__isnull=False, **_within(sub_budgets))
    return products.order_by("sub_budget__position", "position", "pk").values_list("pk", "allocation_key")


def _load_weights(budget: Budget) -> Mapping[int, Weights]:
    """Return the weights above zero by key, in an order that stays: it decides who gets the öre that is over."""
    weights: dict[int, Weights] = defaultdict(list)
    for key_id, customer_id, weight in _list_weights(budget.pk):
        weights[key_id].append((customer_id, int(weight * WEIGHT_UNIT)))
    return dict(weights)


@compiled
def _list_weights(budget_id: int) -> QuerySet[KeyWeight, tuple[int, int, Decimal]]:
    rows = KeyWeight.objects.filter(key__budget=budget_id, weight__gt=0).order_by(
        "key", in_swedish("customer__name"), "customer"
    )
    return rows.values_list("key", "customer", "weight")
