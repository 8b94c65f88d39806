"""Allocation keys of a draft: added and changed with all their weights, as one act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from budgets.models import AllocationKey, Budget, KeyWeight
from budgets.selectors.keys import Typed, digest_key, load_counts
from budgets.selectors.shares import is_paid, to_units
from objects.models import Decision
from objects.selectors.registers import can_keep
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

Basis = AllocationKey.Basis


@dataclass(frozen=True)
class KeyValues:
    """What a key is to be; `typed` are weights by the customer's id, which equal parts and inhabitants make over."""

    name_sv: str
    name_en: str
    basis: str
    counted_on: date | None
    decision: Decision | None
    typed: Mapping[int, Typed]


class KeyChangedError(ValidationError):
    """Somebody changed the key since its form was shown."""


def say_keys_closed(budget: Budget) -> str:
    """Say why a budget's keys can't be changed; empty when they can."""
    if budget.status == Budget.Status.DRAFT:
        return ""
    said = _("%(budget)s is adopted, so its keys stay as they are. The economist can make a revised budget.")
    return said % {"budget": budget.name}


def settle_weights(values: KeyValues, budget: Budget) -> dict[int, Typed]:
    """Return the weights that a key of a budget gets: one each for equal parts, the day's inhabitants, or what is typed.

    ValidationError with words when nobody would pay in one of the years.
    """
    if values.basis == Basis.INHABITANTS:
        weights = load_counts(values.counted_on, budget.years) if values.counted_on else {}
    elif values.basis == Basis.EQUAL:
        weights = {customer: _as_ones(row) for customer, row in values.typed.items() if any(row)}
    else:
        weights = {customer: row for customer, row in values.typed.items() if any(row)}
    if not is_paid([(customer, to_units(*row)) for customer, row in weights.items()]):
        raise ValidationError(_("Give somebody a weight in every year, or nobody would pay."))
    return weights


def _as_ones(row: Typed) -> Typed:
    first, second, third = row
    one, none = Decimal(1), Decimal(0)
    return one if first else none, _as_one(second), _as_one(third)


def _as_one(weight: Decimal | None) -> Decimal | None:
    return None if weight is None else Decimal(bool(weight))


@retried
def save_key(key: AllocationKey, values: KeyValues, *, by: User, seen: str = "") -> AllocationKey:
    """Add a key to a draft budget, or change one; `seen` is the digest of what its form showed.

    PermissionDenied for who keeps no register, KeyChangedError when it is another by now, ValidationError by field.
    """
    if not can_keep(by):
        raise PermissionDenied
    reason = Reason.CHANGE_KEY if key.pk else Reason.ADD_KEY
    with change(by=by.email, reason=reason, key=values.name_sv):
        budget = Budget.objects.select_for_update().get(pk=key.budget_id)
        if closed := say_keys_closed(budget):
            raise ValidationError(closed)
        held = AllocationKey.objects.get(pk=key.pk) if key.pk else AllocationKey(budget=budget)
        if seen and seen != digest_key(held):
            raise KeyChangedError(_("Somebody else has changed the key since you opened it. Look at it again."))
        weights = settle_weights(values, budget)
        held.name_sv, held.name_en, held.basis = values.name_sv, values.name_en, values.basis
        held.counted_on = values.counted_on if values.basis == Basis.INHABITANTS else None
        held.decision, held.provenance = values.decision, Provenance.ENTERED
        held.slug = held.slug or _find_slug(budget, values.name_sv)
        held.full_clean()
        held.save()
        _store_weights(held, weights)
    return held


def _find_slug(budget: Budget, name: str) -> str:
    base = slugify(name)[:50] or "nyckel"
    taken = set(AllocationKey.objects.filter(budget=budget).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1000))) if slug not in taken)


def _store_weights(key: AllocationKey, weights: Mapping[int, Typed]) -> None:
    """Write the weights that differ."""
    there = {row.customer_id: row for row in KeyWeight.objects.filter(key=key)}
    gone = [row.pk for customer, row in there.items() if customer not in weights]
    KeyWeight.objects.filter(pk__in=gone).delete()
    for customer, (first, second, third) in weights.items():
        row = there.get(customer) or KeyWeight(key=key, customer_id=customer)
        if row.pk is None or (row.weight, row.weight_2, row.weight_3) != (first, second, third):
            row.weight, row.weight_2, row.weight_3 = first, second, third
            row.full_clean()
            row.save()
