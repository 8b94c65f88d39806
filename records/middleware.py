"""Names the signed-in person as the author of every change that a request makes, and carries each form out once."""

from collections.abc import Callable, Sequence

import pghistory
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from records.reasons import Reason
from records.services import ACT_OF_REQUEST
from records.services.sent import digest_of_form, find_location, keep_location, take_form
from web.errors import ONCE, is_htmx
from web.faults import try_twice

ADMINISTRATION = "/admin/"
# The header by which an answer that shows its result itself says where it is found later.
RESULT = "Content-Location"


class HistoryMiddleware:
    """Services refine the reason; what has none keeps the request's method and path with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        by = request.user.email if request.user.is_authenticated else "anonymous"
        reason = Reason.ADMINISTRATION if request.path.startswith(ADMINISTRATION) else Reason.REQUEST
        with pghistory.context(by=by, reason=reason, of={"request": f"{request.method} {request.path}"}) as opened:
            token = ACT_OF_REQUEST.set(opened.id)
            try:
                return self.get_response(request)
            finally:
                ACT_OF_REQUEST.reset(token)


class OnceMiddleware:
    """Carries out a form that has a key (`{% once %}`) once; sent again it leads to what the first one led to.

    The trick: form and key are written in one transaction, so a form that failed anywhere, even in drawing its answer, has
    changed nothing and can be sent again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[object], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Answer such a form; leave every other request to its view."""
        if request.method != "POST" or not request.user.is_authenticated or not request.POST.get(ONCE):
            return None
        user, digest = request.user, digest_of_form(request, request.user)

        def carry_out() -> HttpResponse:
            with transaction.atomic():
                if not take_form(digest, user):
                    return _lead_on(request, find_location(digest))
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                if _is_done(request, response):
                    keep_location(digest, _location_of(response))
                else:
                    transaction.set_rollback(True)
                return response

        return try_twice(carry_out)


def _is_done(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether the form was carried out, rather than shown again with what is wrong."""
    if response.status_code == 200:
        return is_htmx(request) or RESULT in response
    return 300 <= response.status_code < 400


def _location_of(response: HttpResponse) -> str:
    return str(response.get("Location") or response.get(RESULT) or "")


def _lead_on(request: HttpRequest, location: str) -> HttpResponse:
    """Lead to where the first send led; htmx loads the page anew, which shows what there is now."""
    messages.info(request, _("This was sent more than once, and was done once."))
    if is_htmx(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(location or request.get_full_path())
