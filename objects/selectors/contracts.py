"""Contracts: who sees and keeps them, which days they have, and what is wrong with one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

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
    return Contract.objects.visible_to(user).select_related("product__governance_object").order_by("supplier", "name")


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
