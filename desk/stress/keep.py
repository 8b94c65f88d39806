"""Scenarios that are kept: saved from what is tried, renamed, shown to the board, removed, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View

from desk.stress.view import BelowStress
from forecasts.models import StressScenario
from forecasts.services.scenarios import (
    SCENARIO_FIELDS,
    change_scenario,
    find_name_fault,
    remove_scenario,
    save_scenario,
    undo_scenario_act,
)
from pages.changes import load_changes
from pages.form_view import FormView
from pages.forms import DigestForm
from records.services.stale import StaleError
from web.views import Context, Crumb


class SaveScenarioView(BelowStress, View):
    """Keeps what is tried by a name; under the name of the scenario that is opened it replaces that one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Keep it and lead to it, or lead back to what is tried with what is to be corrected."""
        if not self.can_keep:
            raise PermissionDenied
        given = QueryDict(request.POST.get("given", ""))
        try:
            saved = self._save(given, " ".join(request.POST.get("name", "").split()))
        except StaleError:
            messages.error(
                request, _("Somebody else has saved it since you opened it. Open it again, or use another name.")
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The scenario “%(name)s” is saved.") % {"name": saved.name})
            return self._lead_to({"scenario": str(saved.uuid)})
        opened = request.POST.get("scenario")
        return self._lead_to(given, {"scenario": opened} if opened else {})

    def _save(self, given: QueryDict, name: str) -> StressScenario:
        if self.base is None or not given:
            raise ValidationError(_("Correct what is tried before it is saved."))
        form = self.read_form(given, self.base)
        if not form.is_valid():
            raise ValidationError(_("Correct what is tried before it is saved."))
        row, seen = StressScenario(budget=self.budget, name=name), None
        if key := self.request.POST.get("scenario"):
            opened = self.find_scenario(key)
            if opened.name.casefold() == name.casefold():
                row, seen = opened, self.request.POST.get("seen")
                row.name = name
        return save_scenario(row, inputs=form.given, base=self.base, by=self.reader, seen=seen)

    def _lead_to(self, query: Mapping[str, str], more: Mapping[str, str] | None = None) -> HttpResponse:
        written = query.urlencode() if isinstance(query, QueryDict) else urlencode(query)
        address = "&".join(filter(None, [written, urlencode(more or {})]))
        return HttpResponseRedirect(f"{reverse('forecasts:stress', args=[self.budget.slug])}?{address}")


class ScenarioForm(DigestForm):
    """A scenario's name, and whether the board sees it."""

    class Meta:
        model = StressScenario
        fields = SCENARIO_FIELDS

    def clean(self) -> None:
        """Refuse a name that another has."""
        super().clean()
        self.instance.name = " ".join((self.cleaned_data.get("name") or "").split())
        if "name" not in self.errors and (said := find_name_fault(self.instance)):
            self.add_error("name", said)


class BelowScenarios(BelowStress):
    """A page below the scenarios that are compared, for who keeps them."""

    @property
    def list_url(self) -> str:
        """The comparison."""
        return reverse("forecasts:scenarios", args=[self.budget.slug])

    @cached_property
    def scenario(self) -> StressScenario:
        """The address's scenario."""
        return self.find_scenario(self.kwargs["scenario"])

    def require(self) -> None:
        """Stop those who keep no scenarios."""
        if not self.can_keep:
            raise PermissionDenied

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the comparison."""
        return [*super().get_crumbs(), (_("Compare scenarios"), self.list_url)]


class ScenarioView(BelowScenarios, FormView):
    """Changes a scenario's name, or whether the board's dashboard shows it."""

    title = gettext_lazy("Change the scenario")
    submit = gettext_lazy("Save")
    template_name = "desk/stress/scenario.html"

    def get_form(self, data: QueryDict | None = None) -> forms.BaseForm:
        """Return the form."""
        return ScenarioForm(data, instance=self.scenario)

    def save(self, form: ScenarioForm) -> str:
        """Save it."""
        row = change_scenario(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The scenario “%(name)s” is saved.") % {"name": row.name}

    def get_return_url(self) -> str:
        """Return the comparison."""
        return self.list_url

    def get_context_data(self, **kwargs: object) -> Context:
        """Add its history."""
        shown = {"row": self.scenario, "changes": load_changes(self.reader, self.scenario)}
        return super().get_context_data(**shown, **kwargs)


class RemoveScenarioView(BelowScenarios, FormView):
    """Asks before a scenario is removed."""

    title = gettext_lazy("Remove the scenario?")
    template_name = "pages/remove_row.html"

    def get_form(self, data: QueryDict | None = None) -> forms.BaseForm:
        """Return a form without fields."""
        return forms.Form(data)

    def save(self, form: forms.Form) -> str:
        """Remove it."""
        name = self.scenario.name
        remove_scenario(self.scenario, by=self.reader)
        return _("“%(name)s” is removed. It can be undone below the list.") % {"name": name}

    def get_return_url(self) -> str:
        """Return the comparison."""
        return self.list_url

    def get_context_data(self, **kwargs: object) -> Context:
        """Name it."""
        return super().get_context_data(thing=self.scenario.name, **kwargs)


class UndoScenarioView(BelowScenarios, View):
    """Takes back what was done with the scenarios."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it back, or say why it can't be."""
        self.require()
        try:
            undo_scenario_act(self.budget, self.kwargs["act"], by=self.reader)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("The change is undone."))
        return HttpResponseRedirect(self.list_url)
