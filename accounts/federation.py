"""Sign-in by a member's identity provider: existing users only, matched by an address that the provider speaks for."""

from typing import Any, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User, clean_address
from accounts.selectors import find_by_email


class FederationAdapter(DefaultSocialAccountAdapter):
    """The library's questions, answered."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Providers of the settings; those that somebody adds in the administration do not count."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Users are added by an administrator, unless the provider's setting `sign_up` says otherwise."""
        return bool(sociallogin.provider.app.settings.get("sign_up"))

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Return the user with a verified address. The empty text keeps the library from taking away the password."""
        verified = (address.email for address in sociallogin.email_addresses if address.verified)
        found = (find_by_email(email) for email in verified)
        return next(((user, "") for user in found if user), None)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse whom the provider does not speak for, and whom nobody has added."""
        address = clean_address(next((a.email for a in sociallogin.email_addresses if a.verified), ""))
        name = sociallogin.provider.name
        if not address or _is_denied(sociallogin.account.extra_data):
            problem = _("%(name)s gave no email address that it may vouch for. Ask your administrator.")
        elif not sociallogin.is_existing and not self.is_open_for_signup(request, sociallogin):
            problem = _(
                "There is no user here with the email address that %(name)s gave. Ask an administrator to add you."
            )
        else:
            return
        messages.error(request, problem % {"name": name})
        raise ImmediateHttpResponse(redirect("account_login"))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Give a new user address and name."""
        user = cast(User, sociallogin.user)
        user.email = clean_address(data.get("email") or "")
        user.name = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        return user


def _is_denied(data: dict[str, Any]) -> bool:
    """Whether the provider itself says that the address is not verified. One that says nothing is believed."""
    claims = data.get("userinfo") or data.get("id_token") or data
    return isinstance(claims, dict) and claims.get("email_verified") in (False, "false", ["false"])
