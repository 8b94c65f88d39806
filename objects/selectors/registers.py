"""Who keeps what the budgets are made of: products, keys, customers, objects, asset classes and published figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model, QuerySet

from objects.models.roles import Role, roles_of
from records.changes import Events, events_of
from records.reasons import Reason
from records.selectors.acts import DoneAct, list_acts

if TYPE_CHECKING:
    from accounts.models import User

KEEPERS = frozenset({Role.ECONOMIST, Role.ADMINISTRATOR})


def can_keep(user: User) -> bool:
    """Say whether the user keeps the registers; all others read them."""
    return bool(roles_of(user) & KEEPERS)


@dataclass(frozen=True)
class Ends:
    """The primary keys of the rows of an order that have nothing before them, and nothing after them."""

    first: frozenset[Any]
    last: frozenset[Any]


def find_ends(rows: QuerySet[Any], *, within: str = "") -> Ends:
    """Return the ends of an order by `position`; rows that change places only `within` a field have ends in each of it."""
    first: dict[object, Any] = {}
    last: dict[object, Any] = {}
    for row in rows.order_by("position", "pk"):
        group = getattr(row, within) if within else ""
        first.setdefault(group, row.pk)
        last[group] = row.pk
    return Ends(frozenset(first.values()), frozenset(last.values()))


@dataclass(frozen=True)
class Register:
    """What a register's changes write, what points to another last, and the reasons of those that can be taken back."""

    models: tuple[type[Model], ...]
    reasons: frozenset[Reason]


def list_register_acts(register: Register, user: User, **of: object) -> list[DoneAct]:
    """Return the latest changes of a register, newest first, for those who keep it; `of` narrows them by fields."""
    if not can_keep(user):
        return []
    return list_acts([events_of(model).filter(**of) for model in register.models], register.reasons)


def events_of_act(model: type[Model], act: UUID, reasons: frozenset[Reason]) -> Events:
    """Return the events of a model that an act of one of the reasons wrote, oldest first."""
    events = events_of(model).filter(pgh_context_id=act, pgh_context__reason__in=[reason.value for reason in reasons])
    return events.order_by("pgh_id")
