"""The first page, which is another for each role."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from budgets.models import Budget
from budgets.selectors.bar import load_news
from budgets.selectors.budgets import find_default_budget, find_earlier, find_newest_adopted
from budgets.selectors.collaboration import can_read, load_my_tasks
from budgets.selectors.members import load_member_costs
from budgets.selectors.sub_budgets import list_sub_budget_rows, own_sub_budgets, with_line_count
from budgets.selectors.workflow import find_own_task
from budgets.words import name_earlier
from objects.models.roles import OBJECT_ROLES, Role, roles_of
from web.views import Context, PageView

DECIDERS = frozenset({Role.BOARD, Role.CHIEF_EXECUTIVE})


READERS = frozenset({Role.ECONOMIST, Role.AUDITOR}) | DECIDERS


class HomeView(PageView, TemplateView):
    """Where each role starts."""

    title = gettext_lazy("Start")
    template_name = "reports/home/home.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Lead on to the dashboard or the overview for those who start there, else the role's own page."""
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

    def _own(self, user: User, roles: frozenset[str], budget: Budget | None) -> Context:
        mine = load_my_tasks(user) if can_read(user) else None
        administers = Role.ADMINISTRATOR in roles
        start: Context = {"has_role": bool(roles), "budget": budget, "is_administrator": administers, "mine": mine}
        if budget is None or not roles & OBJECT_ROLES:
            return start
        own = with_line_count(own_sub_budgets(budget, user))
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
            "earlier_year": name_earlier(budget),
        }
