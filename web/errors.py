"""Error pages that keep what a person typed, in the reader's language, and show nothing of the inside.

The trick: what was posted is shown again in fields that can be copied, and where the request came from our own page it
can be sent once more after signing in. Passwords, codes and tokens are never shown; files are only named. htmx gets a
note to show above the page instead, so that no page is swapped into a table's cell and nothing typed is replaced.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext

from web import faults

SECRET: Final = re.compile(r"pass|token|secret|otp|captcha|recovery|signature|^code$|^key$|^next$", re.IGNORECASE)
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNREADABLE: Final = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, UnreadablePostError, MultiPartParserError)
LONGEST_SHOWN: Final = 200
NOTE_HEADER: Final = "X-Error-Note"
# The field by which a form is carried out once.
ONCE: Final = "once"


@dataclass(frozen=True)
class Typed:
    """What a person posted: (name, words, value) without secrets and without what is empty, and the names of files."""

    values: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    has_secret: bool = False

    def __bool__(self) -> bool:
        return bool(self.values or self.files)

    @property
    def names(self) -> set[str]:
        """Return the names of the fields."""
        return {row[0] for row in self.values}

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """Return those with something in them, for reading and copying."""
        return [row for row in self.values if row[2].strip() and row[0] != ONCE][:LONGEST_SHOWN]


def read_typed(request: HttpRequest) -> Typed:
    """Return what was posted; nothing when it can't be read."""
    if request.method != "POST":
        return Typed()
    try:
        posted, files = request.POST, request.FILES
    except UNREADABLE:
        return Typed()
    open_names = [name for name in posted if not SECRET.search(name)]
    values = [(name, _in_words(name), value) for name in open_names for value in posted.getlist(name)]
    names = [str(file.name) for _field, several in files.lists() for file in several]
    has_secret = any(SECRET.search(name) for name in posted if name != "csrfmiddlewaretoken")
    return Typed(values, names, has_secret)


def _in_words(name: str) -> str:
    """Return a field's name as words, in the reader's language where the catalogue has them: amount_1_ore is Amount 1."""
    words = name.removesuffix("_ore").replace("_", " ").replace("-", " ").capitalize()
    return words and gettext(words)  # the text of nothing is the catalogue's own head


def is_own(request: HttpRequest) -> bool:
    """Say whether the browser says that the request came from a page of ours, so that sending it again is no trap."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.META.get("HTTP_HOST")


def is_htmx(request: HttpRequest) -> bool:
    """Say whether htmx asks, and would swap the answer into the page."""
    return request.headers.get("HX-Request") == "true"


def answer(
    request: HttpRequest,
    status: int,
    *,
    template: str = "",
    resend: bool = False,
    bare: bool = False,
    unread: bool = False,
) -> HttpResponse:
    """Return the error page of `status` with what was typed. `bare` asks neither session nor database, `unread` no body."""
    typed = Typed() if unread else read_typed(request)
    can_resend = resend and request.method == "POST" and not typed.has_secret and not typed.files and is_own(request)
    number = str(getattr(request, "request_id", ""))
    context: dict[str, object] = {
        "status": status,
        "request_id": number if REQUEST_ID.fullmatch(number) else "",
        "typed": typed,
        "action": request.get_full_path(),
        "resend": can_resend,
        "token": get_token(request) if can_resend else "",
    }
    response = HttpResponse(_write(request, template or str(status), context, bare=bare), status=status)
    if is_htmx(request):
        response[NOTE_HEADER] = "1"
    add_never_cache_headers(response)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _write(request: HttpRequest, name: str, context: dict[str, object], *, bare: bool) -> str:
    """Return the page, or for htmx a note that is shown on the page that asked."""
    used = None if bare else request
    if is_htmx(request):
        return render_to_string("_error_note.html", {**context, "kind": name}, used)
    return render_to_string(f"{name}.html", context, used)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 when more was sent than is taken."""
    is_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return answer(request, 413 if is_big else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return answer(request, 404)


def method_not_allowed(request: HttpRequest, allowed: list[str]) -> HttpResponse:
    """Answer 405, with the methods there are."""
    response = answer(request, 405)
    response["Allow"] = ", ".join(allowed)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault: what a type can't hold by 400, a full disk by 507, a lock or a database away by 503, the rest by 500.

    Whether the form was carried out is not known here, so only one that is carried out once is offered to be sent again.
    """
    error = sys.exc_info()[1]
    if faults.is_beyond_a_type(error):
        return answer(request, 400, bare=True)
    can_resend = ONCE in read_typed(request).names
    status, template, wait = next(row[1:] for row in FAULTS if row[0](error))
    response = answer(request, status, template=template, resend=can_resend, bare=True)
    if wait:
        response["Retry-After"] = wait
    return response


# What a fault is answered with: status, page, and after how many seconds to try again.
FAULTS: Final[tuple[tuple[Callable[[BaseException | None], bool], int, str, str], ...]] = (
    (faults.is_full, 507, "", ""),
    (faults.is_busy, 503, "503_busy", "5"),
    (faults.is_away, 503, "", "30"),
    (lambda _error: True, 500, "", ""),
)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when the form's token is old: most often the person has signed in anew since the page was opened."""
    return answer(request, 403, template="403_csrf", resend=True)


def session_expired(request: HttpRequest) -> HttpResponse:
    """Answer 401 when somebody posts, or htmx asks, after the session has ended; what was typed is kept."""
    return answer(request, 401, resend=True)
