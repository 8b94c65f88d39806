"""Life cycle: what falls due of the devices in a budget's years, and the purchases that it proposes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from desk.replacements.form import PlanForm
from desk.replacements.parts import list_effects, tell_waves
from engine.replacements import Replacement
from forecasts.selectors.replacements import compute_effect
from investments.models import Investment
from investments.selectors.purchases import list_investments
from investments.selectors.replacements import Proposal, Register, load_register, plan_budget, propose
from investments.services.replacements import take_replacements
from objects.models.roles import FEDERATION_ROLES, roles_of
from pages.base import InBudget
from pricing.selectors.editing import can_edit_pools
from web.numbers import format_whole
from web.views import Context


def _list_start(form: PlanForm) -> list[tuple[str, str]]:
    """Return what the start sends, so that what is taken is what was shown."""
    return [("plan", "1"), *((f"take_{family}", "1") for family in form.families)]


class ReplacementsView(InBudget, TemplateView):
    """The plan of a budget; it is read by those inside the federation, and taken by those who change the budget."""

    title = gettext_lazy("Life cycle")
    nav_key = "replacements"
    template_name = "desk/replacements/replacements.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the plan that the address asks for."""
        self.require()
        return self.show(request.GET)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take the proposal that was shown, or say why it can't be."""
        self.require()
        if not self.can_take:
            raise PermissionDenied
        form = self.read(request.POST)
        if not form.is_valid():
            return self.show(request.POST, status=422)
        proposal = self.propose(form, self.plan(form))
        try:
            number = take_replacements(proposal, by=self.reader)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return self.show(request.POST, status=422)
        said = ngettext(
            "%(count)s purchase is in the budget. It can be undone below the investment budget.",
            "%(count)s purchases are in the budget. They can be undone below the investment budget.",
            number,
        )
        messages.success(request, said % {"count": format_whole(number)})
        return HttpResponseRedirect(reverse("budgets:investments", args=[self.budget.slug]))

    def require(self) -> None:
        """Stop those outside the federation."""
        if not roles_of(self.reader) & FEDERATION_ROLES:
            raise PermissionDenied

    @cached_property
    def can_take(self) -> bool:
        """Whether the reader may change what the budget buys."""
        return can_edit_pools(self.reader, self.budget)

    @cached_property
    def rows(self) -> list[Investment]:
        """The investment budget."""
        return list_investments(self.budget)

    @cached_property
    def register(self) -> Register:
        """What is replaced."""
        return load_register(self.rows)

    def read(self, data: Mapping[str, Any] | None) -> PlanForm:
        """Return the form of what was sent; one of nothing is the start."""
        return PlanForm(data if data and "plan" in data else None, register=self.register, budget=self.budget)

    def plan(self, form: PlanForm) -> list[Replacement]:
        """Return what is replaced by a valid form."""
        return plan_budget(self.budget, self.register, form.read())

    def propose(self, form: PlanForm, plan: list[Replacement]) -> Proposal:
        """Return what the chosen classes come to."""
        return propose(self.budget, self.register, plan, form.families, name=_("Replacement: %(name)s"))

    def show(self, data: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page; a form that can't be read shows the plan as it starts, with what is wrong."""
        form = self.read(data)
        readable = form if form.is_valid() else self.read(None)
        plan = self.plan(readable)
        proposal = self.propose(readable, plan)
        effect = compute_effect(self.budget, self.rows, proposal) if proposal.items else None
        context: Context = {
            "form": form,
            "waves": tell_waves(plan, self.register, form, self.budget.fiscal_year),
            "budget_years": self.budget.years,
            "proposal": proposal,
            "effect": effect,
            "effects": list_effects(effect) if effect else [],
            "can_take": self.can_take,
            "sent": readable.data.items() if readable.is_bound else _list_start(readable),
        }
        return self.render_to_response(self.get_context_data(**context), status=status)
