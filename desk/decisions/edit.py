"""The forms of the register: a decision, its conditions and its documents, and taking a planned decision away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Budget
from desk.decisions.base import InDecision
from desk.decisions.form import ConditionForm, DecisionForm, MeetForm
from objects.models import Decision, DecisionCondition
from objects.selectors.decisions import can_register, find_condition, find_document
from objects.services.decisions import (
    STAYS,
    add_conditions,
    meet_condition,
    remove_condition,
    remove_decision,
    save_decision,
)
from objects.services.documents import add_document, remove_document
from objects.words import name_decision
from pages.context import budgets_of
from pages.form_view import FormView
from records.forms import AttachmentForm
from records.models import StoredFile
from records.views import send_file
from web.views import Context, Crumb


class RegisterView(InDecision, FormView):
    """A form of those who keep the register."""

    def require(self) -> None:
        """Stop everybody but the economist and the administrator."""
        if not can_register(self.reader):
            raise PermissionDenied

    def get_return_url(self) -> str:
        """Return the decision's page."""
        return reverse("reports:decision", args=[self.decision.uuid])


class NewDecisionView(RegisterView):
    """Enters a decision; with `?planned=1` one for a meeting to come, with `?adopts=BUDGET` the one that it waits for."""

    template_name = "desk/decisions/decision_form.html"
    submit = gettext_lazy("Enter decision")

    @cached_property
    def decision(self) -> Decision:
        """A new one."""
        planned = self.request.GET.get("planned") == "1"
        stage = Decision.Stage.PLANNED if planned else Decision.Stage.DECIDED
        kind = Decision.Kind.ADOPT_BUDGET if self.adopted else ""
        return Decision(stage=stage, body=Decision.Body.BOARD, kind=kind)

    @cached_property
    def adopted(self) -> Budget | None:
        """The budget that waits for the decision, if the address names one."""
        slug = self.request.GET.get("adopts", "")
        return next((budget for budget in budgets_of(self.request) if budget.slug == slug), None) if slug else None

    def get_title(self) -> str:
        """Return what is entered."""
        return _("Plan a decision") if self.decision.is_planned else _("Enter a decision")

    def get_return_url(self) -> str:
        """Return the budget's step that waited for it, the new decision's page, or the register."""
        if self.adopted is not None:
            step = reverse("forecasts:adopt", args=[self.adopted.slug])
            return f"{step}?decision={self.decision.uuid}" if self.decision.pk else step
        return super().get_return_url() if self.decision.pk else reverse("reports:decisions")

    def get_form(self, data: Mapping[str, object] | None = None) -> DecisionForm:
        """Return the form."""
        return DecisionForm(data, instance=self.decision)

    def save(self, form: DecisionForm) -> str:
        """Save; what is late is told by the decision's page, which comes next."""
        save_decision(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(text)s” is entered.") % {"text": form.instance}


class OfDecisionView(RegisterView):
    """A form about a decision that is there, or a part of it."""

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the decision."""
        return [*super().get_crumbs(), (name_decision(self.decision), self.get_return_url())]


class EditDecisionView(OfDecisionView, NewDecisionView):
    """Changes a decision."""

    submit = gettext_lazy("Save")
    title = gettext_lazy("Change decision")

    # Those of a decision that is there, not of a new one.
    decision = InDecision.decision

    def get_title(self) -> str:
        """Return what is done."""
        return str(self.title)

    def save(self, form: DecisionForm) -> str:
        """Save."""
        super().save(form)
        return _("“%(text)s” is saved.") % {"text": form.instance}


class RemoveDecisionView(OfDecisionView):
    """Takes a planned decision away, after a question."""

    title = gettext_lazy("Remove the planned decision?")
    template_name = "pages/remove.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask, or say at once that it stays."""
        self.require()
        return self.ask(refused="" if self.decision.is_planned else STAYS)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it away, or say why it can't be."""
        self.require()
        try:
            remove_decision(self.decision, by=self.reader)
        except ValidationError as error:
            return self.ask(status=422, refused=" ".join(error.messages))
        messages.success(request, _("The planned decision is removed."))
        return HttpResponseRedirect(reverse("reports:next_meeting"))

    def ask(self, *, status: int = 200, **extra: object) -> HttpResponse:
        """Ask."""
        own = {"thing": self.decision, "return_url": self.get_return_url()}
        return self.render_to_response(self.get_context_data(**own, **extra), status=status)


class NewConditionView(OfDecisionView):
    """Adds a condition to a decision."""

    title = gettext_lazy("New condition")
    submit = gettext_lazy("Add condition")

    def get_form(self, data: Mapping[str, object] | None = None) -> ConditionForm:
        """Return the form."""
        return ConditionForm(data)

    def save(self, form: ConditionForm) -> str:
        """Add a row for each council."""
        add_conditions(self.decision, by=self.reader, **form.cleaned_data)
        return _("The condition is added.")


class MeetConditionView(OfDecisionView):
    """Says how a condition is met, or that it is open again."""

    title = gettext_lazy("How the condition is met")
    submit = gettext_lazy("Save")
    template_name = "desk/decisions/condition_form.html"

    @cached_property
    def condition(self) -> DecisionCondition:
        """The address's condition."""
        condition = find_condition(self.reader, self.kwargs["condition"])
        if condition is None:
            raise Http404
        return condition

    @cached_property
    def decision(self) -> Decision:
        """The condition's decision."""
        return self.condition.decision

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the condition."""
        return super().get_context_data(condition=self.condition, **kwargs)

    def get_form(self, data: Mapping[str, object] | None = None) -> MeetForm:
        """Return the form."""
        return MeetForm(data, instance=self.condition)

    def save(self, form: MeetForm) -> str:
        """Save it."""
        meet_condition(self.condition, by=self.reader, **form.cleaned_data)
        return _("The condition is saved.")


class RemoveConditionView(MeetConditionView):
    """Takes a condition away, after a question."""

    title = gettext_lazy("Remove the condition?")
    template_name = "pages/remove.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        self.require()
        return self.render_to_response(self.get_context_data(thing=self.condition, return_url=self.get_return_url()))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it away."""
        self.require()
        address = self.get_return_url()
        remove_condition(self.condition, by=self.reader)
        messages.success(request, _("The condition is removed. It stays in the history."))
        return HttpResponseRedirect(address)


class NewDocumentView(OfDecisionView):
    """Adds a document to a decision."""

    title = gettext_lazy("Add a document")
    submit = gettext_lazy("Add")
    template_name = "desk/decisions/document_form.html"

    def get_form(self, data: QueryDict | None = None) -> AttachmentForm:
        """Return the form."""
        return AttachmentForm(data, self.request.FILES if data is not None else None)

    def save(self, form: AttachmentForm) -> str:
        """Keep the file."""
        add_document(self.decision, form.upload, by=self.reader)
        return _("“%(name)s” is added.") % {"name": form.upload.name}


class OfDocumentView(OfDecisionView):
    """A page about one document of a decision."""

    @cached_property
    def file(self) -> StoredFile:
        """The address's document; one of another decision does not exist."""
        file = find_document(self.decision, self.kwargs["file"])
        if file is None:
            raise Http404
        return file


class DocumentView(OfDocumentView):
    """A document as a download, for everybody who sees the decision."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]
        """Send the file, which the browser never shows or keeps."""
        return send_file(request, self.file)


class RemoveDocumentView(OfDocumentView):
    """Removes a document, after a question."""

    title = gettext_lazy("Remove the document?")
    template_name = "pages/remove.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        self.require()
        shown = {"thing": self.file, "return_url": self.get_return_url(), "is_final": True}
        return self.render_to_response(self.get_context_data(**shown))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it."""
        self.require()
        remove_document(self.file, by=self.reader)
        messages.success(request, _("“%(name)s” is removed.") % {"name": self.file})
        return HttpResponseRedirect(self.get_return_url())
