"""Keeps recourse agreements: the members' shares, and who has signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from engine.recourse import find_rest
from investments.models import BorrowingFramework, RecourseAgreement, RecourseParty
from objects.models import Municipality
from objects.selectors.decisions import can_register
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from records.services.stale import StaleError, digest_of, require_same
from web.numbers import format_quantity

if TYPE_CHECKING:
    from accounts.models import User

SIGNED = ("signed_on",)


def save_agreement(
    agreement: RecourseAgreement, shares: Mapping[Municipality, Decimal], *, by: User, seen: str | None = None
) -> RecourseAgreement:
    """Enter a framework's recourse agreement or change it, with the shares of its parties in per cent.

    `seen` is the digest of the shares that the author saw (`digest_shares`). PermissionDenied when `by` keeps no register,
    ValidationError where the shares are not 100 % together or somebody has signed, StaleError.
    """
    if not can_register(by):
        raise PermissionDenied
    faults = find_share_faults(list(shares.values()))
    if faults:
        raise ValidationError(faults)
    with change(by=by.email, reason=Reason.SAVE_RECOURSE, row=agreement.framework):
        BorrowingFramework.objects.select_for_update(of=("self",)).get(pk=agreement.framework_id)
        saved = RecourseAgreement.objects.filter(framework=agreement.framework).first()
        if saved is not None and agreement.pk is None:
            raise StaleError(saved)
        if seen is not None and saved is not None and digest_shares(saved) != seen:
            raise StaleError(saved)
        if saved is not None and saved.parties.exclude(signed_on=None).exists():
            raise ValidationError(say_signed())
        agreement.provenance = Provenance.ENTERED
        agreement.full_clean()
        agreement.save()
        agreement.parties.all().delete()
        rows = [
            RecourseParty(agreement=agreement, municipality=row, share_percent=part) for row, part in shares.items()
        ]
        for row in rows:
            row.full_clean()
        RecourseParty.objects.bulk_create(rows)
    return agreement


def sign_agreement(party: RecourseParty, signed_on: date | None, *, by: User, seen: str | None = None) -> None:
    """Say when a member signed; without a day it has not. PermissionDenied, ValidationError for a day, StaleError."""
    if not can_register(by):
        raise PermissionDenied
    with change(by=by.email, reason=Reason.SIGN_RECOURSE, row=party.municipality):
        try:
            require_same(party, SIGNED, seen)
        except RecourseParty.DoesNotExist as error:
            raise ValidationError(_("Somebody else has removed it since you opened it.")) from error
        party.signed_on = signed_on
        party.full_clean()
        party.save(update_fields=SIGNED)
        if signed_on is not None:
            # Who signs stands for the shares.
            RecourseAgreement.objects.filter(pk=party.agreement_id, provenance=Provenance.ASSUMED).update(
                provenance=Provenance.ENTERED
            )


def find_share_faults(shares: list[Decimal]) -> list[str]:
    """Return what can't be with the shares of an agreement, with the remedy."""
    rest = find_rest(map(Fraction, shares))
    if not rest:
        return []
    shown = {
        "sum": format_quantity(sum(shares, Decimal())),
        "rest": format_quantity(Decimal(abs(rest.numerator)) / rest.denominator),
    }
    words = (
        _("The shares are %(sum)s %% together. Add %(rest)s percentage points so that they are 100 %%.")
        if rest > 0
        else _("The shares are %(sum)s %% together. Take %(rest)s percentage points away so that they are 100 %%.")
    )
    return [words % shown]


def say_signed() -> str:
    """Return why the shares stay, and what to do."""
    return _(
        "Somebody has signed the agreement, so its shares stay. Take the signatures back first, if they were a mistake."
    )


def digest_shares(agreement: RecourseAgreement) -> str:
    """Return what tells an agreement's shares from any others."""
    rows = agreement.parties.order_by("municipality_id")
    return digest_of(agreement, ("basis", "replaces")) + "".join(digest_of(row, ("share_percent",)) for row in rows)
