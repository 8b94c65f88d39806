"""A long list as a file, made by a job: what the list's own page answers its starter at that moment.

The trick: the job asks the page itself, so filter, order, columns and access are those of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _

from records.services.files import store_file
from records.services.jobs import JobError, Run, start_job
from web.exports import ExportMixin

if TYPE_CHECKING:
    from accounts.models import User
    from records.models import Job


class NotAListError(Exception):
    """An address that is no list's."""


def start_list(address: str, user: User, *, title: str, language: str) -> Job:
    """Start a job that makes the file a list's address names, as the user's.

    Raise NotAListError for any other address.
    """
    _find_view(address)
    return start_job(
        kind="list",
        title=title,
        task="reports.make_list",
        arguments={"address": address, "language": language},
        by=user,
    )


def store_list(run: Run) -> None:
    """What the job does: the list as its starter may see it now, stored as a file."""
    user = run.job.started_by
    with translation.override(run.arguments["language"]):
        response = None if user is None else _ask(run.arguments["address"], user, run)
        if user is None or response is None or response.status_code != 200:
            raise JobError(_("The list no longer exists, or you may no longer see it."))
        _kind, parameters = parse_header_parameters(response["Content-Disposition"])
        file = store_file(
            response.content,
            name=parameters["filename"],
            content_type=response["Content-Type"],
            by=user,
            about=run.job.uuid,
        )
        run.report(100, _("The file is ready."))
        run.finish({"file": file.uuid})


def _ask(address: str, user: User, run: Run) -> HttpResponse | None:
    request: Any = HttpRequest()
    request.method, (request.path, _mark, query) = "GET", address.partition("?")
    request.path_info, request.GET = request.path, QueryDict(query)
    request.user, request.report, request.LANGUAGE_CODE = user, run.report, run.arguments["language"]
    try:
        request.resolver_match = match = _find_view(address)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except (NotAListError, Http404, PermissionDenied):
        return None
    return response


def _find_view(address: str) -> ResolverMatch:
    path, _mark, query = address.partition("?")
    try:
        match = resolve(path)
    except Resolver404 as error:
        raise NotAListError(address) from error
    if not issubclass(getattr(match.func, "view_class", object), ExportMixin) or "export=" not in query:
        raise NotAListError(address)
    return match
