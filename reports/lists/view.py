"""Long lists as files, made by a job."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.models import User
from reports.lists.making import NotAListError, start_list
from web.views import PageView


class ListFileView(PageView, View):
    """Starts the job that makes a long list's file, and shows how far it is."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Start it; an address that is no list's is not found."""
        title = request.POST.get("title", "")[:200] or _("List")
        try:
            job = start_list(
                request.POST.get("address", ""), cast(User, request.user), title=title, language=get_language() or "sv"
            )
        except NotAListError as error:
            raise Http404 from error
        return HttpResponseRedirect(reverse("records:job", args=[job.uuid]))
