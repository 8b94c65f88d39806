"""An allocation key as its form shows it: who weighs what in which year, and what other weights would lead to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from budgets.models import AllocationKey, Budget
from budgets.selectors.shares import Weights, load_customer_totals, to_units
from engine.years import Amounts
from objects.models import Customer, Decision, Inhabitants
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User

# A customer's weights of the three years; an empty one is that of the year before.
Typed = tuple[Decimal, Decimal | None, Decimal | None]
NO_AMOUNTS: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class Effect:
    """What a customer is planned to pay of the budget before and after a change of a key, öre by year."""

    customer: Customer
    before: Amounts
    after: Amounts

    @property
    def changes(self) -> Amounts:
        """What differs."""
        first, second, third = (after - before for after, before in zip(self.after, self.before, strict=True))
        return first, second, third

    @property
    def percent(self) -> Decimal | None:
        """The change of the budget year in per cent; None where nothing was paid before."""
        return Decimal(100 * self.changes[0]) / self.before[0] if self.before[0] else None


def find_key(budget: Budget, user: User, slug: str) -> AllocationKey | None:
    """Return one of a budget's keys with its weights, if the user may see it."""
    rows = AllocationKey.objects.visible_to(user).filter(budget=budget, slug=slug)
    return rows.select_related("budget", "decision").prefetch_related("weights").first()


def list_weighable() -> QuerySet[Customer]:
    """Return all who can weigh in a key."""
    return Customer.objects.order_by(in_swedish("name"))


def list_key_decisions(user: User) -> QuerySet[Decision]:
    """Return the decisions that can set a key, newest first."""
    return Decision.objects.visible_to(user).order_by("-meeting_on", "pk")


def list_count_days() -> list[date]:
    """Return the days on which inhabitants are counted, newest first."""
    days = Inhabitants.objects.order_by("-counted_on").values_list("counted_on", flat=True).distinct()
    return [day for day in days if day is not None]


def load_counts(counted_on: date, years: tuple[int, int, int]) -> dict[int, Typed]:
    """Return what each member weighs by its inhabitants on a day, by the customer's id, in a budget's three years.

    A former member has no weight, and a member none in a year that begins after its last day or ends before its first.
    """
    rows = Inhabitants.objects.filter(counted_on=counted_on, municipality__customer__kind=Customer.Kind.MEMBER)
    weights: dict[int, Typed] = {}
    for row in rows.select_related("municipality"):
        count, none = Decimal(row.count), Decimal(0)
        first, second, third = (count if row.municipality.is_member_in(year) else none for year in years)
        if first or second or third:
            weights[row.municipality.customer_id] = (first, _unless_same(first, second), _unless_same(second, third))
    return weights


def _unless_same(before: Decimal, weight: Decimal) -> Decimal | None:
    return None if weight == before else weight


def load_effects(budget: Budget, key: AllocationKey, typed: Mapping[int, Typed]) -> list[Effect]:
    """Return what every customer would pay with other weights of a stored key; those who pay neither way are left out.

    The changes of a year add up to zero when somebody pays by the key before and after.
    """
    tried: Weights = [
        (customer.pk, to_units(*typed[customer.pk])) for customer in list_weighable() if customer.pk in typed
    ]
    before = load_customer_totals(budget)
    after = load_customer_totals(budget, tried={key.pk: [row for row in tried if any(row[1])]}) if key.pk else before
    return [
        Effect(customer, before.get(customer.pk, NO_AMOUNTS), after.get(customer.pk, NO_AMOUNTS))
        for customer in list_weighable()
        if customer.pk in before or customer.pk in after
    ]


def digest_key(key: AllocationKey) -> str:
    """Return what tells a key and its weights as they are shown from any others."""
    if key.pk is None:
        return ""
    fields = (key.name_sv, key.name_en, key.basis, key.counted_on, key.decision_id)
    weights = sorted(key.weights.values_list("customer", "weight", "weight_2", "weight_3"))
    return hashlib.sha256(repr((fields, weights)).encode()).hexdigest()
