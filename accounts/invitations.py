"""The secret of an invitation: the sign-in library's own link to choose a password, as for one that is forgotten.

The trick: the link is made of the user's row. A new unusable password is another row, so an earlier link ends at once.
"""

from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.utils import timezone

from accounts.models import Invitation, User


def start_invitation(user: User, *, by: User) -> tuple[str, str]:
    """Note that a user is invited now, and return the two parts of the only link that holds."""
    _end_links(user)
    now = timezone.now()
    values = {"invited_by": by, "sent_at": now, "expires_at": now + _holds(), "withdrawn_at": None}
    Invitation.objects.update_or_create(user=user, defaults=values)
    return user_pk_to_url_str(user), default_token_generator.make_token(user)


def end_invitation(invitation: Invitation) -> None:
    """Let a link that was sent lead nowhere."""
    _end_links(invitation.user)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


def say_state(user: User, invitation: Invitation | None, now: datetime) -> str:
    """Return how far a user has come: active, closed, invited, expired or withdrawn."""
    if not user.is_active:
        return "closed"
    if invitation is None or user.has_usable_password() or user.last_login is not None:
        return "active"
    if invitation.withdrawn_at is not None:
        return "withdrawn"
    return "invited" if now < invitation.expires_at else "expired"


def _holds() -> timedelta:
    return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def _end_links(user: User) -> None:
    user.set_unusable_password()
    user.save(update_fields=["password"])
