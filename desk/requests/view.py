"""Supplementary requests: the list, one with its way, its forms, and gathering what is granted into a revised budget."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from budgets.models import Budget
from budgets.selectors.sub_budgets import is_economist
from desk.requests.form import AnswerForm, RequestForm
from desk.requests.table import RequestFilter, RequestTable
from desk.requests.words import MARKS, tell_effects
from forecasts.services.requests import gather_requests, preview_answer, take_out_request
from investments.models import SupplementaryRequest
from investments.selectors.requests import (
    can_ask,
    can_write,
    find_draft_revision,
    find_in_force,
    find_request,
    is_own,
    list_lines_to_lower,
    list_requests,
    list_to_gather,
)
from investments.services.requests import (
    answer_request,
    remove_request,
    reopen_request,
    save_request,
    submit_request,
    take_back_request,
)
from objects.selectors.decisions import can_register
from pages.base import InBudget
from pages.changes import load_changes
from pages.form_view import FormView
from web.views import BaseListView, Context, Crumb

TITLE = gettext_lazy("Supplementary requests")
State = SupplementaryRequest.State


class InRequests(InBudget):
    """A page about the requests of a budget's year."""

    nav_key = "requests"

    @property
    def list_url(self) -> str:
        """The list's address."""
        return reverse("forecasts:requests", args=[self.budget.slug])

    @cached_property
    def in_force(self) -> Budget | None:
        """The adopted budget that money is asked for beside."""
        return find_in_force(self.budget)


class RequestListView(InRequests, BaseListView[SupplementaryRequest]):
    """All requests that the reader sees, and what is granted and waits to be gathered."""

    title = TITLE
    template_name = "desk/requests/requests.html"
    table_class = RequestTable
    filterset_class = RequestFilter

    def get_rows(self, user: User) -> QuerySet[SupplementaryRequest]:
        """Return those the reader may see."""
        return list_requests(self.budget, user)

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table its budget."""
        return {"budget": self.budget}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what the reader may do."""
        rows = list_requests(self.budget, self.reader)
        shown = {
            "in_force": self.in_force,
            "can_ask": self.in_force is not None and can_ask(self.reader),
            "has_rows": rows.exists(),
            "to_gather": list_to_gather(rows) if is_economist(self.reader) else [],
            "revision": find_draft_revision(self.budget),
        }
        return super().get_context_data(**shown, **kwargs)


class InRequest(InRequests):
    """A page about the address's request."""

    @cached_property
    def supplementary(self) -> SupplementaryRequest:
        """The request; one that the reader may not see does not exist."""
        found = find_request(self.budget, self.kwargs["asked"], self.reader)
        if found is None:
            raise Http404
        return found

    @property
    def request_url(self) -> str:
        """Its page."""
        return reverse("forecasts:request", args=[self.budget.slug, self.kwargs["asked"]])

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [*super().get_crumbs(), (str(TITLE), self.list_url)]


