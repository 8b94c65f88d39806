"""What we decide in the sign-in library: nobody signs up by themselves, demo users stay on their computer.

The trick: the refusal comes after the password was right, so it tells a stranger nothing about who is a demo user.
"""

from typing import cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import may_sign_in_from

DEMO_ELSEWHERE = _("Demo users can sign in only on the computer the system runs on. Use an account of your own.")


class AccountAdapter(DefaultAccountAdapter):
    """The library's questions, answered."""

    error_messages = {**DefaultAccountAdapter.error_messages, "demo_elsewhere": DEMO_ELSEWHERE}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Leave it to administrators to add users."""
        return False

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, object], headers: object = None
    ) -> object:
        """Sign mail with the federation's name: the library knows the server's address only."""
        return super().render_mail(
            template_prefix, email, {**context, "federation_name": settings.FEDERATION_NAME}, headers
        )

    def authenticate(self, request: HttpRequest, **credentials: object) -> User | None:
        """Return the user with these credentials; ValidationError for a demo user from another computer."""
        user = cast("User | None", super().authenticate(request, **credentials))
        if user is not None and not may_sign_in_from(user, meta=request.META):
            raise self.validation_error("demo_elsewhere")
        return user

    def pre_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse | None:
        """Hold the same rule for every other way in, such as a password reset."""
        if not may_sign_in_from(user, meta=request.META):
            messages.error(request, str(DEMO_ELSEWHERE))
            raise ImmediateHttpResponse(redirect("account_login"))
        return cast("HttpResponse | None", super().pre_login(request, user, **kwargs))

    def post_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse:
        """Show the user's own language, unless another was chosen in this browser."""
        response = cast("HttpResponse", super().post_login(request, user, **kwargs))
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE
            )
        return response
