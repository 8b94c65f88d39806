"""Mail to the officers of the municipalities that a council package waits for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from investments.models import CouncilPackage
from objects.models import Municipality, RoleAssignment
from objects.models.roles import Role
from objects.selectors.decisions import can_register
from records.models import MailPreference
from records.selectors.collaboration import when_to_mail
from records.services.mail import queue_mail
from web.addresses import site_address
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Reminder:
    """What waits for a municipality; `words` says it in the language of who reads it."""

    municipality: Municipality
    words: Callable[[], str]


def list_reminded(reminders: Sequence[Reminder]) -> list[tuple[Reminder, list[User]]]:
    """Return each reminder with the officers who are told; nobody where the municipality has none who wants mail."""
    rows = RoleAssignment.objects.filter(
        role=Role.MUNICIPALITY_OFFICER,
        municipality__in=[row.municipality.pk for row in reminders],
        user__is_active=True,
    ).select_related("user")
    officers: dict[int | None, list[User]] = {}
    for row in rows.order_by(in_swedish("user__name"), "user_id"):
        officers.setdefault(row.municipality_id, []).append(row.user)
    when = when_to_mail({user for users in officers.values() for user in users})
    never = MailPreference.When.NEVER
    return [
        (row, [user for user in officers.get(row.municipality.pk, []) if when[user.pk] != never]) for row in reminders
    ]


def remind_officers(package: CouncilPackage, reminders: Sequence[Reminder], *, on: date, by: User) -> int:
    """Put a mail to each officer in the outbox, once a day; return how many. PermissionDenied for who keeps no register."""
    if not can_register(by):
        raise PermissionDenied
    with transaction.atomic():
        return sum(
            _remind(package, reminder, user, on) for reminder, users in list_reminded(reminders) for user in users
        )


def _remind(package: CouncilPackage, reminder: Reminder, user: User, on: date) -> bool:
    with translation.override(user.language):
        subject = _("The borrowing framework waits for %(name)s") % {"name": reminder.municipality.name}
        shown = {"reminder": reminder, "url": site_address("council_package", str(package.framework.uuid))}
        body = render_to_string("investments/mail/waits.txt", shown).strip() + "\n"
    key = f"council {package.uuid} {reminder.municipality.code} {user.pk} {on}"
    return queue_mail(user, subject=subject, body=body, key=key)
