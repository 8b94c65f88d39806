"""Keeps the register of asset classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from investments.models import AssetClass, DeviceBatch, PlannedLoan
from investments.selectors.classes import ASSET_FIELDS, LIVES, list_loans_by_life, list_parents
from objects.selectors.registers import Register
from objects.services.registers import (
    InUseError,
    hold,
    open_register,
    remove_row,
    require_mark,
    swap_places,
    undo_act,
)
from objects.services.rows import save_checked
from records.reasons import Reason
from records.selectors.uses import Use
from records.services.restoring import Restored
from records.services.stale import digest_of
from web.faults import retried

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User

REGISTER = Register(
    (AssetClass,),
    frozenset(
        {
            Reason.ADD_ASSET_CLASS, Reason.CHANGE_ASSET_CLASS, Reason.ORDER_ASSET_CLASSES, Reason.REMOVE_ASSET_CLASS,
            Reason.UNDO_REGISTER,
        }
    ),
)  # fmt: skip


def find_asset_class_faults(row: AssetClass) -> list[tuple[str, str]]:
    """Return what can't be with an asset class, as (field, words)."""
    faults = []
    if row.name and AssetClass.objects.filter(name__iexact=row.name).exclude(pk=row.pk).exists():
        faults.append(("name", _("There is an asset class “%(name)s” already.") % {"name": row.name}))
    for field in LIVES:
        years = getattr(row, field)
        if years is not None and not 1 <= years <= 100:
            faults.append((field, _("Write a number of years from 1 to 100.")))
    if row.parent is not None and row.parent not in list_parents(row):
        said = _("An asset class that is part of another has no parts itself. Choose another one, or none.")
        faults.append(("parent", said))
    if row.pk and row.is_device and DeviceBatch.objects.filter(asset_class=row.pk, customer=None).exists():
        faults.append(("is_device", _("Some of it has no customer in the device register. Give it one there first.")))
    return faults


@retried
def save_asset_class(row: AssetClass, *, by: User, seen: str | None = None) -> AssetClass:
    """Add an asset class or change one. PermissionDenied, ValidationError by field, StaleError.

    InUseError when another life would change what an adopted budget's loans are repaid over.
    """
    reason = Reason.CHANGE_ASSET_CLASS if row.pk else Reason.ADD_ASSET_CLASS
    with open_register(by=by, reason=reason, row=row.name):
        hold(row)
        if row.pk:
            saved = AssetClass.objects.get(pk=row.pk)
            require_mark(saved, digest_of(saved, ASSET_FIELDS), seen)
            _require_life(saved, row.life_years)
        else:
            last = AssetClass.objects.aggregate(last=Max("position"))["last"]
            row.position, row.slug = (last or 0) + 1, _find_slug(row.name)
        save_checked(row, find_asset_class_faults(row))
    return row


def _require_life(row: AssetClass, life_years: int | None) -> None:
    loans = list_loans_by_life(row) if row.life_years != life_years else []
    if loans:
        raise InUseError([Use(PlannedLoan, loans, len(loans))])


def _find_slug(name: str) -> str:
    base = slugify(name)[:34] or "slag"
    taken = {"new", *AssetClass.objects.values_list("slug", flat=True)}
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1000))) if slug not in taken)


@retried
def move_asset_class(row: AssetClass, *, up: bool, by: User) -> None:
    """Change places with the asset class before or after it; nothing where there is none."""
    with open_register(by=by, reason=Reason.ORDER_ASSET_CLASSES):
        swap_places(AssetClass.objects.all(), row, up=up)


def remove_asset_class(row: AssetClass, *, by: User) -> None:
    """Remove an asset class that no budget uses. PermissionDenied, InUseError."""
    remove_row(row, by=by, reason=Reason.REMOVE_ASSET_CLASS)


def undo_asset_class_act(act: UUID, *, by: User) -> None:
    """Take back a change of asset classes. Errors as of `undo_act`."""
    undo_act(REGISTER, act, by=by, check=_check_restored)


def _check_restored(rows: list[Restored]) -> None:
    """Refuse another life of what an adopted budget's loans are repaid over; called before and after."""
    for row in rows:
        found = AssetClass.objects.filter(pk=row.pk).first()
        if found is None or row.before is None:
            continue
        life = row.before["useful_life_years"] or row.before["assumed_life_years"]
        if found.life_years != life and list_loans_by_life(found):
            said = _("An adopted budget's loans are repaid over the life of “%(name)s”, so it can't be taken back.")
            raise ValidationError(said % {"name": found.name})
