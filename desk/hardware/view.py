"""The choice of hardware: strategies side by side, their forms, and taking one into the investment budget."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from desk.hardware.form import StrategyForm
from desk.replacements.parts import EffectRow, list_effects
from forecasts.selectors.replacements import compute_effect
from investments.models import HardwareStrategy
from investments.selectors.hardware import find_strategy, list_strategies, propose_strategy
from investments.selectors.purchases import list_investments
from investments.selectors.replacements import Proposal
from investments.services.hardware import remove_strategy, save_strategy
from investments.services.replacements import take_replacements
from objects.models.roles import FEDERATION_ROLES, roles_of
from pages.base import InBudget
from pages.form_view import FormView
from pricing.selectors.editing import can_edit_pools
from web.numbers import format_whole
from web.views import Context, Crumb


@dataclass(frozen=True)
class Compared:
    """A strategy with how many units it gives, and what it changes in the budget's years."""

    strategy: HardwareStrategy
    units: int
    lives: list[tuple[str, int]]
    rows: list[EffectRow]


class InHardware(InBudget):
    """A page on a budget's strategies, for those inside the federation."""

    nav_key = "hardware"
    help_key = "replacements"
    writes = False

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Stop those outside, and those who may not change what this page changes."""
        if request.user.is_authenticated and not self.is_let_in:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_let_in(self) -> bool:
        """Whether the page is for the reader."""
        is_inside = bool(roles_of(self.reader) & FEDERATION_ROLES)
        return is_inside and (self.can_edit or not self.writes)

    @cached_property
    def can_edit(self) -> bool:
        """Whether the reader may change what the budget buys."""
        return can_edit_pools(self.reader, self.budget)

    @property
    def list_url(self) -> str:
        """The strategies side by side."""
        return reverse("budgets:hardware", args=[self.budget.slug])

    @cached_property
    def strategy(self) -> HardwareStrategy:
        """The address's strategy."""
        found = find_strategy(self.budget, self.kwargs["strategy"], self.reader)
        if found is None:
            raise Http404
        found.budget = self.budget
        return found

    def propose(self, strategy: HardwareStrategy) -> Proposal:
        """Return what a strategy comes to."""
        return propose_strategy(strategy, self.budget, name=_("Hardware strategy: %(name)s"))


class HardwareView(InHardware, TemplateView):
    """The strategies side by side."""

    title = gettext_lazy("Choice of hardware")
    template_name = "desk/hardware/hardware.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what each leads to."""
        rows = list_investments(self.budget)
        compared = [
            Compared(
                strategy,
                sum(row.units for row in strategy.rows.all()),
                sorted({(row.asset_class.name, row.life_years) for row in strategy.rows.all()}),
                list_effects(compute_effect(self.budget, rows, self.propose(strategy))),
            )
            for strategy in list_strategies(self.budget)
        ]
        shown = {"compared": compared, "can_edit": self.can_edit, "years": self.budget.years}
        return super().get_context_data(**shown, **kwargs)


class NewStrategyView(InHardware, FormView):
    """Adds a strategy."""

    title = gettext_lazy("New strategy")
    submit = gettext_lazy("Save")
    template_name = "desk/hardware/strategy_form.html"
    writes = True

    def require(self) -> None:
        """Who may is asked before."""

    @cached_property
    def strategy(self) -> HardwareStrategy:
        """A new one."""
        return HardwareStrategy(budget=self.budget)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [*super().get_crumbs(), (_("Choice of hardware"), self.list_url)]

    def get_return_url(self) -> str:
        """Return the list."""
        return self.list_url

    def get_form(self, data: QueryDict | None = None) -> StrategyForm:
        """Return the form."""
        return StrategyForm(data, strategy=self.strategy)

    def save(self, form: Any) -> str:
        """Save it with its rows."""
        row = self.strategy
        row.name, row.note = form.cleaned_data["name"], form.cleaned_data["note"]
        save_strategy(row, form.list_rows(), by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(name)s” is saved.") % {"name": row.name}


class EditStrategyView(NewStrategyView):
    """Changes a strategy."""

    title = gettext_lazy("Change the strategy")
    strategy = InHardware.strategy


class ActView(InHardware, TemplateView):
    """An act on a strategy, which leads to where it can be seen."""

    http_method_names = ["post"]
    writes = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Do it, or say why it can't be done."""
        try:
            said, address = self.act()
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return HttpResponseRedirect(self.list_url)
        messages.success(request, said)
        return HttpResponseRedirect(address)

    def act(self) -> tuple[str, str]:
        """Do it; return what is said, and where it leads."""
        raise NotImplementedError


class TakeStrategyView(ActView):
    """Takes a strategy into the investment budget."""

    def act(self) -> tuple[str, str]:
        """Take it."""
        number = take_replacements(self.propose(self.strategy), by=self.reader)
        said = ngettext(
            "%(count)s purchase is in the budget. It can be undone below the investment budget.",
            "%(count)s purchases are in the budget. They can be undone below the investment budget.",
            number,
        )
        return said % {"count": format_whole(number)}, reverse("budgets:investments", args=[self.budget.slug])


class RemoveStrategyView(ActView):
    """Removes a strategy."""

    def act(self) -> tuple[str, str]:
        """Remove it."""
        name = self.strategy.name
        remove_strategy(self.strategy, by=self.reader)
        return _("“%(name)s” is removed.") % {"name": name}, self.list_url
