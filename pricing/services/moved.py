"""Keeping what cost moved: adding, changing and removing, and putting back. No amount of a product follows: it is a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct
from engine.years import AMOUNTS
from pricing.models import MovedCost
from pricing.selectors.editing import can_edit_pools
from pricing.selectors.moved import load_removed_moved
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from records.services.stale import require_same

if TYPE_CHECKING:
    from accounts.models import User


@contextmanager
def _open(budget: Budget, *, by: User, reason: Reason) -> Iterator[None]:
    """A change of a budget's moved cost, asked for again under the budget's lock. Raise PermissionDenied."""
    with change(by=by.email, reason=reason):
        held = Budget.objects.select_for_update(no_key=True).get(pk=budget.pk)
        if not can_edit_pools(by, held):
            raise PermissionDenied
        yield


def save_moved(row: MovedCost, *, by: User, shown: Sequence[str] = (), seen: str | None = None) -> MovedCost:
    """Add a moved cost or change one; `seen` is the digest of the fields `shown`.

    Raise ValidationError, StaleError, PermissionDenied.
    """
    reason = Reason.CHANGE_MOVED_COST if row.pk else Reason.ADD_MOVED_COST
    with _open(row.budget, by=by, reason=reason):
        if row.pk:
            require_same(row, shown, seen)
        if not any(getattr(row, name) for name in AMOUNTS):
            raise ValidationError({AMOUNTS[0]: _("Write the amount that moved, in at least one of the years.")})
        row.provenance = Provenance.ENTERED
        row.full_clean()
        row.save()
    return row


def remove_moved(row: MovedCost, *, by: User) -> None:
    """Remove a moved cost; history keeps it, and `restore_moved` puts it back. Raise PermissionDenied."""
    with _open(row.budget, by=by, reason=Reason.REMOVE_MOVED_COST):
        MovedCost.objects.filter(pk=row.pk).delete()


def restore_moved(budget: Budget, lineage: UUID, *, by: User) -> MovedCost:
    """Put a removed moved cost back as it was. Raise ValidationError where it can't be, PermissionDenied."""
    with _open(budget, by=by, reason=Reason.RESTORE_MOVED_COST):
        values = load_removed_moved(budget, lineage)
        if values is None:
            raise ValidationError(_("There is no such removed moved cost."))
        ends = {values["from_product_id"], values["to_product_id"]}
        if BudgetProduct.objects.filter(pk__in=ends).count() < len(ends):
            raise ValidationError(_("A product that it moved from or to is no more in the budget."))
        row: MovedCost = MovedCost.objects.create(**values)
    return row
