"""Governance objects: their texts, products and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from objects.models import (
    DevelopmentItem,
    EssentialTexts,
    GovernanceObject,
    ObjectPlan,
    Product,
    RoleAssignment,
)
from objects.models.roles import FEDERATION_ROLES, OBJECT_ROLES, roles_of
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User


def list_objects(user: User) -> QuerySet[GovernanceObject]:
    """Return the governance objects the user may see, each with its plans and how far their items are."""
    done = Count("items", filter=Q(items__state=DevelopmentItem.State.DONE))
    plans = ObjectPlan.objects.visible_to(user).annotate(item_count=Count("items"), done_count=done)
    rows: QuerySet[GovernanceObject] = GovernanceObject.objects.visible_to(user)
    return rows.prefetch_related(Prefetch("plans", plans.order_by("-from_year"))).order_by("position")


def find_object(user: User, slug: str) -> GovernanceObject | None:
    """Return one governance object, if the user may see it."""
    return GovernanceObject.objects.visible_to(user).filter(slug=slug).first()


@dataclass(frozen=True)
class Text:
    """One of the essential texts: "text", "purpose" or "scope"; `language` where it is another than the reader's."""

    name: str
    text: str
    language: str


def list_texts(of: EssentialTexts) -> list[Text]:
    """List essential texts that are not empty, in the reader's language or the one there is."""
    first, second = ("en", "sv") if get_language() == "en" else ("sv", "en")
    texts = []
    for name in ("text", "purpose", "scope"):
        own, other = getattr(of, f"{name}_{first}"), getattr(of, f"{name}_{second}")
        if own or other:
            texts.append(Text(name, own or other, "" if own else second))
    return texts


def list_object_products(user: User, governance_object: GovernanceObject) -> QuerySet[Product]:
    """Return the object's products that have not ended."""
    rows: QuerySet[Product] = Product.objects.visible_to(user).filter(governance_object=governance_object)
    return rows.filter(ended_on=None).order_by(in_swedish("name"))


def list_object_people(user: User) -> QuerySet[RoleAssignment]:
    """Return who owns, manages and steers the objects, which is no secret within the federation; none for others."""
    if not roles_of(user) & FEDERATION_ROLES:
        return RoleAssignment.objects.none()
    rows = RoleAssignment.objects.filter(role__in=[role.value for role in OBJECT_ROLES], user__is_active=True)
    return rows.select_related("user").order_by("governance_object__position", "role", in_swedish("user__name"))
