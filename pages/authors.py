"""Who did it: people by the address they had then, so that a new address neither hides nor lends anybody a past.

The trick: an event names the address of its author, and the user's own history says who had an address when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from objects.models.roles import FEDERATION_ROLES, Role, roles_of
from records.changes import events_of

PROGRAMS: dict[str, str | Promise] = {
    "load_demo": gettext_lazy("the system (demo)"),
    "system": gettext_lazy("the system"),
    "anonymous": gettext_lazy("somebody not signed in"),
}
# Who may read what a person has done.
PERSON_READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.ECONOMIST})


@dataclass(frozen=True)
class Period:
    """An address that a person had, from one moment to another; None without end."""

    email: str
    start: datetime | None
    end: datetime | None

    @property
    def condition(self) -> Q:
        """Select the events of its author; they are annotated with `change_by`."""
        condition = Q(change_by=self.email)
        if self.start:
            condition &= Q(pgh_created_at__gte=self.start)
        return condition & Q(pgh_created_at__lt=self.end) if self.end else condition


@dataclass
class Authors:
    """Whose an address was at a moment: the last who got it until then."""

    holders: dict[str, list[tuple[datetime, str, UUID]]] = field(default_factory=dict)
    current: dict[str, tuple[str, UUID]] = field(default_factory=dict)

    def find(self, email: str, at: datetime) -> tuple[str, UUID | None]:
        """Return name and public id; nothing for one who is not known."""
        held = self.holders.get(email, [])
        until = [holder for holder in held if holder[0] <= at] or held[:1]
        if until:
            return until[-1][1:]
        return self.current.get(email, ("", None))


def load_authors(emails: Iterable[str]) -> Authors:
    """Return who has had these addresses, by two queries."""
    wanted, authors = {*emails, ""}, Authors()
    rows = events_of(User).filter(email__in=wanted, pgh_obj__isnull=False).order_by("pgh_created_at", "pgh_id")
    for email, at, name, uuid in rows.values_list("email", "pgh_created_at", "pgh_obj__name", "pgh_obj__uuid"):
        if uuid is not None:
            authors.holders.setdefault(email, []).append((at, name, uuid))
    for email, name, uuid in User.objects.filter(email__in=wanted).values_list("email", "name", "uuid"):
        authors.current[email] = (name, uuid)
    return authors


def load_periods(person: User) -> list[Period]:
    """Return the addresses that a person has had, oldest first; the first has no beginning where history has none."""
    rows = list(
        events_of(User).filter(pgh_obj=person.pk).order_by("pgh_id").values_list("email", "pgh_created_at", "pgh_label")
    )
    begun: list[tuple[str, datetime | None]] = []
    for email, at, label in rows:
        if not begun or begun[-1][0] != email:
            begun.append((email, at if begun or label == "insert" else None))
    if not begun:
        return [Period(person.email, None, None)]
    ends = [start for _email, start in begun[1:]] + [None]
    return [Period(email, start, end) for (email, start), end in zip(begun, ends, strict=True)]


def authors_like(text: str, *, inside: bool) -> Q:
    """Select events of those whose name (for the federation also address) holds the text; annotated with `change_by`."""
    people = User.objects.filter(
        Q(name__icontains=text) | Q(email__icontains=text) if inside else Q(name__icontains=text)
    )
    had = events_of(User).filter(pgh_obj__in=people.values("pk")).values("email")
    condition = Q(change_by__in=people.values("email")) | Q(change_by__in=had)
    return condition | Q(change_by__icontains=text) if inside else condition


def find_person(uuid: UUID) -> User | None:
    """Return the person with this public id."""
    person: User | None = User.objects.filter(uuid=uuid).first()
    return person


def may_read_people(user: User) -> bool:
    """Say whether the user may read what a person has done."""
    return bool(roles_of(user) & PERSON_READERS)


def is_inside(user: User) -> bool:
    """Say whether the user is of the federation."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def say_author(by: str, name: str, *, inside: bool) -> str:
    """Name the author: a person's name where known, else the program, or the address, which is for the federation only."""
    if name or by in PROGRAMS or not by:
        return name or str(PROGRAMS.get(by) or _("unknown"))
    return by if inside else _("somebody in the federation")
