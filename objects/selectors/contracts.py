"""Contracts: who sees and keeps them, and which days they have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from objects.models import Contract
from objects.models.roles import FEDERATION_ROLES, roles_of
from objects.selectors.plans import can_plan

if TYPE_CHECKING:
    from accounts.models import User


class ContractDay(NamedTuple):
    """A day that a contract has: its last day of notice, or its end."""

    day: date
    contract: Contract
    is_notice: bool


def can_read_contracts(user: User) -> bool:
    """Return whether the user is of the federation, which reads the contracts."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def can_keep_contract(user: User, contract: Contract) -> bool:
    """Return whether the user may change a contract: the economist, and the owners and managers of its product's object."""
    return can_plan(user, contract.product.governance_object) or can_add_contracts(user)


def can_add_contracts(user: User) -> bool:
    """Return whether the user may add contracts for any product: the economist."""
    return "economist" in roles_of(user)


def list_contracts(user: User) -> QuerySet[Contract]:
    """Return the contracts that the user may see, with their products."""
    return Contract.objects.visible_to(user).select_related("product__governance_object")


def find_contract(user: User, uuid: UUID) -> Contract | None:
    """Return one, if the user may see it."""
    return list_contracts(user).filter(uuid=uuid).first()


def list_days(contracts: QuerySet[Contract]) -> list[ContractDay]:
    """Return the contracts' last days of notice and their ends, by day."""
    found = []
    for contract in contracts:
        if contract.notice_by:
            found.append(ContractDay(contract.notice_by, contract, is_notice=True))
        if contract.ends_on:
            found.append(ContractDay(contract.ends_on, contract, is_notice=False))
    return sorted(found, key=lambda found_day: (found_day.day, found_day.contract.pk))
