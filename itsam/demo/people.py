"""The demo's users, one for each role and one who has none; they may sign in on this computer only."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from accounts.models import User
from accounts.services import create_user
from objects.models import GovernanceObject, Municipality, Role, RoleAssignment


@dataclass(frozen=True)
class Person:
    """A demo user: the object or municipality is named by slug or code."""

    email: str
    name: str
    role: Role | None
    governance_object: str = ""
    municipality: str = ""


PEOPLE = (
    Person("objektagare@demo.example", "Olivia Objektägare", Role.OBJECT_OWNER, governance_object="socialtjanst"),
    Person("objektledare@demo.example", "Leif Objektledare", Role.OBJECT_MANAGER, governance_object="klient"),
    Person("styrgrupp@demo.example", "Stina Styrgrupp", Role.STEERING_GROUP, governance_object="socialtjanst"),
    Person("ekonom@demo.example", "Eva Ekonom", Role.ECONOMIST),
    Person("direktion@demo.example", "Disa Direktion", Role.BOARD),
    Person("kommundirektor@demo.example", "Karl Kommundirektör", Role.CHIEF_EXECUTIVE),
    Person("vimmerby@demo.example", "Vera Vimmerby", Role.MUNICIPALITY_OFFICER, municipality="0884"),
    Person("administrator@demo.example", "Adam Administratör", Role.ADMINISTRATOR),
    Person("revisor@demo.example", "Rut Revisor", Role.AUDITOR),
    Person("utan.roll@demo.example", "Uno Utan Roll", None),
)


def create_people(password: str | None) -> None:
    """Make the demo's users; without a password they can't sign in until `keep_password` gives them one."""
    for person in PEOPLE:
        is_administrator = person.role == Role.ADMINISTRATOR
        user = create_user(
            email=person.email,
            name=person.name,
            is_demo=True,
            is_staff=is_administrator,
            is_superuser=is_administrator,
        )
        if person.role is not None:
            _assign(user, person, person.role)
    if password is not None:
        keep_password(password)


def keep_password(password: str) -> None:
    """Give all demo users this password, unless they have it; it is hashed once, for hashing is slow on purpose."""
    users = User.objects.filter(is_demo=True)
    first = users.earliest("pk")
    if not check_password(password, first.password):
        users.update(password=make_password(password))


def _assign(user: User, person: Person, role: Role) -> None:
    RoleAssignment.objects.create(
        user=user,
        role=role,
        governance_object=GovernanceObject.objects.filter(slug=person.governance_object).first(),
        municipality=Municipality.objects.filter(code=person.municipality).first(),
    )
