"""The stress test by itself: all inputs, the answer, and what is kept by a name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from budgets.models import Budget
from desk.loans.stress import Answer, answer
from desk.loans.stress_form import StressForm, list_unknown
from desk.stress.filling import fill_form
from desk.stress.form import WholeStressForm
from desk.stress.words import Today, say_today
from desk.stress.years import list_year_debts
from forecasts.models import StressScenario
from forecasts.selectors.scenarios import can_keep_scenarios, find_scenario, open_scenario, share_kept, try_inputs
from forecasts.selectors.stress import UnknownDebtError
from forecasts.selectors.stress_base import StressBase, load_base
from investments.models import Investment
from investments.selectors.purchases import list_investments
from pages.base import InBudget
from pages.context import budgets_of
from web.errors import is_htmx
from web.views import Context, Crumb


class InStress(InBudget):
    """A page about a budget's stress test; who reads the budget's loans reads it, the economist keeps scenarios."""

    nav_key = "stress"
    help_key = "stress"

    @cached_property
    def investments(self) -> list[Investment]:
        """The budget's investments."""
        return list_investments(self.budget)

    @cached_property
    def base(self) -> StressBase | None:
        """What the budget plans today; None while its debt can't be known, and where only printed figures are kept."""
        if self.budget.status == Budget.Status.PUBLISHED_FIGURES:
            return None
        try:
            return load_base(self.budget, investments=self.investments)
        except UnknownDebtError as error:
            self.missing = error.missing
            return None

    missing: list[tuple[str, int]] = []

    @property
    def can_keep(self) -> bool:
        """Whether the reader may keep scenarios."""
        return can_keep_scenarios(self.reader)

    def find_scenario(self, key: object) -> StressScenario:
        """Return the scenario with a key; 404 where there is none that the reader sees."""
        try:
            found = find_scenario(self.reader, self.budget, UUID(str(key)))
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found

    def read_form(self, data: Mapping[str, object] | None, base: StressBase) -> WholeStressForm:
        """Return the form of what is sent."""
        return WholeStressForm(data, base=base, investments=self.investments, years=self.budget.years)


class BelowStress(InStress):
    """A page below the stress test."""

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to it."""
        return [*super().get_crumbs(), (_("Stress test"), reverse("forecasts:stress", args=[self.budget.slug]))]


class StressView(InStress, TemplateView):
    """All inputs beside the answer; `scenario` in the address opens a kept one, with the figures that it was kept with."""

    title = gettext_lazy("Stress test")

    def get_template_names(self) -> list[str]:
        """What is tried changes the chart and its words only."""
        return ["desk/stress/_tried.html" if is_htmx(self.request) else "desk/stress/stress.html"]

    @cached_property
    def scenario(self) -> StressScenario | None:
        """The scenario that is opened."""
        key = self.request.GET.get("scenario")
        return self.find_scenario(key) if key else None

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the form with its answer; a form that can't be read leaves the debt as budgeted."""
        if self.base is None:
            return super().get_context_data(**{"missing": self.missing, **kwargs})
        is_kept = self.scenario is not None and "chosen" not in self.request.GET
        form, told, today = self._show_kept(self.base) if is_kept else self._try(self.base)
        shown = {
            "stress_form": form,
            "stress": told,
            "sliders": form.list_sliders(told.helps),
            "scenario": self.scenario,
            "today": today,
            "given": self._write_query(form),
            "can_keep": self.can_keep,
            "starts": self._list_starts(),
            "rows_asked": bool({"more", "drop"} & set(self.request.GET)),
        }
        return super().get_context_data(**{**shown, **kwargs})

    def _list_starts(self) -> list[Budget]:
        """Return the other budgets of the same year, such as its revision, from which the test may start too."""
        others = (row for row in budgets_of(self.request) if row.status != Budget.Status.PUBLISHED_FIGURES)
        return [row for row in others if row.fiscal_year == self.budget.fiscal_year and row.pk != self.budget.pk]

    def _try(self, base: StressBase) -> tuple[WholeStressForm, Answer, Today | None]:
        read = partial(self.read_form, base=base)
        form = read(self.request.GET)
        readable = form if form.is_valid() else read(None)
        readable.full_clean()
        debts = list_year_debts(base, self.budget.fiscal_year, readable.inputs.until_year)
        return form, answer(readable, try_inputs(base, readable.inputs, readable.frameworks), debts), None

    def _show_kept(self, base: StressBase) -> tuple[WholeStressForm, Answer, Today | None]:
        scenario = self.scenario
        assert scenario is not None
        opened = open_scenario(scenario, base)
        kept = opened.kept
        form = self._fill(scenario, kept.base)
        debts = list_year_debts(kept.base, self.budget.fiscal_year, kept.inputs.until_year)
        told = answer(form, kept, debts, share_kept(scenario, kept))
        return form, told, say_today(opened) if opened.is_changed else None

    def _fill(self, scenario: StressScenario, base: StressBase) -> WholeStressForm:
        unknown = list_unknown(self.investments, self.budget.years)
        bought = {row.part for row in base.debt.purchases}
        data = fill_form(scenario.inputs, [slug for slug in base.classes if slug in bought], unknown, base.debt.years)
        form = self.read_form(data, base)
        form.full_clean()
        return form

    def _write_query(self, form: StressForm) -> str:
        """Return what is tried as the end of an address, which keeping it sends; nothing where it can't be read."""
        if form.errors:
            return ""
        query = QueryDict(mutable=True)
        for name in form.fields:
            values = form.data.getlist(name) if hasattr(form.data, "getlist") else [form.data.get(name)]
            query.setlist(name, [str(value) for value in values if value not in (None, "")])
        query["chosen"] = "1"
        return query.urlencode()
