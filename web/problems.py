"""Errors of the API as RFC 9457 problems: `application/problem+json` with type, title, status, detail and instance.

The trick: the exception handler answers with a finished response, so an error looks the same whatever the client
accepts. `type` leads to the page that describes the problem (setting API_REFERENCE_URL).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Final, TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import APIView, set_rollback

from web.faults import is_beyond_a_type

logger = logging.getLogger("django.request")
CONTENT_TYPE: Final = "application/problem+json"

# By status: the anchor of the problem's description, its title, and what to do when nothing better is known.
PROBLEMS: Final[dict[int, tuple[str, Promise, Promise]]] = {
    400: ("bad-request", gettext_lazy("The request is not valid"), gettext_lazy("Correct the address or its parameters.")),
    401: ("no-valid-token", gettext_lazy("A valid token is needed"), gettext_lazy("Send the token in the header Authorization: Bearer.")),
    403: ("not-allowed", gettext_lazy("The token does not allow this"), gettext_lazy("Make a token with the scope that is needed.")),
    404: ("not-found", gettext_lazy("There is nothing here"), gettext_lazy("Check the address.")),
    405: ("method-not-allowed", gettext_lazy("The method is not allowed"), gettext_lazy("Use GET or HEAD.")),
    406: ("not-acceptable", gettext_lazy("The format is not available"), gettext_lazy("Accept application/json.")),
    415: ("unsupported-media-type", gettext_lazy("The format of the body is not supported"), gettext_lazy("Send no body.")),
    429: ("too-many-requests", gettext_lazy("Too many requests"), gettext_lazy("Wait, and try again.")),
    500: ("internal-error", gettext_lazy("Something went wrong at our end"), gettext_lazy("Try again later. The error is logged.")),
}  # fmt: skip


class ErrorContext(TypedDict):
    """What the library tells its exception handler."""

    request: Request
    view: APIView


class Members(TypedDict, total=False):
    """What a problem of ours adds to the standard's members."""

    code: str
    errors: list[dict[str, str]]


class Problem(exceptions.APIException):
    """A bad request with a detail for people, and for each bad parameter what to write instead."""

    status_code = 400

    def __init__(self, detail: str, *, code: str = "bad-request", errors: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, code)
        self.code = code
        self.errors = dict(errors or {})


def make_problem(
    request: HttpRequest, status: int, detail: str | Promise = "", **members: Unpack[Members]
) -> HttpResponse:
    """Return the problem of a status, with what to do in the reader's language; `members` are added to it."""
    anchor, title, remedy = PROBLEMS.get(status, PROBLEMS[400 if status < 500 else 500])
    code = members.get("code") or anchor
    body = {
        "type": request.build_absolute_uri(f"{settings.API_REFERENCE_URL}#{code}"),
        "title": str(title),
        "status": status,
        "detail": str(detail or remedy),
        "instance": request.path,
        **members,
        "code": code,
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=CONTENT_TYPE, status=status)
    response["Cache-Control"] = "no-store"
    return response


def handle_exception(error: Exception, context: ErrorContext) -> HttpResponse:
    """Answer as Django REST framework's exception handler (setting EXCEPTION_HANDLER)."""
    set_rollback()
    request: HttpRequest = context["request"]._request
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if is_beyond_a_type(error):
        error = Problem(_("A parameter is beyond what can be looked up. Correct the address or its parameters."))
    if not isinstance(error, exceptions.APIException):
        logger.error("Internal error: %s", request.path, exc_info=error, extra={"request": request})
        return make_problem(request, 500)
    response = make_problem(request, error.status_code, _detail(error, request), **_members(error))
    for name, value in _headers(error, context).items():
        response[name] = value
    return response


def _detail(error: exceptions.APIException, request: HttpRequest) -> str:
    """Return the text of an error of ours; for one of the library's, what it is about and what to do instead."""
    if isinstance(error, exceptions.Throttled):
        seconds = _seconds(error)
        return _("The token has used up its requests. Wait %(seconds)s seconds, and try again.") % {"seconds": seconds}
    if isinstance(error, exceptions.MethodNotAllowed):
        return _("%(method)s is not allowed here. Use GET or HEAD.") % {"method": (request.method or "")[:20]}
    if isinstance(error, exceptions.NotAcceptable):
        accept = request.headers.get("Accept", "")[:80]
        return _("“%(accept)s” is not available. Accept application/json.") % {"accept": accept}
    if isinstance(error, exceptions.UnsupportedMediaType):
        return _("“%(type)s” is not supported. Nothing here takes a body.") % {"type": request.content_type or ""}
    return "" if str(error.detail) == str(error.default_detail) else str(error.detail)


def _seconds(error: exceptions.Throttled) -> int:
    return int(getattr(error, "wait", None) or 1)


def list_errors(errors: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the bad parameters as a problem names them."""
    return [{"parameter": name, "detail": detail} for name, detail in errors.items()]


def _members(error: exceptions.APIException) -> Members:
    if not isinstance(error, Problem):
        return {}
    errors = list_errors(error.errors)
    return {"code": error.code, "errors": errors} if errors else {"code": error.code}


def _headers(error: exceptions.APIException, context: ErrorContext) -> dict[str, str]:
    """Return what the protocol asks for: the scheme of sign-in, the methods allowed, how long to wait."""
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        wrong = ', error="invalid_token"' if isinstance(error, exceptions.AuthenticationFailed) else ""
        return {"WWW-Authenticate": f'Bearer realm="itsam"{wrong}'}
    if isinstance(error, exceptions.MethodNotAllowed):
        return {"Allow": ", ".join(context["view"].allowed_methods)}
    if isinstance(error, exceptions.Throttled):
        return {"Retry-After": str(_seconds(error))}
    return {}
