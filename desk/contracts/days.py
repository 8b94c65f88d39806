"""The days that contracts have, for the year clock."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from objects.selectors.contracts import list_contracts, list_days

if TYPE_CHECKING:
    from accounts.models import User


def list_contract_days(user: User, start: date, end: date) -> list[tuple[date, str, str]]:
    """Return (day, what, page) of the contracts' last days of notice and their ends, from `start` to `end`."""
    return [
        (found.day, _say(found.is_notice) % {"contract": found.contract}, address_of(found.contract.uuid))
        for found in list_days(list_contracts(user))
        if start <= found.day <= end
    ]


def address_of(uuid: object) -> str:
    """Return a contract's page."""
    return reverse("objects:contract", args=[uuid])


def _say(is_notice: bool) -> str:
    return _("Last day of notice: %(contract)s") if is_notice else _("Ends: %(contract)s")
