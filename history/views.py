"""History pages: the story of a sub-budget, budget or person, and two moments compared."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from budgets.models import SubBudget
from history.compare import Comparison, compare
from history.forms import MomentsForm, StoryFilter, default_moments
from history.stories import Story, find_start, tell_budget, tell_person, tell_sub_budget
from history.tables import CompareTable, FieldRows, FieldTable, StoryData, StoryTable, show_moment
from pages.authors import find_person, may_read_people
from pages.base import InBudget, InSubBudget
from web.names import name_of
from web.views import BaseListView, Crumb


class StoryView(BaseListView):
    """A story, narrowed and in pages; subclasses say whose."""

    template_name = "history/history.html"
    table_class = StoryTable
    with_author = True
    # Whether all of it is about the one thing that the heading names.
    is_one = False
    request: HttpRequest

    @cached_property
    def story(self) -> Story:
        """All of it."""
        raise NotImplementedError

    def get_rows(self, user: Any) -> Any:
        """The story knows its reader."""
        return self.story

    def get_filterset(self, rows: Any) -> Any:
        """When, who and what."""
        return StoryFilter(self.request.GET, rows, with_author=self.with_author)

    @property
    def is_file(self) -> bool:
        """Whether a file is asked for."""
        return "export" in self.request.GET

    def get_table_class(self) -> Any:
        """In a file every field has a row."""
        return FieldTable if self.is_file else StoryTable

    def get_table_data(self) -> Any:
        """Fetched as it is shown."""
        return (FieldRows if self.is_file else StoryData)(self.object_list)

    def get_table_kwargs(self) -> dict[str, Any]:
        """People's own histories, for those who may read them."""
        if self.is_file:
            return {}
        links = may_read_people(cast(User, self.request.user))
        return {"has_people": links, "restore_url": self.restore_url, "is_one": self.is_one}

    @property
    def restore_url(self) -> str:
        """The address of the way back to a change's values, with 0 for its number; empty where there is none."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether there is any history at all."""
        shown = {"is_empty": not self.request.GET and not len(self.story)}
        return super().get_context_data(**{**shown, **kwargs})


class BudgetHistoryView(InBudget, StoryView):
    """What happened in a budget."""

    title = gettext_lazy("History of the budget")
    nav_key = "overview"

    @cached_property
    def story(self) -> Story:
        """All that belongs to it."""
        return tell_budget(self.budget, self.reader)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lead on to the comparison and to the seals."""
        links = {
            "compare_url": reverse("reports:budget_compare", args=[self.budget.slug]),
            "seals_url": reverse("reports:seals") if may_read_people(self.reader) else "",
            "start": find_start(self.budget, self.reader),
        }
        return super().get_context_data(**{**links, **kwargs})


class SubBudgetHistoryView(InSubBudget, StoryView):
    """What happened in a sub-budget."""

    @cached_property
    def story(self) -> Story:
        """Itself, its products and lines, its steps and what is written about it."""
        return tell_sub_budget(self.sub_budget, self.reader)

    def get_title(self) -> str:
        """Whose history."""
        return _("History of %(name)s") % {"name": name_of(self.sub_budget)}

    def get_crumbs(self) -> list[Crumb]:
        """Up to the sub-budget."""
        return [*super().get_crumbs(), (name_of(self.sub_budget), self.page_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lead on to the comparison."""
        links = {
            "compare_url": reverse("reports:sub_budget_compare", args=self.address),
            "start": find_start(self.budget, self.reader),
        }
        return super().get_context_data(**{**links, **kwargs})


class CompareView(BaseListView):
    """Two moments compared: the lines that differ, and the sums."""

    template_name = "history/compare.html"
    table_class = CompareTable
    paginate_by = 100
    sub_budget: SubBudget | None = None

    @cached_property
    def form(self) -> MomentsForm:
        """The two moments, from this morning on when none are chosen."""
        return MomentsForm(self.request.GET if "first" in self.request.GET else default_moments())

    @cached_property
    def comparison(self) -> Comparison | None:
        """What differs; None when the form has an error. Drafts are not told of to those outside."""
        view: Any = self
        if not self.form.is_valid():
            return None
        start = find_start(view.budget, view.reader)
        first, second = (
            max(self.form.cleaned_data[name], start) if start else self.form.cleaned_data[name]
            for name in ("first", "second")
        )
        return compare(view.budget, self.sub_budget, view.reader, first=first, second=second)

    def get_rows(self, user: Any) -> Any:
        """The lines that differ."""
        return self.comparison.differences if self.comparison else []

    def get_table_kwargs(self) -> dict[str, Any]:
        """The budget's years in the headings, and in a file, which has no form above it, the moments; sums of all lines."""
        view, found, totals = cast(Any, self), self.comparison, {}
        moments = (_("As it was"), _("Against"))
        if found:
            if "export" in self.request.GET:
                values = self.form.cleaned_data
                moments = (show_moment(values["first"]), show_moment(values["second"]))
            changes = [after - before for after, before in zip(found.total.after, found.total.before, strict=True)]
            totals = {"was": found.total.before[0], "now": found.total.after[0]}
            totals |= dict(zip(("first", "second", "third"), changes, strict=True))
        return {"budget": view.budget, "moments": moments, "totals": totals, "is_one": self.sub_budget is not None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form and the sums; with an error nothing can be taken out."""
        context = super().get_context_data(**{"form": self.form, "comparison": self.comparison, **kwargs})
        if self.comparison is None:
            context["exports"] = []
        return context


class BudgetCompareView(InBudget, CompareView):
    """A budget at two moments."""

    title = gettext_lazy("Compare two moments")
    nav_key = "overview"

    def get_crumbs(self) -> list[Crumb]:
        """Up to the budget's history."""
        return [*super().get_crumbs(), (_("History"), reverse("reports:budget_history", args=[self.budget.slug]))]


class SubBudgetCompareView(InSubBudget, CompareView):  # type: ignore[misc]
    """A sub-budget at two moments."""

    def get_title(self) -> str:
        """What is compared."""
        return _("Compare two moments: %(name)s") % {"name": name_of(self.sub_budget)}

    def get_crumbs(self) -> list[Crumb]:
        """Up to the sub-budget's history."""
        return [
            *super().get_crumbs(),
            (name_of(self.sub_budget), self.page_url()),
            (_("History"), reverse("reports:sub_budget_history", args=self.address)),
        ]


class PersonHistoryView(StoryView):
    """What a person has done, for those who look after the system."""

    with_author = False
    kwargs: dict[str, Any]

    @cached_property
    def person(self) -> User:
        """The address's person."""
        found = find_person(cast(UUID, self.kwargs["person"]))
        if found is None:
            raise Http404
        return found

    @cached_property
    def story(self) -> Story:
        """All that the person has done."""
        return tell_person(self.person)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for those who may read what people do."""
        if not may_read_people(cast(User, request.user)):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        """Whose history."""
        return _("What %(name)s has done") % {"name": self.person}
