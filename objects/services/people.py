"""Users and their roles: inviting, giving and taking roles, closing and opening. The administrator does it.

The economist, who starts the year, invites to the roles of an object, and to no other. The last administrator stays: neither the role nor the user is taken away, or nobody could give it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.invitations import end_invitation, say_state, start_invitation
from accounts.models import Invitation, User
from accounts.services import create_user
from objects.models import Customer, GovernanceObject, Municipality, Role, RoleAssignment
from objects.models.roles import OBJECT_ROLES
from objects.selectors.people import can_invite, can_keep_people, count_administrators
from records.reasons import Reason
from records.services import change
from records.services.mail import queue_mail
from web.addresses import site_address
from web.faults import retried

if TYPE_CHECKING:
    from datetime import datetime


@contextmanager
def _open(by: User, reason: Reason, person: str, *, invited_to: Iterable[str] | None = None) -> Iterator[None]:
    """Keep others out; who invites to some roles is asked about those, and not about all that may be done with users."""
    if not (can_keep_people(by) if invited_to is None else can_invite(by, invited_to)):
        raise PermissionDenied
    with change(by=by.email, reason=reason, person=person):
        # One at a time, so that two administrators do not take the role from each other at once.
        list(RoleAssignment.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk"))
        yield


def find_role_faults(role: RoleAssignment) -> list[tuple[str, str]]:
    """Return what can't be with a role, as (field, words)."""
    needs_object = role.role in OBJECT_ROLES
    faults = []
    if needs_object and role.governance_object is None:
        faults.append(("governance_object", _("Choose the object that the role is held for.")))
    if not needs_object and role.governance_object is not None:
        faults.append(("governance_object", _("This role is held for no single object. Leave this empty.")))
    serves = role.municipality is not None or role.customer is not None
    if role.role == Role.MUNICIPALITY_OFFICER and not serves:
        faults.append(("municipality", _("Choose the municipality or the customer that the officer serves.")))
    if role.role != Role.MUNICIPALITY_OFFICER and serves:
        field = "municipality" if role.municipality is not None else "customer"
        faults.append((field, _("Only a municipality officer serves a municipality or a customer. Leave this empty.")))
    return faults


@retried
def invite_person(
    *,
    email: str,
    name: str,
    language: str,
    role: str,
    by: User,
    governance_object: GovernanceObject | None = None,
    municipality: Municipality | None = None,
    customer: Customer | None = None,
) -> User:
    """Make a user with a role, and mail a link to choose a password.

    ValidationError by field, also when the address is a user's already.
    """
    with _open(by, Reason.INVITE_PERSON, name, invited_to=[role]):
        if User.objects.filter(email__iexact=email.strip()).exists():
            raise ValidationError(
                {"email": _("A user has that address already. Open the user in the list, and give the role there.")}
            )
        person = create_user(email=email, name=name, language=language)
        _store_role(person, role, governance_object, municipality, customer)
        _send(person, by)
    return person


@retried
def resend_invitation(person: User, *, by: User) -> datetime:
    """Mail a new link, which ends the one before; return until when it holds. ValidationError when none is needed."""
    with _open(by, Reason.INVITE_PERSON, str(person), invited_to=_roles_of(person)):
        held = _hold(person)
        invitation = Invitation.objects.filter(user=held).first()
        if say_state(held, invitation, timezone.now()) not in ("invited", "expired", "withdrawn"):
            raise ValidationError(
                _("“%(name)s” signs in already. A forgotten password is renewed on the sign-in page.") % {"name": held}
            )
        return _send(held, by)


@retried
def withdraw_invitation(person: User, *, by: User) -> None:
    """End a link that was sent; the user stays with the roles, and can be invited again or closed."""
    with _open(by, Reason.WITHDRAW_INVITATION, str(person), invited_to=_roles_of(person)):
        held = _hold(person)
        invitation = Invitation.objects.filter(user=held).first()
        if invitation is None or say_state(held, invitation, timezone.now()) not in ("invited", "expired"):
            raise ValidationError(_("There is no invitation to withdraw."))
        invitation.user = held
        end_invitation(invitation)


@retried
def give_role(
    person: User,
    *,
    role: str,
    by: User,
    governance_object: GovernanceObject | None = None,
    municipality: Municipality | None = None,
    customer: Customer | None = None,
) -> RoleAssignment:
    """Give a user a role. ValidationError by field, also when it is held already."""
    with _open(by, Reason.GIVE_ROLE, str(person)):
        return _store_role(_hold(person), role, governance_object, municipality, customer)


@retried
def take_role(assignment: RoleAssignment, *, by: User) -> None:
    """Take a role from a user. ValidationError when it is the last administrator's."""
    with _open(by, Reason.TAKE_ROLE, str(assignment.user)):
        person = _hold(assignment.user)
        assignment.delete()
        if assignment.role == Role.ADMINISTRATOR:
            _require_administrator()
            _let_administrate(person)


@retried
def close_person(person: User, *, by: User) -> None:
    """Stop a user from signing in; what the user has done stays. ValidationError for the last administrator."""
    with _open(by, Reason.CLOSE_PERSON, str(person)):
        held = _hold(person)
        held.is_active = False
        held.save(update_fields=["is_active"])
        _require_administrator()


@retried
def open_person(person: User, *, by: User) -> None:
    """Let a closed user sign in again, with the roles that the user had."""
    with _open(by, Reason.OPEN_PERSON, str(person)):
        held = _hold(person)
        held.is_active = True
        held.save(update_fields=["is_active"])


def _roles_of(person: User) -> list[str]:
    return list(RoleAssignment.objects.filter(user=person).values_list("role", flat=True))


def _hold(person: User) -> User:
    held: User = User.objects.select_for_update().get(pk=person.pk)
    return held


def _require_administrator() -> None:
    if not count_administrators():
        raise ValidationError(
            _("This is the last administrator. Give somebody else the role first, or nobody could look after users.")
        )


def _let_administrate(person: User) -> None:
    """Open the administration, which is for emergencies, to those who hold the role, and to no others."""
    holds = RoleAssignment.objects.filter(user=person, role=Role.ADMINISTRATOR).exists()
    person.is_staff = person.is_superuser = holds
    person.save(update_fields=["is_staff", "is_superuser"])


def _store_role(person: User, role: str, *held_for: Any) -> RoleAssignment:
    governance_object, municipality, customer = held_for
    assignment = RoleAssignment(
        user=person, role=role, governance_object=governance_object, municipality=municipality, customer=customer
    )
    faults = find_role_faults(assignment)
    if faults:
        raise ValidationError(dict(faults))
    same = RoleAssignment.objects.filter(
        user=person, role=role, governance_object=governance_object, municipality=municipality, customer=customer
    )
    if same.exists():
        raise ValidationError({"role": _("“%(name)s” has this role already.") % {"name": person}})
    assignment.full_clean()
    assignment.save()
    if role == Role.ADMINISTRATOR:
        _let_administrate(person)
    return assignment


def _send(person: User, by: User) -> datetime:
    uid, secret = start_invitation(person, by=by)
    expires_at: datetime = Invitation.objects.get(user=person).expires_at
    shown = {
        "person": person,
        "by": by,
        "url": site_address("set_password", uid, secret),
        "expires_at": expires_at,
    }
    with translation.override(person.language):
        subject = _("You are invited to the budget")
        body = render_to_string("objects/mail/invitation.txt", shown).strip() + "\n"
    queue_mail(person, subject=subject, body=body, key=f"invitation {person.uuid} {timezone.now().timestamp()}")
    return expires_at
