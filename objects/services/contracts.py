"""Contracts are added, changed and removed, each time kept in history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from objects.models import Contract
from objects.selectors.contracts import can_keep_contract
from objects.services.rows import save_checked
from records.reasons import Reason
from records.services import change
from records.services.stale import require_fresh

if TYPE_CHECKING:
    from accounts.models import User


class InUseError(Exception):
    """Something in a budget comes from it."""


def save_contract(contract: Contract, *, by: User, seen: datetime | None = None) -> Contract:
    """Add a contract or change one. PermissionDenied, ValidationError by field, StaleError."""
    _require(by, contract)
    with change(by=by.email, reason=Reason.CHANGE_CONTRACT if contract.pk else Reason.ADD_CONTRACT):
        require_fresh(contract, seen)
        if contract.pk:
            # The product it was of is asked too: nobody takes over another object's contract.
            _require(by, Contract.objects.select_related("product__governance_object").get(pk=contract.pk))
        save_checked(contract, find_contract_faults(contract))
    return contract


def remove_contract(contract: Contract, *, by: User) -> None:
    """Remove a contract that no line comes from; history keeps it. PermissionDenied, InUseError."""
    _require(by, contract)
    try:
        with change(by=by.email, reason=Reason.REMOVE_CONTRACT):
            contract.delete()
    except ProtectedError as error:
        raise InUseError from error


def find_contract_faults(contract: Contract) -> list[tuple[str, str]]:
    """Return what can't be with a contract, as (field, words)."""
    faults = []
    starts, ends, notice = contract.starts_on, contract.ends_on, contract.last_notice_on
    if starts and ends and ends < starts:
        faults.append(("ends_on", _("The contract ends before it starts.")))
    if notice and ends and notice > ends:
        faults.append(("last_notice_on", _("The last day of notice is after the end.")))
    if notice and contract.notice_months is not None:
        said = _("Write the months of notice or the last day, not both: one follows from the other.")
        faults.append(("notice_months", said))
    elif contract.notice_months is not None and ends is None:
        faults.append(("ends_on", _("Write the end that the months of notice are counted from.")))
    if contract.amount_ore is not None and contract.amount_ore < 0:
        faults.append(("amount_ore", _("The amount is what the contract costs a year, zero or more.")))
    if contract.index_month is not None and not contract.index_name:
        faults.append(("index_name", _("Write which index the month is of.")))
    if contract.index_percent is not None and not -20 <= contract.index_percent <= 50:
        faults.append(("index_percent", _("Write per cent from −20 to 50.")))
    return faults


def _require(user: User, contract: Contract) -> None:
    if not can_keep_contract(user, contract):
        raise PermissionDenied
