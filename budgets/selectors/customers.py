"""What of customers and their inhabitants budgets rest on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from budgets.models import AllocationKey, Budget, KeyWeight
from objects.models import Customer, Inhabitants, Municipality
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User


def municipality_of(customer: Customer) -> Municipality | None:
    """Return the municipality that a customer is; None for a company or a buyer."""
    return getattr(customer, "municipality", None) if customer.pk else None


def list_keys_after(customer: Customer, day: date) -> list[AllocationKey]:
    """Return the keys of drafts that give a customer a share in a year that begins after a day."""
    weights = KeyWeight.objects.filter(customer=customer, key__budget__status=Budget.Status.DRAFT)
    rows = weights.select_related("key__budget").order_by("key__budget__fiscal_year", "key")
    return [row.key for row in rows if _weighs_after(row, day)]


def _weighs_after(row: KeyWeight, day: date) -> bool:
    years = zip(row.key.budget.years, row.years, strict=True)
    return any(weight and date(year, 1, 1) > day for year, weight in years)


def list_keys_of_count(row: Inhabitants) -> QuerySet[AllocationKey]:
    """Return the keys of adopted budgets that were made of a day's count: it is not changed any more."""
    keys: QuerySet[AllocationKey] = AllocationKey.objects.filter(
        counted_on=row.counted_on,
        budget__status=Budget.Status.ADOPTED,
        weights__customer__municipality=row.municipality_id,
    )
    return keys.select_related("budget").order_by("budget__fiscal_year", "pk")


def list_customer_keys(user: User, customer: Customer) -> list[KeyWeight]:
    """Return what a customer weighs in the keys of budgets that the user may see, the newest budget first."""
    rows = KeyWeight.objects.visible_to(user).filter(customer=customer).select_related("key__budget")
    return list(rows.order_by("-key__budget__fiscal_year", "-key__budget", in_swedish("key__name_sv")))
