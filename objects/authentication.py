"""Who asks the API: the customer of a bearer token, and how often. A token never says which others exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from objects.models import ApiToken, Customer, Scope
from objects.selectors.tokens import find_token_by_digest, is_still_granted
from objects.services.tokens import count_request, digest_of
from web.limits import tell_limit


@dataclass(frozen=True)
class ApiClient:
    """The system that asks, on behalf of a customer."""

    token: ApiToken

    is_authenticated = True
    is_active = True

    @property
    def customer(self) -> Customer:
        """Whose rows it may read."""
        return self.token.customer


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer itsam_…`; sessions and passwords do not count here."""

    def authenticate(self, request: Request) -> tuple[ApiClient, ApiToken] | None:
        """Return the client, or None when the request names none. AuthenticationFailed says what to do."""
        words = get_authorization_header(request).split()
        if not words:
            return None
        if len(words) != 2 or words[0].lower() != b"bearer":
            raise AuthenticationFailed(_("Send the token in the header as Authorization: Bearer itsam_…"))
        token = find_valid_token(words[1])
        return ApiClient(token), token

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme, which also makes the answer 401."""
        return 'Bearer realm="itsam"'


def customer_of(request: Request) -> Customer:
    """Return the customer on whose behalf a request is made; only where HasScope let it in."""
    return cast(ApiClient, request.user).customer


def find_valid_token(secret: bytes) -> ApiToken:
    """Return the token of a secret. AuthenticationFailed; only the holder learns that a token has expired."""
    token = find_token_by_digest(digest_of(secret.decode("ascii", "replace")))
    if token is None or token.revoked_at is not None:
        raise AuthenticationFailed(_("The token is not valid. Make a new one on the page API access."))
    if not is_still_granted(token):
        raise AuthenticationFailed(
            _(
                "The person who made the token no longer serves the customer, so it is not valid. Make a new one on the page API access."
            )
        )
    if token.is_expired(timezone.localdate()):
        day = {"day": token.expires_on.isoformat()}
        raise AuthenticationFailed(_("The token expired after %(day)s. Make a new one on the page API access.") % day)
    return token


class Scoped(Protocol):
    """A view that asks for a scope of a token."""

    scope: Scope


class HasScope(BasePermission):
    """The token must have the view's `scope`."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Return whether it has."""
        return isinstance(request.user, ApiClient) and cast(Scoped, view).scope in request.user.token.scopes


class TokenThrottle(BaseThrottle):
    """As many requests a minute and token as the setting API_REQUESTS_PER_MINUTE says, counted in one statement."""

    seconds = 1

    def allow_request(self, request: Request, view: object) -> bool:
        """Return whether the running minute has room."""
        if not isinstance(request.user, ApiClient):
            return True
        requests, self.seconds = count_request(request.user.token)
        most = settings.API_REQUESTS_PER_MINUTE
        tell_limit(request, most=most, left=most - requests, seconds=self.seconds)
        return requests <= most

    def wait(self) -> float:
        """Return in how many seconds the minute ends."""
        return self.seconds
