"""The economist's days: of the whole budget, and of sub-budgets that have more or less time than the others."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgets.models import Budget
from budgets.selectors.workflow import list_way
from budgets.services.compiling import OwnDaysError, set_deadlines, set_own_deadlines
from desk.workflow.budget import BudgetStepView
from desk.workflow.form import DeadlineForm, OwnDeadlineForm
from records.services.stale import StaleError

Phase = Budget.Phase


class DeadlinesView(BudgetStepView):
    """Sets the days, and which jump asks for a note."""

    title = gettext_lazy("Deadlines")
    button = gettext_lazy("Save")
    words = gettext_lazy("Owners and steering groups see how many days are left, and when a day has passed.")

    def make_form(self, data: QueryDict | None = None) -> Form:
        """Return the form with what is set."""
        return DeadlineForm(data, budget=self.budget)

    def why_not(self) -> str:
        """Allow it only in a draft."""
        return self.say_wrong_phase(*Phase.values)

    def ask_again(self, form: Form, wrong: Exception) -> HttpResponse:
        """Show what somebody else has set meanwhile beside what was typed; saving again keeps what was typed."""
        if not isinstance(wrong, StaleError):
            return super().ask_again(form, wrong)
        stored = DeadlineForm(budget=wrong.saved)
        typed = {name: form.data.get(name, "") for name in form.fields}
        asking = DeadlineForm({**typed, "seen": stored.initial["seen"]}, budget=wrong.saved)
        said = _("Somebody else has changed them since you opened the page. %(values)s. Save again to keep yours.")
        asking.add_error(None, said % {"values": stored.say_values()})
        return self.ask(asking, status=422)

    def take(self, form: Form) -> str:
        """Set them."""
        set_deadlines(self.budget, by=self.reader, **form.cleaned_data)
        return _("The deadlines are saved.")


class OwnDeadlinesView(BudgetStepView):
    """Sets days of sub-budgets' own, for those that have more or less time than the others."""

    title = gettext_lazy("Deadlines of the sub-budgets")
    button = gettext_lazy("Save")
    words = gettext_lazy(
        "A day that is left empty is the budget's. Owners and steering groups are reminded by their own."
    )
    template_name = "desk/workflow/own_deadlines.html"

    def make_form(self, data: QueryDict | None = None) -> Form:
        """Return the form with what is set."""
        return OwnDeadlineForm(data, sub_budgets=list_way(self.budget, self.reader))

    def why_not(self) -> str:
        """Allow it only in a draft."""
        return self.say_wrong_phase(*Phase.values)

    def ask_again(self, form: Form, wrong: Exception) -> HttpResponse:
        """Say what is wrong at the sub-budget's day, and compare with what is stored now."""
        if not isinstance(wrong, OwnDaysError):
            return super().ask_again(form, wrong)
        data = self.request.POST.copy()
        for name, field in self.make_form().fields.items():
            if name.startswith("seen-"):
                data[name] = field.initial
        asking = self.make_form(data)
        for slug, said in wrong.faults.items():
            asking.add_error(f"own_approval_due_on-{slug}", said)
        return self.ask(asking, status=422)

    def take(self, form: Form) -> str:
        """Set them."""
        assert isinstance(form, OwnDeadlineForm)
        count = set_own_deadlines(self.budget, form.get_days(), by=self.reader)
        said = ngettext("%(count)s sub-budget has other days now.", "%(count)s sub-budgets have other days now.", count)
        return said % {"count": count} if count else _("No day was changed.")
