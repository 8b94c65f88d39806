"""A budget as a workbook: at once when it is small, as a job when it is large."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.generic import TemplateView

from pages.base import InBudget
from reports.workbook.making import LINES_AT_ONCE, make_workbook, name_workbook, start_workbook
from reports.workbook.selectors import count_lines
from web.workbook import CONTENT_TYPE


class WorkbookView(InBudget, TemplateView):
    """The budget's workbook; GET only reads, so starting a job takes a POST."""

    title = gettext_lazy("The budget as a workbook")
    nav_key = "overview"
    template_name = "reports/workbook/export.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the file, or a page that offers to start the job when the budget is large."""
        count = count_lines(self.budget)
        if count > LINES_AT_ONCE:
            return self.render_to_response(self.get_context_data(line_count=count))
        response = HttpResponse(make_workbook(self.budget, self.reader), content_type=CONTENT_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{name_workbook(self.budget)}"'
        return response

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Start the job and show how far it is."""
        job = start_workbook(self.budget, self.reader, language=get_language() or "sv")
        return HttpResponseRedirect(reverse("records:job", args=[job.uuid]))
