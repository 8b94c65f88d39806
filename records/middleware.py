"""Names the signed-in person as the author of every change that a request makes."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

from records.reasons import Reason

ADMINISTRATION = "/admin/"


class HistoryMiddleware:
    """Services refine the reason; what has none keeps the request's method and path with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        by = request.user.email if request.user.is_authenticated else "anonymous"
        reason = Reason.ADMINISTRATION if request.path.startswith(ADMINISTRATION) else Reason.REQUEST
        with pghistory.context(by=by, reason=reason, of={"request": f"{request.method} {request.path}"}):
            return self.get_response(request)
