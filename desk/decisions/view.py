"""The register of decisions: the list, one decision with all that belongs to it, and what the next meeting decides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from budgets.selectors.workflow import may_run_budget
from desk.decisions.base import InDecision
from desk.decisions.edit import OfDecisionView
from desk.decisions.form import CouncilForm
from desk.decisions.parts import DecisionRow, list_meetings, load_decision_rows
from desk.decisions.selectors import find_council
from desk.decisions.table import DecisionFilter, DecisionTable
from forecasts.selectors.adoption import list_adoptable
from investments.models import BorrowingFramework, CouncilDecision
from investments.selectors.packages import find_package
from investments.services.frameworks import record_council_decision
from objects.models import Decision, DecisionCondition, Municipality
from objects.selectors.decisions import can_register, find_decision, list_decisions, list_documents
from objects.words import list_warnings
from pages.changes import load_changes
from pages.form_view import ReaderView
from web.views import BaseListView, Context, Crumb, Rows, own_address


class DecisionListView(BaseListView[Decision]):
    """The register, filtered."""

    title = gettext_lazy("Decisions")
    nav_key = "decisions"
    template_name = "desk/decisions/decisions.html"
    table_class = DecisionTable

    def get_rows(self, user: User) -> QuerySet[Decision]:
        """Return those the reader may see."""
        return list_decisions(user)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add whether the reader keeps the register."""
        return super().get_context_data(can_register=can_register(self.reader), **kwargs)

    def get_filterset(self, rows: Rows[Decision]) -> DecisionFilter:
        """Keep the filter, which also chooses among what is worked out of its rows."""
        self.chosen = DecisionFilter(self.request.GET, queryset=rows, request=self.request)
        return self.chosen

    def get_table_data(self) -> list[DecisionRow]:
        """Add the standing of each and what it governs, and keep those of the chosen state."""
        return self.chosen.keep(load_decision_rows(self.object_list, self.reader, timezone.localdate()))


class DecisionView(InDecision):
    """One decision: its fields, what it governs, what it waits for, and its history."""

    template_name = "desk/decisions/decision.html"

    def get_title(self) -> str:
        """Return its text, or the beginning of it."""
        return str(self.decision)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what belongs to it."""
        today = timezone.localdate()
        (row,) = load_decision_rows([self.decision], self.reader, today)
        conditions = list(self.decision.conditions.all())
        supersedes = self.decision.supersedes
        shown = {
            "decision": self.decision,
            "today": today,
            "row": row,
            "supersedes": find_decision(self.reader, supersedes.uuid) if supersedes else None,
            "superseded_by": list(self.decision.superseded_by.all()),
            "conditions": [
                {"condition": condition, "is_met": condition.met_from is not None and condition.met_from <= today}
                for condition in conditions
            ],
            "documents": list(list_documents(self.decision)),
            "warnings": list_warnings(self.decision, today),
            "changes": load_changes(self.reader, self.decision, DecisionCondition),
            "package_url": self.find_package_url(row),
            "can_register": can_register(self.reader),
            "adoptable": list_adoptable(self.decision, self.reader),
            "may_adopt": may_run_budget(self.reader) and not self.decision.is_planned,
        }
        return super().get_context_data(**{**kwargs, **shown})

    def find_package_url(self, row: DecisionRow) -> str:
        """Return the page of the council package of what it raises, where there is one that the reader may see."""
        packages = (find_package(self.reader, state.framework) for state in row.frameworks)
        found = next((package for package in packages if package is not None), None)
        return reverse("reports:council_package", args=[found.framework.uuid]) if found is not None else ""


class NextMeetingView(ReaderView):
    """The decisions that are planned, by meeting: a list to print."""

    title = gettext_lazy("To the next meeting")
    nav_key = "decisions"
    template_name = "desk/decisions/next_meeting.html"

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the register."""
        return [(_("Decisions"), reverse("reports:decisions"))]

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the meetings."""
        meetings = list_meetings(self.reader, timezone.localdate())
        return super().get_context_data(meetings=meetings, can_register=can_register(self.reader), **kwargs)


class CouncilView(OfDecisionView):
    """When a member's council decided on the framework that a decision raises."""

    submit = gettext_lazy("Save")

    @cached_property
    def place(self) -> tuple[BorrowingFramework, Municipality, CouncilDecision | None]:
        """The decision's framework, the address's member, and what its council has decided."""
        place = find_council(self.reader, self.decision, self.kwargs["council"])
        if place is None:
            raise Http404
        return place

    def get_title(self) -> str:
        """Return whose council it is."""
        return _("Decision of the council of %(municipality)s") % {"municipality": self.place[1]}

    def get_return_url(self) -> str:
        """Return the page that it was asked from, else the decision's."""
        return own_address(self.request.GET.get("next", "")) or super().get_return_url()

    def get_form(self, data: Mapping[str, object] | None = None) -> CouncilForm:
        """Return the form."""
        framework, municipality, saved = self.place
        return CouncilForm(data, instance=saved or CouncilDecision(framework=framework, municipality=municipality))

    def save(self, form: CouncilForm) -> str:
        """Save it; the forecasts follow."""
        record_council_decision(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The council's decision is saved.")
