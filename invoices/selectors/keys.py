"""A budget's allocation keys as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from budgets.models import AllocationKey, Budget, BudgetProduct, KeyWeight
from budgets.selectors.shares import list_keys, list_products_with_keys
from engine.money import percent
from objects.models import Customer
from web.names import name_of


@dataclass(frozen=True)
class WeightRow:
    """A customer in a key, with its part in per cent."""

    customer: Customer
    weight: Decimal
    percent: Decimal | None


@dataclass(frozen=True)
class KeyTable:
    """A key with its customers."""

    key: AllocationKey
    name: str
    rows: list[WeightRow]
    total: Decimal
    percent: Decimal | None


@dataclass(frozen=True)
class ProductRow:
    """A product with the names of its sub-budget and key, in the reader's language; no key is an empty name."""

    product: BudgetProduct
    sub_budget: str
    key: str


def load_key_tables(budget: Budget) -> list[KeyTable]:
    """Return a budget's keys with each customer's part."""
    return [_key_table(key, list(key.weights.all())) for key in list_keys(budget)]


def load_product_rows(budget: Budget) -> list[ProductRow]:
    """Return a budget's products in order, each with its key."""
    return [
        ProductRow(
            product, name_of(product.sub_budget), name_of(product.allocation_key) if product.allocation_key else ""
        )
        for product in list_products_with_keys(budget)
    ]


def _key_table(key: AllocationKey, weights: list[KeyWeight]) -> KeyTable:
    total = sum((weight.weight for weight in weights), Decimal(0))
    rows = [
        WeightRow(w.customer, w.weight.normalize(), percent(_in_whole(w.weight), _in_whole(total))) for w in weights
    ]
    whole = _in_whole(total)
    return KeyTable(key, name_of(key), rows, total.normalize(), percent(whole, whole))


def _in_whole(weight: Decimal) -> int:
    """Return a weight of four decimals as a whole number."""
    return int(weight.scaleb(4))
