"""The budget's workflow: how far its sub-budgets have come, and the economist's steps to adoption and revision."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView

from budgets.models import Budget, SubBudget
from budgets.selectors.workflow import (
    can_read_steps,
    list_actions,
    list_budget_steps,
    list_way,
    may_run_budget,
)
from budgets.services.adoption import BehindError, ReasonNeededError
from budgets.services.compiling import (
    FINISHED,
    UnfinishedError,
    compile_budget,
    propose_budget,
    reopen_budget,
)
from budgets.services.shown import ChangedError, mark_shown
from budgets.services.workflow import NotYourStepError, RefusedError
from budgets.words import list_buttons
from desk.workflow.changed import tell_shown_changes
from desk.workflow.form import AdoptForm, BudgetStepForm, CompileForm, ReopenForm, ReviseForm
from desk.workflow.words import name_revision, say_count, warn_of_announcement
from forecasts.selectors.adoption import find_revision
from forecasts.selectors.obstacles import Against, Obstacle, list_obstacles
from forecasts.selectors.stored import load_result
from forecasts.services.versions import adopt_proposed, revise_budget
from investments.models import AssetClass, BorrowingFramework, CouncilDecision, Loan, LoanInstalment
from objects.models import Municipality
from objects.selectors.decisions import can_register
from pages.base import InBudget
from pages.obstacles import tell_obstacles
from records.services.stale import StaleError
from web.views import Context, Crumb

Phase = Budget.Phase
# What belongs to no budget, but its debt and framework are made of.
SHARED = (AssetClass, BorrowingFramework, CouncilDecision, Loan, LoanInstalment, Municipality)


class WorkflowView(InBudget, TemplateView):
    """Where the budget stands, each sub-budget with its buttons, deadlines and what has been done."""

    title = gettext_lazy("Workflow")
    nav_key = "workflow"
    template_name = "desk/workflow/budget.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Read it all."""
        budget = self.budget
        if not can_read_steps(self.reader):
            raise PermissionDenied
        rows = list_way(budget, self.reader)
        counted = [(state, sum(row.state == state for row in rows)) for state, _label in SubBudget.STATES]
        counts = [say_count(state, count) for state, count in counted if count or state != SubBudget.RETURNED]
        steps = [(row, list_buttons(list_actions(self.reader, row))) for row in rows]
        shown = {
            "rows": steps,
            "counts": counts,
            "unlocked": [row for row in rows if row.status != SubBudget.Status.LOCKED],
            "stages": _list_stages(self.budget),
            "steps": list_budget_steps(self.budget, self.reader),
            "revision": find_revision(self.budget, self.reader),
            "may_run": may_run_budget(self.reader),
            "is_draft": self.budget.status == Budget.Status.DRAFT,
        }
        return super().get_context_data(**{**shown, **kwargs})


def _list_stages(budget: Budget) -> list[dict[str, object]]:
    """List the stages of the budget: passed, current and to come."""
    labels = [*Phase.choices, (Budget.Status.ADOPTED.value, Budget.Status.ADOPTED.label)]
    now = budget.phase if budget.status == Budget.Status.DRAFT else Budget.Status.ADOPTED.value
    place = [value for value, _label in labels].index(now)
    icons = ("draft", "submitted", "approved", "locked")
    return [
        {"label": label, "icon": icons[index], "is_done": index < place, "is_current": index == place}
        for index, (_value, label) in enumerate(labels)
    ]


