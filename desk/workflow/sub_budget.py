"""A sub-budget's steps: each asks on a page of its own, says what it leads to, and says why when it can't be taken."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.models import Action
from budgets.selectors.sheets import load_sheet
from budgets.selectors.workflow import TRANSITIONS, can_read_steps, is_own_step, list_actions, may_take
from budgets.services.shown import ChangedError, mark_shown
from budgets.services.workflow import NotYourStepError, RefusedError, check_whose_step, mark_as_read, take_step
from budgets.words import STEP_LABELS, list_warnings, say_next
from desk.workflow.changed import tell_shown_changes
from desk.workflow.form import ReadForm, SubBudgetStepForm
from forecasts.selectors.obstacles import list_obstacles_of
from pages.base import InSubBudget
from pages.obstacles import tell_obstacles
from web.names import name_of
from web.views import Context, Crumb

TO_BUDGET = "budget"


class SubBudgetStepView(InSubBudget):
    """Asks before a step is taken, and takes it. `from=budget` in the address leads back to the budget's workflow."""

    template_name = "desk/workflow/sub_budget_step.html"

    @cached_property
    def action(self) -> Action:
        """The address's step."""
        if self.kwargs["action"] not in TRANSITIONS or not can_read_steps(self.reader):
            raise Http404
        return Action(self.kwargs["action"])

    @property
    def back_url(self) -> str:
        """Where the reader came from."""
        if self.request.GET.get("from") == TO_BUDGET:
            return reverse("forecasts:workflow", args=[self.budget.slug])
        return self.page_url()

    def get_title(self) -> str:
        """Return the step and the sub-budget."""
        return f"{STEP_LABELS[self.action]}: {name_of(self.sub_budget)}"

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the sub-budget."""
        return [*super().get_crumbs(), (name_of(self.sub_budget), self.page_url())]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask; or say whose step it is, or what is the case by now."""
        action, sub_budget = self.action, self.sub_budget
        try:
            check_whose_step(sub_budget, action, by=self.reader)
        except NotYourStepError as refused:
            return self.refuse(str(refused), status=403)
        if action not in list_actions(self.reader, sub_budget):
            return self.refuse(say_next(sub_budget), status=409)
        return self.ask(SubBudgetStepForm(action=action))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take the step."""
        form = SubBudgetStepForm(request.POST, action=self.action)
        if may_take(self.reader, self.sub_budget, self.action) and not form.is_valid():
            return self.ask(form, status=422)
        return self.try_step(form)

    def try_step(self, form: SubBudgetStepForm) -> HttpResponse:
        """Take the step, or say why it can't be taken, with what was typed."""
        comment, shown = form.data.get("comment", ""), form.data.get("shown", "")
        try:
            step = take_step(self.sub_budget, self.action, by=self.reader, comment=comment, shown=shown)
        except ChangedError as changed:
            return self.ask(form, status=409, changed=tell_shown_changes(changed.changes, self.budget))
        except NotYourStepError as refused:
            return self.refuse(str(refused), status=403, typed=comment)
        except RefusedError as refused:
            return self.refuse(str(refused), status=409, typed=comment)
        said = {"name": name_of(self.sub_budget), "done": step.get_action_display().lower()}
        messages.success(self.request, _("%(name)s: %(done)s.") % said + f" {say_next(self.sub_budget)}")
        return HttpResponseRedirect(self.back_url)

    def ask(self, form: SubBudgetStepForm, *, status: int = 200, **extra: object) -> HttpResponse:
        """Ask, with what to look at first when something is submitted or approved."""
        shown: Context = {"form": form, "label": STEP_LABELS[self.action], "action": self.action, **extra}
        shown["shown"] = mark_shown(self.sub_budget)
        if self.action in (Action.SUBMIT, Action.APPROVE):
            shown["obstacles"] = tell_obstacles(list_obstacles_of(self.sub_budget), self.budget)
            shown["warnings"] = list_warnings(load_sheet(self.sub_budget, self.reader), self.budget)
        shown["goes_on"] = TRANSITIONS[self.action].is_main
        shown["on_behalf"] = not is_own_step(self.reader, self.sub_budget, self.action)
        return self.show(shown, status)

    def refuse(self, why: str, *, status: int, typed: str = "") -> HttpResponse:
        """Say why not, and who can do what next."""
        return self.show({"refused": why, "typed": typed}, status)

    def show(self, shown: Context, status: int) -> HttpResponse:
        """Show the page."""
        context = self.get_context_data(**shown, back_url=self.back_url)
        return self.render_to_response(context, status=status)


class ReadView(InSubBudget):
    """Marks a sub-budget's changes as read, up to those that the page has shown."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Mark them."""
        sub_budget = self.sub_budget
        if not can_read_steps(self.reader):
            raise PermissionDenied
        form = ReadForm(request.POST)
        if not form.is_valid():
            raise BadRequest
        mark_as_read(sub_budget, by=self.reader, mark=form.cleaned_data["mark"])
        messages.success(request, _("Marked as read. What changes from now on is listed here."))
        return HttpResponseRedirect(self.page_url())
