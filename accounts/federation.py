"""Sign-in by a member's identity provider: existing users only, matched by an address that the provider speaks for.

The trick: the library believes any address that a provider calls verified, so no address reaches its search for users
before our own settings have said that this provider speaks for the address's mail domain.
"""

import logging
from collections.abc import Mapping
from typing import Final, cast

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess, Provider
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import User, clean_address
from accounts.selectors import find_by_email
from web.typing import JsonValue

log = logging.getLogger(__name__)

YES: Final = ("true", "1", "t", "y", "yes")
NO_VOUCHING = _("%(name)s gave no email address that it may vouch for. Ask your administrator.")
# What the log says, and what the person reads.
NO_DOMAINS: Final = "no mail domain is set for it"
NO_ADDRESS: Final = "it gave no email address, or called it unverified"
OUTSIDE: Final = "it gave an address of a mail domain that is not set for it"
MOVED: Final = "the user's own address is of a mail domain that is not set for it"
UNKNOWN: Final = "there is no user with the address that it gave"
WORDS: Final = {
    NO_DOMAINS: NO_VOUCHING,
    NO_ADDRESS: NO_VOUCHING,
    OUTSIDE: _(
        "%(name)s may sign in only people with an email address at %(domains)s. Nobody was signed in. Sign in with"
        " your password, or ask your administrator."
    ),
    MOVED: _(
        "Your account here has an email address that %(name)s may not vouch for, since it is not at %(domains)s."
        " Nobody was signed in. Sign in with your password, or ask your administrator."
    ),
    UNKNOWN: _("There is no user here with the email address that %(name)s gave. Ask an administrator to add you."),
}


class FederationAdapter(DefaultSocialAccountAdapter):
    """The library's questions, answered."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Providers of the settings; those that somebody adds in the administration do not count."""
        by_provider = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in by_provider.values() for app in apps]

    def is_email_verified(self, provider: Provider, email: str) -> bool:
        """Believe a provider about its own mail domains."""
        return speaks_for(provider, email)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Leave it to administrators to add users, unless the provider's setting `sign_up` says otherwise.

        An address that somebody had before is not given to a second person.
        """
        given = [address.email for address in sociallogin.email_addresses]
        taken = EmailAddress.objects.filter(email__in=given).exists()
        return bool(sociallogin.provider.app.settings.get("sign_up")) and not taken

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Mapping[str, str | None]) -> User:
        """Give a new user address and name. Refuse outsiders already here, before the library looks for users."""
        _refuse_outsiders(request, sociallogin)
        user = cast(User, sociallogin.user)
        user.email = clean_address(data.get("email") or "")
        user.name = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        return user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Return the user with the address. The empty text keeps the library from taking away the password."""
        given = (address.email for address in sociallogin.email_addresses)
        users = (find_by_email(email) for email in given if speaks_for(sociallogin.provider, email))
        return next(((user, "") for user in users if user), None)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse a user whom the provider does not speak for, however found, and whom nobody has added."""
        _refuse_outsiders(request, sociallogin)
        if not sociallogin.is_existing and not self.is_open_for_signup(request, sociallogin):
            _refuse(request, sociallogin, UNKNOWN)
        # Nobody connects an account of a provider to the one signed in: it would open it without its own address.
        sociallogin.state["process"] = AuthProcess.LOGIN


def speaks_for(provider: Provider, address: str) -> bool:
    """Say whether the provider's settings name exactly this address's mail domain. Nothing set, nothing believed."""
    return address.isascii() and address.lower().partition("@")[2] in _domains(provider)


def _domains(provider: Provider) -> list[str]:
    return cast("list[str]", provider.app.settings.get("domains") or [])


def _refuse_outsiders(request: HttpRequest, login: SocialLogin) -> None:
    """Stop unless the provider speaks for each address that it gave and, once a user is found, for the user's own."""
    given = [address.email for address in login.email_addresses]
    if not _domains(login.provider):
        _refuse(request, login, NO_DOMAINS)
    if not given or _is_denied(login.account.extra_data):
        _refuse(request, login, NO_ADDRESS)
    if not all(speaks_for(login.provider, address) for address in given):
        _refuse(request, login, OUTSIDE)
    if login.is_existing and not speaks_for(login.provider, login.user.email):
        _refuse(request, login, MOVED)


def _refuse(request: HttpRequest, login: SocialLogin, reason: str) -> None:
    """End the sign-in with words for the person, and for the operator without anybody's address."""
    log.warning("Refused a sign-in by the identity provider %s: %s", login.provider.sub_id, reason)
    names = {"name": login.provider.name, "domains": ", ".join(_domains(login.provider))}
    messages.error(request, WORDS[reason] % names)
    raise ImmediateHttpResponse(redirect("account_login"))


def _is_denied(data: Mapping[str, JsonValue]) -> bool:
    """Say whether the provider itself says that the address is not verified. One that says nothing is believed."""
    claims = [part for part in (data, data.get("userinfo"), data.get("id_token")) if isinstance(part, dict)]
    # SAML names it by a link that ends so, and gives lists.
    said = [value for part in claims for name, value in part.items() if name.rpartition("/")[2] == "email_verified"]
    answers = [answer for value in said for answer in (value if isinstance(value, list) else [value])]
    return any(answer is not None and str(answer).lower() not in YES for answer in answers)