class BudgetStepView(InBudget, TemplateView):
    """Asks before a step of the budget, and takes it. Subclasses say which form, words and service."""

    nav_key = "overview"
    template_name = "desk/workflow/budget_step.html"
    words: str | Promise = ""
    button: str | Promise = ""
    # Whether it is taken on what was shown, and what stands against it is listed.
    is_weighed = False

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the workflow."""
        return [*super().get_crumbs(), (_("Workflow"), self.back_url)]

    @property
    def shown(self) -> str:
        """The mark of the page that the step is taken on."""
        return self.request.POST.get("shown", "")

    @property
    def back_url(self) -> str:
        """The budget's workflow."""
        return reverse("forecasts:workflow", args=[self.budget.slug])

    def make_form(self, data: QueryDict | None = None) -> Form:
        """Return the form of the step."""
        return BudgetStepForm(data)

    def why_not(self) -> str:
        """Say why the step can't be taken now, and what to do instead; empty when it can."""
        return ""

    def take(self, form: Form) -> str:
        """Take the step; return what was done, in words."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask, or say why not."""
        if not may_run_budget(self.reader):
            return self.refuse(_("Only the economist can take this step. Ask the economist."), status=403)
        refused = self.why_not()
        return self.refuse(refused, status=409) if refused else self.ask(self.make_form())

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it, or show what is to be corrected with everything that was typed."""
        if not may_run_budget(self.reader):
            return self.refuse(_("Only the economist can take this step. Ask the economist."), status=403)
        refused = self.why_not()
        if refused:
            return self.refuse(refused, status=409)
        form = self.make_form(request.POST)
        return self._take(form) if form.is_valid() else self.ask(form, status=422)

    def _take(self, form: Form) -> HttpResponse:
        try:
            said = self.take(form)
        except ChangedError as changed:
            self.__dict__.pop("budget", None)
            told = tell_shown_changes(changed.changes, self.budget)
            return self.ask(self.make_form_anew(form), status=409, changed=told)
        except (ValidationError, ReasonNeededError, StaleError, UnfinishedError) as wrong:
            return self.ask_again(form, wrong)
        except NotYourStepError as refused:
            return self.refuse(str(refused), status=403)
        except RefusedError as refused:
            return self.refuse(str(refused), status=409)
        except BehindError:
            again = _("Somebody is changing the budget right now. Nothing was adopted; wait a moment and try again.")
            return self.refuse(again, status=409)
        messages.success(self.request, said)
        return HttpResponseRedirect(self.back_url)

    def ask_again(self, form: Form, wrong: Exception) -> HttpResponse:
        """Show the form with what the service refused."""
        form.add_error(None, wrong if isinstance(wrong, ValidationError) else str(wrong))
        return self.ask(form, status=422)

    def list_obstacles(self) -> list[Obstacle]:
        """List what stands against the step."""
        return list_obstacles(self.budget, self.reader)

    def make_form_anew(self, form: Form) -> Form:
        """Return the form of the budget as it is now, with what was typed; what was confirmed is asked again."""
        anew = self.make_form()
        typed = {name: form.data[name] for name in anew.fields if name in form.data and name != "confirmed"}
        anew.initial = {**anew.initial, **typed}
        return anew

    def ask(self, form: Form, *, status: int = 200, **extra: object) -> HttpResponse:
        """Ask, with what stands against it."""
        weighed: Context = {}
        if self.is_weighed:
            # The mark comes first: what is changed while the page is read is newer than it.
            weighed["shown"] = mark_shown(self.budget, *SHARED)
            weighed["obstacles"] = tell_obstacles(self.list_obstacles(), self.budget)
        context = self.get_context_data(form=form, words=self.words, button=self.button, back_url=self.back_url)
        return self.render_to_response({**context, **weighed, **extra}, status=status)

    def refuse(self, why: str, *, status: int) -> HttpResponse:
        """Say why not, with what was typed."""
        typed = self.request.POST.get("comment", "")
        return self.render_to_response(
            self.get_context_data(refused=why, typed=typed, back_url=self.back_url), status=status
        )

    def say_wrong_phase(self, *allowed: str) -> str:
        """Say what the budget is by now, unless it is in one of the phases."""
        if self.budget.status != Budget.Status.DRAFT:
            return _("The budget is adopted, so nothing in it changes. The economist can make a revised budget.")
        if self.budget.phase in allowed:
            return ""
        text = _("%(budget)s is now %(stage)s. Its workflow shows what can be done next.")
        return text % {"budget": self.budget.name, "stage": self.budget.stage}


class CompileView(BudgetStepView):
    """Locks all sub-budgets together; those not approved are listed and confirmed."""

    is_weighed = True

    title = gettext_lazy("Compile the budget")
    button = gettext_lazy("Compile")
    words = gettext_lazy(
        "All sub-budgets are locked as they are now. You can unlock one, or open the whole budget again, with a reason."
    )

    def missing(self) -> list[SubBudget]:
        """List those that nobody has approved."""
        return [row for row in list_way(self.budget, self.reader) if row.status not in FINISHED]

    def make_form(self, data: QueryDict | None = None) -> Form:
        """Return the form with what is to be confirmed."""
        return CompileForm(data, missing=self.missing())

    def list_obstacles(self) -> list[Obstacle]:
        """Leave out those that are not approved: the form names them and has them confirmed."""
        return [found for found in super().list_obstacles() if found.against != Against.UNAPPROVED]

    def why_not(self) -> str:
        """Allow it only while open."""
        return self.say_wrong_phase(Phase.OPEN)

    def take(self, form: Form) -> str:
        """Compile; what was confirmed is what the page showed."""
        assert isinstance(form, CompileForm)
        comment = form.cleaned_data["comment"]
        confirmed = form.get_confirmed()
        compile_budget(self.budget, by=self.reader, confirmed=confirmed, comment=comment, shown=self.shown)
        return _("The budget is compiled and its sub-budgets are locked. Propose it to the board when it is ready.")


class ProposeView(BudgetStepView):
    """Proposes a compiled budget to the board."""

    is_weighed = True

    title = gettext_lazy("Propose the budget to the board")
    button = gettext_lazy("Propose")
    words = gettext_lazy(
        "Everybody sees that it is proposed. You can still unlock a sub-budget and change it until it is adopted."
    )

    def why_not(self) -> str:
        """Allow it only when compiled."""
        return self.say_wrong_phase(Phase.COMPILED)

    def take(self, form: Form) -> str:
        """Propose."""
        propose_budget(self.budget, by=self.reader, comment=form.cleaned_data["comment"], shown=self.shown)
        return _("The budget is proposed to the board. Adopt it when the decision is recorded.")


class ReopenView(BudgetStepView):
    """Opens a compiled or proposed budget again."""

    title = gettext_lazy("Open the budget again")
    button = gettext_lazy("Open again")
    words = gettext_lazy(
        "Each sub-budget goes back to what it was before it was locked. Nothing that is written is lost."
    )

    def make_form(self, data: QueryDict | None = None) -> Form:
        """Return the form with a reason."""
        return ReopenForm(data)

    def why_not(self) -> str:
        """Allow it only when compiled or proposed."""
        return self.say_wrong_phase(Phase.COMPILED, Phase.PROPOSED)

    def take(self, form: Form) -> str:
        """Open it."""
        reopen_budget(self.budget, by=self.reader, comment=form.cleaned_data["comment"])
        return _("The budget is open again.")


class AdoptView(BudgetStepView):
    """Adopts a proposed budget by a decision; then nothing in it changes any more."""

    is_weighed = True

    title = gettext_lazy("Adopt the budget")
    button = pgettext_lazy("a budget", "Adopt")
    words = gettext_lazy("After that nobody can change anything in it. A revised budget can replace it later.")

    @property
    def is_negative(self) -> bool:
        """Whether the result needs a reason."""
        return load_result(self.budget)["net_result"][0] < 0

    def get_context_data(self, **kwargs: object) -> Context:
        """Add whether the reader may enter the decision that is missing."""
        return super().get_context_data(**{"may_register": can_register(self.reader), **kwargs})

    def make_form(self, data: QueryDict | None = None) -> Form:
        """Return the form with the free decisions."""
        asked = self.request.GET.get("decision", "")
        return AdoptForm(data, user=self.reader, is_negative=self.is_negative, asked=asked)

    def ask_again(self, form: Form, wrong: Exception) -> HttpResponse:
        """Ask for the reason when the roll-up before adoption made the result negative."""
        if not isinstance(wrong, ReasonNeededError):
            return super().ask_again(form, wrong)
        asking = self.make_form(self.request.POST)
        if asking.is_valid():
            asking.add_error(None, str(wrong))
        return self.ask(asking, status=422)

    def why_not(self) -> str:
        """Allow it only when proposed, with all locked."""
        return self.say_wrong_phase(Phase.PROPOSED)

    def take(self, form: Form) -> str:
        """Adopt; a late announcement warns and does not stop."""
        decision = form.cleaned_data["decision"]
        reason = form.cleaned_data.get("reason", "")
        adopt_proposed(self.budget, decision=decision, by=self.reader, reason=reason, shown=self.shown)
        warning = warn_of_announcement(decision)
        if warning:
            text = _("Note about the decision: %(warning)s.")
            messages.warning(self.request, text % {"warning": warning})
        return _("%(budget)s is adopted.") % {"budget": self.budget.name}


class ReviseView(BudgetStepView):
    """Starts a revised budget as the copy of an adopted one."""

    title = gettext_lazy("Make a revised budget")
    button = gettext_lazy("Make a revised budget")
    words = gettext_lazy(
        "It starts as a copy with the same years. When it is adopted it replaces this one, which stays as it is."
    )

    def make_form(self, data: QueryDict | None = None) -> Form:
        """Return the form with a name."""
        form = ReviseForm(data)
        form.fields["name"].initial = name_revision(self.budget)
        return form

    def why_not(self) -> str:
        """Allow it only of an adopted one that is not being revised."""
        if not self.budget.is_adopted:
            return _("Only an adopted budget is revised. This one can be changed as it is.")
        newer = find_revision(self.budget, self.reader)
        return (
            "" if newer is None else _("%(newer)s is already its revision. Work in that one.") % {"newer": newer.name}
        )

    def take(self, form: Form) -> str:
        """Copy; go on in the copy."""
        target = revise_budget(self.budget, by=self.reader, **form.cleaned_data)
        self.__dict__["budget"] = target
        return _("%(budget)s is made. Its sub-budgets are drafts.") % {"budget": target.name}
