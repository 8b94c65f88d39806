"""The content policy: nothing but our own files, and no script or style written into a page; the largest request; the one
form of its texts."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from engine.texts import compose
from web.errors import SECRET, UNREADABLE, answer

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


class OneFormMiddleware:
    """Brings every text of an address and of a form into its one form (`engine.texts`) before anything reads it.

    Passwords stay as they are typed: their hashes are of those very signs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put composed values in the place of those that are not; most requests have none."""
        request.GET = _compose(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            with suppress(*UNREADABLE):  # the view that reads it answers
                request.POST = _compose(request.POST)  # type: ignore[assignment]
        return self.get_response(request)


def _compose(sent: QueryDict) -> QueryDict:
    composed = {name: [_value(name, value) for value in values] for name, values in sent.lists()}
    if composed == dict(sent.lists()):
        return sent
    changed = sent.copy()
    for name, values in composed.items():
        changed.setlist(name, values)
    return changed


def _value(name: str, value: str) -> str:
    return value if SECRET.search(name) else compose(value)


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
