"""The overview of a budget, which follows the forecasts."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from budgets.models import Budget, SubBudget
from budgets.selectors.budgets import find_earlier, load_progress
from budgets.selectors.workflow import can_read_steps
from budgets.words import name_earlier
from pages.addresses import lines_url
from pages.base import InBudget, is_news
from reports.overview.printed import load_printed
from reports.overview.rows import find_printed, list_groups, show_overview
from reports.overview.selectors import Overview, load_overview
from reports.overview.todo import list_todo
from web.views import Context, Crumb


class OverviewView(InBudget, TemplateView):
    """A budget's result, revenue, sub-budgets and forecasts; published figures only where nothing else is kept."""

    title = gettext_lazy("Budget overview")
    nav_key = "overview"

    def get_template_names(self) -> list[str]:
        """Choose by what is kept of the budget."""
        return ["reports/overview/printed.html" if self.is_printed else "reports/overview/overview.html"]

    @property
    def is_printed(self) -> bool:
        """Whether only published figures are kept."""
        return self.budget.status == Budget.Status.PUBLISHED_FIGURES

    def get_crumbs(self) -> list[Crumb]:
        """Return no crumbs: it is the top itself."""
        return []

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the tables."""
        if self.is_printed:
            return super().get_context_data(printed=load_printed(self.budget), **kwargs)
        overview = show_overview(load_overview(self.budget, self.reader, find_earlier(self.budget)), self.budget)
        shown = {"overview": overview, "years": self.budget.years, "earlier_year": name_earlier(self.budget)}
        shown |= {"groups": list_groups(overview, self.budget), "printed_url": find_printed(overview.earlier)}
        shown |= {"lines_url": lines_url(self.budget), "earlier_lines_url": lines_url(overview.earlier)}
        shown["todo"] = list_todo(overview.todo, self.budget, self.reader)
        shown["can_read_steps"] = can_read_steps(self.reader)
        shown["is_on_its_way"] = can_read_steps(self.reader) and self.budget.status == Budget.Status.DRAFT
        shown["unplaced_label"] = _("In no sub-budget of %(earlier_year)s") % {"earlier_year": shown["earlier_year"]}
        shown["statuses"] = self._count_statuses(overview)
        return super().get_context_data(**{"progress": load_progress(self.budget), **shown, **kwargs})

    def _count_statuses(self, overview: Overview) -> list[tuple[str, str | Promise, int]]:
        """Return how many sub-budgets have each status; those that nothing has are left out."""
        counts = Counter(row.sub_budget.state for group in overview.groups for row in group.rows)
        return [(state, label, counts[state]) for state, label in SubBudget.STATES if counts[state]]


class FiguresView(OverviewView):
    """The overview's figures for a page that is open; 204 when it shows the newest already."""

    def get_template_names(self) -> list[str]:
        """Return only the part that is swapped."""
        return ["reports/overview/_figures.html"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Compare counters first, which is all that most requests cost."""
        progress = load_progress(self.budget)
        if self.is_printed or not is_news(request, progress):
            return HttpResponse(status=204)
        return self.render_to_response(self.get_context_data(progress=progress, is_fragment=True))
