"""A budget, or one of its sub-budgets, as a workbook: at once when it is small, as a job when it is large."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.generic import TemplateView

from budgets.models import SubBudget
from pages.base import InBudget, InSubBudget
from reports.workbook.making import (
    LINES_AT_ONCE,
    make_part_workbook,
    make_workbook,
    name_workbook,
    start_workbook,
)
from reports.workbook.selectors import count_lines
from web.views import Context
from web.workbook import CONTENT_TYPE


class WorkbookView(InBudget, TemplateView):
    """The budget's workbook; GET only reads, so starting a job takes a POST."""

    title = gettext_lazy("The budget as a workbook")
    nav_key = "overview"
    template_name = "reports/workbook/export.html"

    @property
    def part(self) -> SubBudget | None:
        """The sub-budget that the workbook is of; None for the whole budget."""
        return None

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the file, or a page that offers to start the job when there are many lines."""
        part = self.part
        count = count_lines(self.budget, part)
        if count > LINES_AT_ONCE:
            return self.render_to_response(self.get_context_data(line_count=count))
        content = make_part_workbook(part, self.reader) if part else make_workbook(self.budget, self.reader)
        response = HttpResponse(content, content_type=CONTENT_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{name_workbook(self.budget, part)}"'
        return response

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Start the job and show how far it is."""
        job = start_workbook(self.budget, self.reader, language=get_language() or "sv", sub_budget=self.part)
        return HttpResponseRedirect(reverse("records:job", args=[job.uuid]))

    def get_context_data(self, **kwargs: object) -> Context:
        """Add where the job is started, and where to go back to."""
        above = reverse("reports:overview", args=[self.budget.slug])
        return super().get_context_data(**{"target": self.request.path, "back": above, **kwargs})


class SubBudgetWorkbookView(InSubBudget, WorkbookView):
    """A sub-budget's workbook, for those who see its page."""

    title = gettext_lazy("The sub-budget as a workbook")
    nav_key = "sub_budgets"

    @property
    def part(self) -> SubBudget:
        """The address's sub-budget."""
        return self.sub_budget

    def get_context_data(self, **kwargs: object) -> Context:
        """Lead back to the sub-budget."""
        return super().get_context_data(**{"back": self.page_url(), **kwargs})
