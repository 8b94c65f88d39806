"""The federation's own row, which says who sends the invoices: each change is one act that can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from engine.identifiers import read_bankgiro, read_organisation_number
from objects.models import Federation
from objects.selectors.registers import Register
from objects.services.registers import hold, open_register, require_mark, undo_act
from objects.services.rows import save_checked
from records.models import Provenance
from records.reasons import Reason
from records.services.stale import digest_of
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

REGISTER = Register((Federation,), frozenset({Reason.CHANGE_FEDERATION, Reason.UNDO_REGISTER}))
FEDERATION_FIELDS = ("name", "organisation_number", "bankgiro", "note")
# The database holds that there is no other.
ONLY = 1


def find_federation_faults(row: Federation) -> list[tuple[str, str]]:
    """Return what can't be with the federation, as (field, words)."""
    faults = []
    if row.organisation_number and read_organisation_number(row.organisation_number) is None:
        said = _("Write ten digits, for example 212000-0787. The last is a check digit, and it is wrong.")
        faults.append(("organisation_number", said))
    if row.bankgiro and read_bankgiro(row.bankgiro) is None:
        said = _("Write seven or eight digits, for example 5050-1055. The last is a check digit, and it is wrong.")
        faults.append(("bankgiro", said))
    return faults


@retried
def save_federation(row: Federation, *, by: User, seen: str | None = None) -> Federation:
    """Enter the federation or change it. PermissionDenied, ValidationError by field, StaleError."""
    with open_register(by=by, reason=Reason.CHANGE_FEDERATION):
        hold(row)
        if row.pk:
            saved = Federation.objects.get(pk=row.pk)
            require_mark(saved, digest_of(saved, FEDERATION_FIELDS), seen)
        row.pk = ONLY
        row.provenance = Provenance.ENTERED
        save_checked(row, find_federation_faults(row))
    return row


@retried
def undo_federation_act(act: UUID, *, by: User) -> None:
    """Take back a change of the federation. Errors as of `undo_act`."""
    undo_act(REGISTER, act, by=by)
