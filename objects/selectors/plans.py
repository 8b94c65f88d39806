"""Object plans and their items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from objects.models import (
    DevelopmentItem,
    GovernanceObject,
    ObjectPlan,
    Role,
)
from objects.models.roles import EDITORS, objects_of, roles_of
from objects.selectors.reader import compiled_for_reader

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User


def list_plans(user: User, governance_object: GovernanceObject | None) -> list[ObjectPlan]:
    """Return an object's plans with their items, newest period first; none for the base grant, which has no object."""
    if governance_object is None:
        return []
    return _list_plans(user, governance_object.pk)


@compiled_for_reader
def _list_plans(user: User, governance_object_id: int) -> QuerySet[ObjectPlan]:
    rows = ObjectPlan.objects.visible_to(user).filter(governance_object=governance_object_id)
    return rows.order_by("-from_year").prefetch_related("items")


def find_plan(user: User, uuid: UUID | str) -> ObjectPlan | None:
    """Return one plan, if the user may see it."""
    rows = ObjectPlan.objects.visible_to(user).filter(uuid=uuid).select_related("governance_object")
    return rows.first()


def find_item(user: User, uuid: UUID | str) -> DevelopmentItem | None:
    """Return one development item, if the user may see it."""
    rows = DevelopmentItem.objects.visible_to(user).filter(uuid=uuid).select_related("plan__governance_object")
    return rows.first()


def can_plan(user: User, governance_object: GovernanceObject | None) -> bool:
    """Return whether the user may change an object's texts and plans: the economist, its owners and its managers."""
    if governance_object is None:
        return False
    return Role.ECONOMIST in roles_of(user) or governance_object.pk in objects_of(user, EDITORS)


@dataclass(frozen=True)
class PlanPart:
    """What another page shows of an object's plans."""

    governance_object: GovernanceObject
    plans: list[ObjectPlan]
    can_plan: bool


def load_plan_part(user: User, governance_object: GovernanceObject | None) -> PlanPart | None:
    """Return the newest plan of an object for a page about something else; None for the base grant."""
    if governance_object is None:
        return None
    return PlanPart(governance_object, list_plans(user, governance_object)[:1], can_plan(user, governance_object))
