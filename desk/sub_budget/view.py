"""The sub-budget's page, and its state as forecasts follow."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from budgets.selectors.budgets import load_progress
from desk.sub_budget.base import LinesPage
from forecasts.selectors.stored import load_result
from pages.base import is_news


class SubBudgetView(LinesPage):
    """A sub-budget: its object's text, total and lines."""

    template_name = "desk/sub_budget/sub_budget.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the page, or only its lines for htmx."""
        if self.is_fragment:
            context = self.get_context_data(**self.section_context())
            return self.render_part("desk/sub_budget/_lines_section.html", context)
        response = self.render_page(self.section_context())
        patch_vary_headers(response, ["HX-Request"])
        return response


class StateView(LinesPage):
    """How far the forecasts are, asked for every second while they are behind; nothing when nothing is new."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the panel of forecasts, or 204."""
        progress = load_progress(self.budget)
        if not is_news(request, progress):
            return HttpResponse(status=204)
        context = {"progress": progress, "result": load_result(self.budget), "members": self.members}
        context["is_fragment"] = True
        said = "" if progress.behind else _("The forecasts are up to date.")
        return self.render_part("desk/sub_budget/_state.html", self.get_context_data(**context), announce=said)
