"""The demo's allocation keys (rule 7). The federation's own are not known, so all of them are assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.models import AllocationKey, Budget, BudgetProduct, KeyWeight, RevenueCategory
from objects.models import Customer, Inhabitants
from records.models import Provenance


@dataclass(frozen=True)
class DemoKey:
    """A key, and the revenue categories that it splits."""

    slug: str
    name_sv: str
    name_en: str
    basis: AllocationKey.Basis
    categories: frozenset[RevenueCategory]


SALES = frozenset({RevenueCategory.EQUIPMENT_SALES})
GRANT = frozenset({RevenueCategory.BASE_GRANT})
REST = frozenset(RevenueCategory) - SALES - GRANT - {RevenueCategory.FINAL_BILLING}
KEYS = (
    DemoKey("lika-delar", "Lika delar", "Equal parts", AllocationKey.Basis.EQUAL, GRANT),
    DemoKey("invanare", "Invånare", "Inhabitants", AllocationKey.Basis.INHABITANTS, REST),
    DemoKey("kopare", "Köpare av begagnad utrustning", "Buyer of used equipment", AllocationKey.Basis.FIXED, SALES),
)


def create_keys(budget: Budget, *, counted_on: date) -> None:
    """Write a draft's keys and gives each product that of its category; a former member pays nothing."""
    for row in KEYS:
        is_counted = row.basis == AllocationKey.Basis.INHABITANTS
        key = AllocationKey.objects.create(
            budget=budget,
            slug=row.slug,
            name_sv=row.name_sv,
            name_en=row.name_en,
            basis=row.basis,
            counted_on=counted_on if is_counted else None,
            provenance=Provenance.ASSUMED,
        )
        weights = _weights(row.basis, counted_on)
        KeyWeight.objects.bulk_create(KeyWeight(key=key, customer_id=who, weight=weight) for who, weight in weights)
        BudgetProduct.objects.filter(budget=budget, category__in=row.categories).update(allocation_key=key)


def _weights(basis: AllocationKey.Basis, counted_on: date) -> Iterable[tuple[int, Decimal]]:
    if basis == AllocationKey.Basis.INHABITANTS:
        counted = Inhabitants.objects.filter(
            counted_on=counted_on, municipality__customer__kind=Customer.Kind.MEMBER
        ).values_list("municipality__customer", "count")
        return [(customer_id, Decimal(count)) for customer_id, count in counted]
    kind = Customer.Kind.MEMBER if basis == AllocationKey.Basis.EQUAL else Customer.Kind.BUYER
    return [(customer.pk, Decimal(1)) for customer in Customer.objects.filter(kind=kind)]
