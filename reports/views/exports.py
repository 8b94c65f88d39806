"""Files that take long: a budget as a workbook, at once when it is small, and long lists; as jobs."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.models import User
from budgets.views import InBudget
from itsam.web.views import PageView
from itsam.web.workbook import CONTENT_TYPE
from reports.selectors.workbook import count_lines
from reports.services.lists import NotAListError, start_list
from reports.services.workbook import LINES_AT_ONCE, make_workbook, name_workbook, start_workbook


class WorkbookView(InBudget, TemplateView):
    """The budget's workbook; GET only reads, so starting a job takes a POST."""

    title = gettext_lazy("The budget as a workbook")
    nav_key = "overview"
    template_name = "reports/export.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, or a page that offers to start the job when the budget is large."""
        count = count_lines(self.budget)
        if count > LINES_AT_ONCE:
            return self.render_to_response(self.get_context_data(line_count=count))
        response = HttpResponse(make_workbook(self.budget, self.reader), content_type=CONTENT_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{name_workbook(self.budget)}"'
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start the job and show how far it is."""
        job = start_workbook(self.budget, self.reader, language=get_language() or "sv")
        return HttpResponseRedirect(reverse("records:job", args=[job.uuid]))


class ListFileView(PageView, View):
    """Starts the job that makes a long list's file, and shows how far it is."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start it; an address that is no list's is not found."""
        title = request.POST.get("title", "")[:200] or _("List")
        try:
            job = start_list(
                request.POST.get("address", ""), cast(User, request.user), title=title, language=get_language() or "sv"
            )
        except NotAListError as error:
            raise Http404 from error
        return HttpResponseRedirect(reverse("records:job", args=[job.uuid]))
