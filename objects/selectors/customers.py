"""Customers with what only a municipality has: membership and inhabitants."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from objects.models import Customer, Inhabitants
from objects.models.roles import FEDERATION_ROLES, roles_of
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User


def can_read_customers(user: User) -> bool:
    """Say whether the register of customers is for this user: for all inside the federation."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def list_customers(user: User) -> QuerySet[Customer]:
    """Return the customers that the user may see, each with its newest count that has been made: `count`, `counted_on`."""
    counts = Inhabitants.objects.filter(
        municipality__customer=OuterRef("pk"), counted_on__lte=timezone.localdate()
    ).order_by("-counted_on")
    rows: QuerySet[Customer] = Customer.objects.visible_to(user).select_related("municipality")
    return rows.annotate(
        count=Subquery(counts.values("count")[:1]), counted_on=Subquery(counts.values("counted_on")[:1])
    ).order_by(in_swedish("name"))


def find_customer(user: User, uuid: UUID) -> Customer | None:
    """Return one, for those inside the federation."""
    return list_customers(user).filter(uuid=uuid).first() if can_read_customers(user) else None


def list_counts(user: User) -> QuerySet[Inhabitants]:
    """Return all counts of inhabitants, the newest first."""
    rows: QuerySet[Inhabitants] = Inhabitants.objects.visible_to(user).select_related("municipality__customer")
    return rows.order_by("-counted_on", in_swedish("municipality__name"))
