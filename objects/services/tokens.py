"""API tokens: made once, shown once, revoked, and counted by the minute."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from objects.models import ApiToken, ApiTokenUse, Customer, Scope
from objects.selectors.tokens import list_token_customers
from objects.services.token_mail import tell_exposed
from records.reasons import Reason
from records.services import change

if TYPE_CHECKING:
    from accounts.models import User


LONGEST_DAYS = 365


USUAL_DAYS = 180


# One statement per request: it counts within a minute that begins with its first request, and keeps the hour of use.
# It does not wait for the disk: a count lost in a crash of the server harms nobody.
COUNT_USE = """
    UPDATE objects_apitokenuse SET
        requests = CASE WHEN minute_started_at > now() - interval '1 minute' THEN requests + 1 ELSE 1 END,
        minute_started_at =
            CASE WHEN minute_started_at > now() - interval '1 minute' THEN minute_started_at ELSE now() END,
        last_used_at = CASE WHEN last_used_at > now() - interval '1 hour' THEN last_used_at ELSE now() END
    FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quick
    WHERE token_id = %s
    RETURNING requests, ceil(extract(epoch FROM minute_started_at + interval '1 minute' - now()))::int"""


def digest_of(secret: str) -> str:
    """Return the SHA-256 digest of a secret, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_token(
    *, by: User, customer: Customer, name: str, expires_on: date, scopes: Sequence[str] = (Scope.READ_INVOICES,)
) -> tuple[ApiToken, str]:
    """Make a token; return it with its secret, which is kept nowhere.

    PermissionDenied when `by` does not serve the customer. ValidationError for a bad name, day or scope.
    """
    _require(by, customer)
    check_last_day(expires_on)
    secret = settings.API_TOKEN_START + secrets.token_urlsafe(32)
    token = ApiToken(
        name=name.strip(),
        customer=customer,
        prefix=secret[:12],
        digest=digest_of(secret),
        scopes=list(scopes),
        created_by=by,
        expires_on=expires_on,
    )
    token.full_clean()
    with change(by=by.email, reason=Reason.MAKE_TOKEN, token=token, customer=customer):
        token.save()
        ApiTokenUse.objects.create(token=token)
    return token, secret


def revoke_token(token: ApiToken, *, by: User) -> bool:
    """Revoke a token at once and for good; False when it was revoked before. PermissionDenied as when it is made."""
    _require(by, token.customer)
    with change(by=by.email, reason=Reason.REVOKE_TOKEN, token=token):
        active = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
        return bool(active.update(revoked_at=timezone.now(), revoked_by=by))


def mark_exposed(secret: str) -> bool:
    """Remember that a token has stood in an address, and tell who made it, once; False where it is none of ours.

    It is still taken in the header: what uses it goes on until its maker has made another and revoked this one.
    """
    found = ApiTokenUse.objects.filter(token__digest=digest_of(secret), token__revoked_at=None, exposed_at=None)
    with transaction.atomic():
        if not found.update(exposed_at=timezone.now()):
            return False
        tell_exposed(ApiToken.objects.select_related("customer", "created_by").get(digest=digest_of(secret)))
    return True


def check_last_day(day: date) -> None:
    """ValidationError unless the day is today at the earliest and a year ahead at the latest."""
    today = timezone.localdate()
    latest = today + timedelta(days=LONGEST_DAYS)
    if not today <= day <= latest:
        message = _("The last day must be between %(first)s and %(last)s; it is %(day)s.")
        days = {"first": _shown(today), "last": _shown(latest), "day": _shown(day)}
        raise ValidationError({"expires_on": message % days})


def count_request(token: ApiToken) -> tuple[int, int]:
    """Count a request; return how many the running minute has, and in how many seconds it ends."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_USE, [token.pk])
        requests, seconds = cursor.fetchone()
    return requests, max(seconds, 1)


def _shown(day: date) -> str:
    return date_format(day, "Y-m-d")


def _require(user: User, customer: Customer) -> None:
    if not list_token_customers(user).filter(pk=customer.pk).exists():
        raise PermissionDenied