class RequestView(InRequest, TemplateView):
    """One request: what is asked for, where it stands, what is done with it."""

    template_name = "desk/requests/request.html"

    def get_title(self) -> str:
        """Return what is asked for."""
        return self.supplementary.name

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what the reader may do with it."""
        row, reader = self.supplementary, self.reader
        keeps = is_economist(reader)
        shown = {
            "row": row,
            "mark": MARKS[row.state],
            "amounts": list(zip(row.budget.years, row.amounts, row.granted, strict=True)),
            "lowered": self._find_lowered(),
            "can_write": can_write(reader, row),
            "can_take_back": row.state == State.SUBMITTED and is_own(reader, row),
            "can_answer": row.state == State.SUBMITTED and keeps,
            "can_reopen": row.is_answered and row.gathered_in is None and keeps,
            "can_take_out": row.gathered_in is not None and not row.gathered_in.is_adopted and keeps,
            "rows": row.rows.all(),
            "changes": load_changes(reader, row),
        }
        return super().get_context_data(**{**shown, **kwargs})

    def _find_lowered(self) -> object:
        row = self.supplementary
        if row.taken_from is None:
            return None
        lines = list_lines_to_lower(row.budget, row.asked_by)
        return lines.filter(lineage=row.taken_from).first()


class NewRequestView(InRequests, FormView):
    """Writes a request."""

    title = gettext_lazy("New supplementary request")
    submit = gettext_lazy("Save as a draft")
    template_name = "desk/requests/request_form.html"

    def require(self) -> None:
        """Stop those who may not ask; without a budget in force there is nothing to ask beside."""
        if self.budget and not can_ask(self.reader):
            raise PermissionDenied
        if self.in_force is None:
            raise Http404

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [*super().get_crumbs(), (str(TITLE), self.list_url)]

    @cached_property
    def instance(self) -> SupplementaryRequest:
        """A new one, beside the budget in force; of the reader's only object, if there is one."""
        return SupplementaryRequest(budget=self.in_force, asked_by=self.reader)

    def get_form(self, data: QueryDict | None = None) -> RequestForm:
        """Return the form."""
        form = RequestForm(data, instance=self.instance, reader=self.reader)
        own = form.fields["governance_object"].queryset  # type: ignore[attr-defined]
        if self.instance.pk is None and len(own) == 1:
            form.initial["governance_object"] = own[0].pk
        return form

    def save(self, form: RequestForm) -> str:
        """Save it as a draft."""
        row = save_request(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        self.kwargs["asked"] = row.uuid
        return _("“%(name)s” is saved as a draft. Submit it when it is finished.") % {"name": row.name}

    def get_return_url(self) -> str:
        """Return the request's page, or the list for one that is not saved."""
        if "asked" in self.kwargs:
            return reverse("forecasts:request", args=[self.budget.slug, self.kwargs["asked"]])
        return self.list_url


class EditRequestView(InRequest, NewRequestView):
    """Changes a draft."""

    title = gettext_lazy("Change the supplementary request")

    def require(self) -> None:
        """Stop those who may not change it, and everybody once it is submitted."""
        if not can_write(self.reader, self.supplementary):
            raise PermissionDenied

    @cached_property
    def instance(self) -> SupplementaryRequest:
        """The address's request."""
        return self.supplementary


class StepView(InRequest, TemplateView):
    """A step of a request that needs nothing but to be asked for."""

    http_method_names = ["post"]
    step: str = ""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it, or say why it can't be."""
        row, by = self.supplementary, self.reader
        steps = {
            "submit": (submit_request, _("“%(name)s” is submitted.")),
            "take_back": (take_back_request, _("“%(name)s” is a draft again.")),
            "remove": (remove_request, _("“%(name)s” is removed.")),
            "reopen": (reopen_request, _("The answer to “%(name)s” is taken back.")),
            "take_out": (take_out_request, _("“%(name)s” is removed from the revised budget.")),
        }
        take, said = steps[self.step]
        try:
            take(row, by=by)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, said % {"name": row.name})
        return HttpResponseRedirect(self.list_url if self.step == "remove" else self.request_url)


class AnswerView(InRequest, FormView):
    """Answers a request by a decision; what it leads to is shown first."""

    title = gettext_lazy("Answer the supplementary request")
    submit = gettext_lazy("Show the effects")
    template_name = "desk/requests/answer.html"

    def require(self) -> None:
        """Stop everybody but the economist."""
        if self.supplementary and not is_economist(self.reader):
            raise PermissionDenied
        if self.supplementary.state != State.SUBMITTED:
            raise Http404

    def get_form(self, data: QueryDict | None = None) -> AnswerForm:
        """Return the form."""
        return AnswerForm(data, request=self.supplementary)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the request, and whether the reader may enter a decision that is missing."""
        return super().get_context_data(row=self.supplementary, can_register=can_register(self.reader), **kwargs)

    def save_or_tell(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Show what the answer leads to; once it has been shown, answer."""
        if form.cleaned_data["shown"] == form.mark:
            return super().save_or_tell(request, form)
        values = form.cleaned_data
        try:
            effects = preview_answer(self.supplementary, state=values["state"], granted=form.granted, by=self.reader)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.show(form, status=422)
        typed = request.POST.copy()
        typed["shown"] = form.mark
        seen = self.get_form(typed)
        seen.is_valid()
        return self.show(
            seen, effects=effects, effect_rows=tell_effects(effects), submit_now=_("Answer by the decision")
        )

    def save(self, form: AnswerForm) -> str:
        """Answer."""
        values = form.cleaned_data
        answer_request(
            self.supplementary,
            state=values["state"],
            granted=form.granted,
            decision=values["decision"],
            answer=values["answer"],
            by=self.reader,
        )
        return _("“%(name)s” is answered.") % {"name": self.supplementary.name}

    def get_return_url(self) -> str:
        """Return the request's page."""
        return self.request_url


class GatherView(InRequests, TemplateView):
    """Gathers granted requests into the revised budget under way."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Gather what is chosen, or say why it can't be."""
        if self.budget and not is_economist(self.reader):
            raise PermissionDenied
        target = find_draft_revision(self.budget)
        if target is None:
            messages.error(request, _("There is no revised budget under way. Make one first."))
            return HttpResponseRedirect(self.list_url)
        chosen = set(request.POST.getlist("request"))
        rows = [row for row in list_to_gather(list_requests(self.budget, self.reader)) if str(row.uuid) in chosen]
        try:
            gather_requests(rows, into=target, by=self.reader)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            said = _("%(budget)s now holds what is granted.")
            messages.success(request, said % {"budget": target.name})
        return HttpResponseRedirect(self.list_url)
