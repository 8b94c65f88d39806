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
    """A customer in a key: its weight and its part in per cent of each year; one pair where all years are the same."""

    customer: Customer
    years: list[tuple[Decimal, Decimal | None]]


@dataclass(frozen=True)
class KeyTable:
    """A key with its customers."""

    key: AllocationKey
    name: str
    rows: list[WeightRow]
    totals: list[tuple[Decimal, Decimal | None]]


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
    by_year = list(zip(*(weight.years for weight in weights), strict=True))
    shown = by_year[:1] if len(set(by_year)) == 1 else by_year
    totals = [sum(own, Decimal(0)) for own in shown]
    rows = [
        WeightRow(weight.customer, [_part(weight.years[year], total) for year, total in enumerate(totals)])
        for weight in weights
    ]
    return KeyTable(key, name_of(key), rows, [_part(total, total) for total in totals])


def _part(weight: Decimal, total: Decimal) -> tuple[Decimal, Decimal | None]:
    return weight.normalize(), percent(_in_whole(weight), _in_whole(total))


def _in_whole(weight: Decimal) -> int:
    """Return a weight of four decimals as a whole number."""
    return int(weight.scaleb(4))
