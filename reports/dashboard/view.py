"""The board's dashboard: four figures and the charts that explain them, each with its table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from budgets.models import Budget
from budgets.selectors.budgets import load_progress
from budgets.words import name_earlier
from engine.bridge import result_bound
from pages.base import InBudget
from pricing.selectors.why import Why, load_why
from reports.dashboard.charts import Pen
from reports.dashboard.rows import show_dashboard
from reports.dashboard.scenarios import show_scenarios
from reports.dashboard.selectors import find_shown_earlier, load_dashboard
from reports.overview.todo import list_todo
from reports.why.chart import draw_why
from reports.why.view import ALL
from reports.why.words import Speaker
from web.ahead import reading_at_once
from web.views import Context, Crumb


class DashboardView(InBudget, TemplateView):
    """What the board decides by. Of a budget whose lines are not kept the overview shows all that is known."""

    title = gettext_lazy("Dashboard for the board")
    nav_key = "dashboard"
    template_name = "reports/dashboard/dashboard.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Lead on to the overview where only published figures are kept."""
        if self.budget.status == Budget.Status.PUBLISHED_FIGURES:
            return HttpResponseRedirect(reverse("reports:overview", args=[self.budget.slug]))
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_crumbs(self) -> list[Crumb]:
        """Return no crumbs: it is a top itself."""
        return []

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the figures and draw them."""
        with reading_at_once("dashboard", self.budget.pk, self.reader.pk):
            return self._read_and_draw(**kwargs)

    def _read_and_draw(self, **kwargs: object) -> Context:
        figures = load_dashboard(self.budget, self.reader, find_shown_earlier(self.budget, self.reader))
        dashboard = show_dashboard(figures, self.budget)
        earlier = dashboard.overview.earlier
        why = load_why(self.budget, earlier) if earlier else None
        revenue, net = dashboard.overview.result[0], dashboard.overview.result[-1]
        this_year = next((debt for debt in dashboard.debts if debt.year == self.budget.fiscal_year), None)
        shown = {
            "overview": dashboard.overview,
            "todo": list_todo(dashboard.overview.todo, self.budget, self.reader),
            "charts": Pen(self.budget, dashboard).draw(),
            "revenue": revenue,
            "net": net,
            "bound": result_bound(revenue.amounts[0]),
            "result_year": next(year for year in dashboard.results if year.year == self.budget.fiscal_year),
            "sources": dashboard.overview.sources_of_forecasts,
            "debt": this_year,
            "earlier_year": name_earlier(self.budget),
            "progress": load_progress(self.budget),
            "scenarios": show_scenarios(self.budget, self.reader),
            **(self._explain(why, earlier) if why and earlier else {}),
        }
        return super().get_context_data(**{**shown, **kwargs})

    def _explain(self, why: Why, earlier: Budget) -> Context:
        """Return why what all customers pay differs from the budget before."""
        causes = Speaker(self.budget, earlier, self.reader).say_causes(why)
        url = f"{reverse('reports:why', args=[self.budget.slug])}?customer={ALL}"
        return {"why": why, "causes": causes, "why_url": url, "why_chart": draw_why(self.budget, why, causes, url)}
