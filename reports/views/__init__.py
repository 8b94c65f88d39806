"""The first page, which is another for each role, and the overview of a budget, which follows the forecasts."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from budgets.models import Budget
from budgets.selectors import (
    find_default_budget,
    find_earlier,
    find_newest_adopted,
    list_sub_budget_rows,
    load_progress,
    own_sub_budgets,
)
from budgets.selectors.bar import load_news
from budgets.selectors.collaboration import can_read, load_my_tasks
from budgets.selectors.members import load_member_costs
from budgets.selectors.workflow import can_read_steps, find_own_task, with_last_step
from budgets.views import InBudget, is_news
from itsam.web.views import PageView
from objects.models.roles import OBJECT_ROLES, Role, roles_of
from reports.selectors import load_overview, load_printed

DECIDERS = frozenset({Role.BOARD, Role.CHIEF_EXECUTIVE})
READERS = frozenset({Role.ECONOMIST, Role.AUDITOR}) | DECIDERS


class HomeView(PageView, TemplateView):
    """Where each role starts."""

    title = gettext_lazy("Start")
    template_name = "reports/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """On to the dashboard or the overview for those who start there, else the role's own page."""
        user = cast(User, request.user)
        roles, budget = roles_of(user), find_default_budget(user)
        start = budget if roles & READERS else None
        if not roles & {*OBJECT_ROLES, Role.ADMINISTRATOR}:
            start = start or find_newest_adopted(user)
        if start is not None and roles == {Role.MUNICIPALITY_OFFICER}:
            return HttpResponseRedirect(reverse("reports:costs", args=[start.slug]))
        if start is not None:
            decides = roles & DECIDERS and not roles & (READERS - DECIDERS)
            return HttpResponseRedirect(reverse(f"reports:{'dashboard' if decides else 'overview'}", args=[start.slug]))
        return self.render_to_response(self.get_context_data(**self._own(user, roles, budget)))

    def _own(self, user: User, roles: frozenset[str], budget: Budget | None) -> dict[str, Any]:
        mine = load_my_tasks(user) if can_read(user) else None
        administers = Role.ADMINISTRATOR in roles
        start = {"has_role": bool(roles), "budget": budget, "is_administrator": administers, "mine": mine}
        if budget is None or not roles & OBJECT_ROLES:
            return start
        own = with_last_step(own_sub_budgets(budget, user))
        rows = [
            (row, find_own_task(user, row.sub_budget))
            for row in list_sub_budget_rows(own, budget, find_earlier(budget))
        ]
        waiting = [row.sub_budget for row, task in rows if task]
        news, members = load_news(waiting, user), load_member_costs(waiting, user)
        return {
            **start,
            "title": _("My sub-budgets"),
            "rows": [(row, task, news.get(row.sub_budget.pk)) for row, task in rows],
            "members": [(row, members[row.pk]) for row in waiting if members.get(row.pk)],
            "earlier_year": budget.fiscal_year - 1,
        }


class OverviewView(InBudget, TemplateView):
    """A budget's result, revenue, sub-budgets and forecasts; published figures only where nothing else is kept."""

    title = gettext_lazy("Budget overview")
    nav_key = "overview"

    def get_template_names(self) -> list[str]:
        """Choose by what is kept of the budget."""
        return ["reports/printed.html" if self.is_printed else "reports/overview.html"]

    @property
    def is_printed(self) -> bool:
        """Whether only published figures are kept."""
        return self.budget.status == Budget.Status.PUBLISHED_FIGURES

    def get_crumbs(self) -> list[Any]:
        """It is the top itself."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the tables."""
        if self.is_printed:
            return super().get_context_data(printed=load_printed(self.budget), **kwargs)
        overview = load_overview(self.budget, self.reader, find_earlier(self.budget))
        shown = {"overview": overview, "years": self.budget.years, "earlier_year": self.budget.fiscal_year - 1}
        shown["can_read_steps"] = can_read_steps(self.reader)
        return super().get_context_data(**{"progress": load_progress(self.budget), **shown, **kwargs})


class FiguresView(OverviewView):
    """The overview's figures for a page that is open; 204 when it shows the newest already."""

    def get_template_names(self) -> list[str]:
        """Only the part that is swapped."""
        return ["reports/figures.html"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Compare counters first, which is all that most requests cost."""
        progress = load_progress(self.budget)
        if self.is_printed or not is_news(request, progress):
            return HttpResponse(status=204)
        return self.render_to_response(self.get_context_data(progress=progress, is_fragment=True))
