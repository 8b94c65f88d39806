"""Who signs in, with which roles; read by who looks after users, the economist and the auditor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.invitations import say_state
from accounts.models import Invitation, User
from objects.models import Role, RoleAssignment
from objects.models.roles import OBJECT_ROLES, roles_of
from web.ordering import in_swedish

if TYPE_CHECKING:
    from collections.abc import Iterable

PEOPLE_READERS = frozenset({Role.ADMINISTRATOR, Role.ECONOMIST, Role.AUDITOR})


@dataclass(frozen=True)
class PersonRow:
    """A user with roles, and how far an invitation has come."""

    person: User
    roles: list[RoleAssignment]
    state: str
    invitation: Invitation | None


def can_see_people(user: User) -> bool:
    """Say whether the register of users is for this user."""
    return bool(roles_of(user) & PEOPLE_READERS)


def can_keep_people(user: User) -> bool:
    """Say whether the user invites and closes users and gives roles."""
    return Role.ADMINISTRATOR in roles_of(user)


def list_given_roles(user: User) -> list[Role]:
    """Return the roles that the user may invite somebody to: the economist to those of an object only."""
    roles = roles_of(user)
    if Role.ADMINISTRATOR in roles:
        return list(Role)
    return [role for role in Role if role in OBJECT_ROLES] if Role.ECONOMIST in roles else []


def can_invite(user: User, roles: Iterable[str]) -> bool:
    """Say whether the user may invite somebody who holds these roles."""
    given = {role.value for role in list_given_roles(user)}
    return bool(given) and given.issuperset(roles)


def list_people(user: User) -> QuerySet[User]:
    """Return all users with their roles, for those who may see them."""
    if not can_see_people(user):
        nobody: QuerySet[User] = User.objects.none()
        return nobody
    roles = RoleAssignment.objects.select_related("governance_object", "municipality", "customer").order_by(
        "role", "pk"
    )
    people = User.objects.select_related("invitation").prefetch_related(Prefetch("role_assignments", roles))
    ordered: QuerySet[User] = people.order_by(in_swedish("name"), "email")
    return ordered


def load_people(people: Iterable[User]) -> list[PersonRow]:
    """Return users as their register shows them."""
    now = timezone.now()
    rows = []
    for person in people:
        invitation = getattr(person, "invitation", None)
        rows.append(
            PersonRow(person, list(person.role_assignments.all()), say_state(person, invitation, now), invitation)
        )
    return rows


def find_person(user: User, uuid: UUID) -> User | None:
    """Return one user, for those who may see them."""
    return list_people(user).filter(uuid=uuid).first()


def count_administrators() -> int:
    """Return how many can look after users now."""
    rows = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    return rows.values("user").distinct().count()
