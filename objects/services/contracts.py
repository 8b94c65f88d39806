"""Contracts are added, changed and removed, each time kept in history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError

from objects.models import Contract
from objects.selectors.contracts import can_keep_contract, find_contract_faults
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


def _require(user: User, contract: Contract) -> None:
    if not can_keep_contract(user, contract):
        raise PermissionDenied
