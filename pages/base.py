"""What pages about a budget start from: the budget, its sub-budget, and who reads."""

from __future__ import annotations

import json
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from budgets.models import COST_KINDS, Budget, SubBudget
from budgets.selectors.budgets import Progress
from budgets.selectors.sub_budgets import can_edit, find_sub_budget
from pages.context import budgets_of
from web.names import name_of
from web.typing import Context
from web.views import Crumb, PageView


class InBudget(PageView):
    """A page about a budget that the reader may see; any other does not exist."""

    @cached_property
    def budget(self) -> Budget:
        """Return the address's budget."""
        for budget in budgets_of(self.request):
            if budget.slug == self.kwargs["budget"]:
                return budget
        raise Http404

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the budget's overview."""
        return [(self.budget.name, reverse("reports:overview", args=[self.budget.slug]))]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the budget."""
        return super().get_context_data(**{**kwargs, "budget": self.budget})


def is_news(request: HttpRequest, progress: Progress) -> bool:
    """Say whether forecasts or their waiting changes differ from what the asking page shows."""
    behind = request.GET.get("behind", str(int(progress.behind)))
    return (request.GET.get("seen"), behind) != (str(progress.computed), str(int(progress.behind)))


class InSubBudget(InBudget, TemplateView):
    """A page about one sub-budget. `unit` and `kind` in the address choose how its lines are shown."""

    nav_key = "sub_budgets"

    @cached_property
    def sub_budget(self) -> SubBudget:
        """Return the address's sub-budget."""
        sub_budget = find_sub_budget(self.reader, self.kwargs["budget"], self.kwargs["sub_budget"])
        if sub_budget is None:
            raise Http404
        return sub_budget

    @cached_property
    def budget(self) -> Budget:
        """Return the sub-budget's budget, read with it."""
        return self.sub_budget.budget

    @cached_property
    def address(self) -> list[str]:
        """Return the parts of the sub-budget's address."""
        return [self.budget.slug, self.sub_budget.slug]

    @cached_property
    def choices(self) -> dict[str, str]:
        """Return the reader's choices of unit and cost kind."""
        kinds = [kind for kind, _label in COST_KINDS]
        allowed = {"unit": ["kr"], "kind": kinds}
        return {name: self.request.GET[name] for name in allowed if self.request.GET.get(name) in allowed[name]}

    @property
    def is_fragment(self) -> bool:
        """Say whether htmx asks for a part of the page."""
        return self.request.headers.get("HX-Request") == "true"

    def page_url(self, **extra: str) -> str:
        """Return the sub-budget's page as the reader has chosen to see it."""
        query = urlencode({**self.choices, **extra})
        return reverse("budgets:sub_budget", args=self.address) + (f"?{query}" if query else "")

    def get_title(self) -> str:
        """Return the sub-budget's name."""
        return name_of(self.sub_budget)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list of sub-budgets."""
        return [*super().get_crumbs(), (_("Sub-budgets"), reverse("budgets:sub_budgets", args=[self.budget.slug]))]

    def require_edit(self) -> None:
        """Stop those who may not change lines here."""
        if not can_edit(self.reader, self.sub_budget):
            raise PermissionDenied

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the sub-budget and how it is shown."""
        shown = {"sub_budget": self.sub_budget, "query": self.query, "page_url": self.page_url()}
        return super().get_context_data(**{"unit": self.choices.get("unit", "tkr"), **kwargs, **shown})

    @property
    def query(self) -> str:
        """Return the reader's choices as the end of an address."""
        return f"?{urlencode(self.choices)}" if self.choices else ""

    def render_part(self, template: str, context: Context, *, announce: str = "", status: int = 200) -> HttpResponse:
        """Answer htmx with a part of the page, and have it read out."""
        response = self.response_class(self.request, template, context, using=self.template_engine, status=status)
        if announce:
            response["HX-Trigger"] = json.dumps({"announce": announce})
        patch_vary_headers(response, ["HX-Request"])
        return response
