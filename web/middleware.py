"""The content policy: nothing but our own files, and no script or style written into a page; and the largest request."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from web.errors import answer

CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

# A zero character in the part of an address after the question mark.
ZERO: Final = "%00"


class ContentPolicyMiddleware:
    """Sends the policy with every response that has none of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        return response


class BodyLimitMiddleware:
    """Refuses at the door what no view can take: 413 to a request that says it is larger than the setting MAX_BODY_BYTES,
    of which nothing is read, and 400 to an address with a zero character, which no text of the database holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the header first; without one Django reads nothing either."""
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isdecimal() and int(said) > settings.MAX_BODY_BYTES:
            return answer(request, 413, unread=True)
        if ZERO in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            return answer(request, 400)
        return self.get_response(request)
