"""Pages of history: the story of a budget, sub-budget, line or person, and the way back to a line's earlier values."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from budgets.models import CostLine
from budgets.selectors.lines import find_line
from budgets.selectors.sub_budgets import can_edit
from budgets.services.grid.edits import GridRefusedError
from budgets.services.line_history import return_line
from history.acts import Page, load_page
from history.compare import address_since_morning
from history.nouns import FieldChange
from history.parts import StoryFilter, read_cursor, show_moment
from history.stories import (
    Story,
    find_last_event,
    find_lost_product,
    find_start,
    tell_all,
    tell_budget,
    tell_line,
    tell_person,
    tell_sub_budget,
)
from history.tables import FieldRows, FieldTable, StoryTable
from history.told import Change
from history.words import ToldAct, tell_acts
from pages.authors import find_person, may_read_people
from pages.base import InBudget, InSubBudget
from pages.forms import read_seen
from records.services.stale import StaleError
from web.names import name_of
from web.tables import BaseTable
from web.views import BaseListView, Context, Crumb

PLACES = ("before", "after", "at")


class StoryView(BaseListView[Change]):
    """A story, narrowed and in pages of acts; subclasses say whose."""

    template_name = "history/history.html"
    table_pagination = False
    paginate_by = 20
    with_author = True
    # Whether all of it is about the one thing that the heading names.
    is_one = False
    request: HttpRequest
    object_list: Story

    @cached_property
    def story(self) -> Story:
        """All of it."""
        raise NotImplementedError

    @property
    def home(self) -> str:
        """What all of it lies in, which is not said again: a sub-budget and its budget, a budget, or nothing."""
        return ""

    def get_rows(self, user: User) -> Any:
        """Return the story, which knows its reader."""
        return self.story

    def get_filterset(self, rows: Any) -> StoryFilter:
        """Return when, who and what."""
        return StoryFilter(self.request.GET, rows, with_author=self.with_author)

    @property
    def is_file(self) -> bool:
        """Whether a file is asked for."""
        return "export" in self.request.GET

    @cached_property
    def page(self) -> Page:
        """The acts that are shown."""
        return load_page(self.object_list, read_cursor(self.request.GET, self.paginate_by))

    @cached_property
    def acts(self) -> list[ToldAct]:
        """The same in words."""
        return tell_acts(self.page.acts, self.reader, inside=self.story.inside)

    def get_table_class(self) -> type[BaseTable]:
        """Return the table; in a file every field has a row."""
        return FieldTable if self.is_file else StoryTable

    def get_table_data(self) -> Any:
        """Return the data: of a file all of it, which is fetched as it is written."""
        return FieldRows(self.object_list, self.reader) if self.is_file else self.acts

    def get_table_kwargs(self) -> dict[str, object]:
        """Lead to people's own histories where the reader may read them, and back here from what is written."""
        if self.is_file:
            return {}
        query = "?" + urlencode({"next": self.request.get_full_path()})
        shown = {"has_people": may_read_people(self.reader), "restore_url": self.restore_url}
        shown |= {"is_all": not (self.is_act or self.page.older or self.page.newer), "home": self.home, "query": query}
        return {**shown, "is_one": self.is_one, "is_open": self.is_act}

    @property
    def is_act(self) -> bool:
        """Whether one act is shown, with all its rows."""
        return bool(self.request.GET.get("at"))

    @property
    def restore_url(self) -> str:
        """The address of the way back to a change's values, with 0 for its number; empty where there is none."""
        return ""

    def get_context_data(self, **kwargs: object) -> Context:
        """Say whether there is any history at all, and lead on to older and newer acts."""
        context = super().get_context_data(**kwargs)
        if self.is_file:
            return context
        moments = {"older": ("before", self.page.older), "newer": ("after", self.page.newer)}
        links = {f"{key}_url": self._link(name, moment) for key, (name, moment) in moments.items()}
        shown = {"is_empty": not self.request.GET and not self.acts, "all_url": self._link("", None)}
        return {**context, **shown, **links, "is_act": self.is_act}

    def _link(self, name: str, moment: datetime | None) -> str:
        """Return the address of another page of the same choice; empty without a moment, and without a name the first."""
        query = self.request.GET.copy()
        for place in PLACES:
            query.pop(place, None)
        if moment:
            query[name] = moment.isoformat()
        return f"?{query.urlencode()}" if moment or not name else ""


class BudgetHistoryView(InBudget, StoryView):
    """What happened in a budget."""

    title = gettext_lazy("History of the budget")
    nav_key = "overview"

    @cached_property
    def story(self) -> Story:
        """All that belongs to it."""
        return tell_budget(self.budget, self.reader)

    @property
    def home(self) -> str:
        """The budget."""
        return str(self.budget.name)

    def get_context_data(self, **kwargs: object) -> Context:
        """Lead on to the comparison and to the seals."""
        links = {
            "compare_url": address_since_morning(self.budget),
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

    @property
    def home(self) -> str:
        """The sub-budget."""
        return f"{name_of(self.sub_budget)}, {self.budget.name}"

    def get_title(self) -> str:
        """Say whose history it is."""
        return _("History of %(name)s") % {"name": name_of(self.sub_budget)}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the sub-budget."""
        return [*super().get_crumbs(), (name_of(self.sub_budget), self.page_url())]

    def get_context_data(self, **kwargs: object) -> Context:
        """Lead on to the comparison."""
        links = {
            "compare_url": address_since_morning(self.budget, self.sub_budget.slug),
            "start": find_start(self.budget, self.reader),
        }
        return super().get_context_data(**{**links, **kwargs})


class OfPeople(StoryView):
    """A story of what people do, for those who look after the system."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show it only to those who may read what people do."""
        if not may_read_people(cast(User, request.user)):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)


class WholeHistoryView(OfPeople):
    """What everybody has done: in all budgets, and with accounts, roles, keys and settings, which lie in none."""

    title = gettext_lazy("History of everything")
    nav_key = "history"

    @cached_property
    def story(self) -> Story:
        """All of it."""
        return tell_all(self.reader)

    def get_context_data(self, **kwargs: object) -> Context:
        """Lead on to the seals."""
        return super().get_context_data(**{"seals_url": reverse("reports:seals"), **kwargs})


class PersonHistoryView(OfPeople):
    """What a person has done."""

    with_author = False
    kwargs: dict[str, UUID]

    @cached_property
    def person(self) -> User:
        """The address's person."""
        person = find_person(self.kwargs["person"])
        if person is None:
            raise Http404
        return person

    @cached_property
    def story(self) -> Story:
        """All that the person has done."""
        return tell_person(self.person, self.reader)

    def get_title(self) -> str:
        """Say whose history it is."""
        return _("What %(name)s has done") % {"name": self.person}


class InLineHistory(InSubBudget):
    """A page about a line that is or was in the sub-budget."""

    @cached_property
    def line(self) -> CostLine | None:
        """The line, None when it is gone."""
        return find_line(self.sub_budget, self.reader, self.kwargs["line"])

    @cached_property
    def line_name(self) -> str:
        """The line's text, also of one that is gone; any other does not exist."""
        if self.line is not None:
            return self.line.text
        last = find_last_event(self.sub_budget, self.kwargs["line"])
        if last is None:
            raise Http404
        return str(last.text)

    @cached_property
    def story(self) -> Story:
        """What happened to it."""
        return tell_line(self.budget, self.kwargs["line"], self.reader)

    @cached_property
    def lost_product(self) -> str:
        """The name of its product, when both are gone; else nothing."""
        return "" if self.line else find_lost_product(self.sub_budget, self.kwargs["line"])

    @property
    def line_address(self) -> list[str | UUID]:
        """The parts of its address."""
        return [*self.address, self.kwargs["line"]]

    def get_title(self) -> str:
        """Say whose history it is."""
        return _("History of “%(text)s”") % {"text": self.line_name}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the sub-budget and its history."""
        return [
            *super().get_crumbs(),
            (name_of(self.sub_budget), self.page_url()),
            (_("History"), reverse("reports:sub_budget_history", args=self.address)),
        ]


class LineHistoryView(InLineHistory, StoryView):
    """What happened to a line; whoever may change it may go back to earlier values."""

    is_one = True

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the page; a line that never was does not exist."""
        _found = self.line_name
        return super().get(request, *args, **kwargs)

    @property
    def home(self) -> str:
        """The sub-budget."""
        return f"{name_of(self.sub_budget)}, {self.budget.name}"

    @property
    def restore_url(self) -> str:
        """For those who may change it; there is no way back into a product that is gone."""
        if not can_edit(self.reader, self.sub_budget) or self.lost_product:
            return ""
        return reverse("reports:restore_values", args=[*self.line_address, 0])

    def get_context_data(self, **kwargs: object) -> Context:
        """Say whether the line is gone, and what happened to it last."""
        shown = {
            "is_gone": self.line is None,
            "lost_product": self.lost_product,
            "restore_url": self.restore_url,
            "start": find_start(self.budget, self.reader),
        }
        return super().get_context_data(**{**shown, **kwargs})


class RestoreValuesView(InLineHistory, TemplateView):
    """Asks before a line gets the values it had after an earlier change, and gives them as a new change."""

    template_name = "history/restore.html"

    @cached_property
    def change(self) -> Change:
        """The address's change, one of this line's."""
        story = self.story.narrow_to_number(self.kwargs["event"])
        if not len(story):
            raise Http404
        return story[0]

    def get_title(self) -> str:
        """Return the question."""
        return _("Restore “%(text)s” as of %(moment)s?") % {
            "text": self.line_name,
            "moment": show_moment(self.change.at),
        }

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the line's history."""
        return [*super().get_crumbs(), (self.line_name, reverse("reports:line_history", args=self.line_address))]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask, with what would change."""
        _found = self.change
        self.require_edit()
        return self.ask()

    def ask(self, *, status: int = 200, is_stale: bool = False) -> HttpResponse:
        """Return the question with the values now and then."""
        differences: list[FieldChange] = self.change.compare_with(self.line, self.budget)
        seen = self.line.edited_at.isoformat() if self.line else ""
        shown = {"line": self.line, "lost_product": self.lost_product, "change": self.change}
        context = self.get_context_data(differences=differences, seen=seen, is_stale=is_stale, **shown)
        return self.render_to_response(context, status=status)

    def ask_again(self) -> HttpResponse:
        """Ask the question as it is by now, after somebody changed the line or removed its product."""
        self.__dict__["line"] = find_line(self.sub_budget, self.reader, self.kwargs["line"])
        self.__dict__.pop("lost_product", None)
        return self.ask(status=422, is_stale=not self.lost_product)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Give the line its earlier values, unless somebody changed it meanwhile or its product is gone."""
        number = self.change.number
        self.require_edit()
        try:
            line = return_line(
                self.sub_budget,
                self.kwargs["line"],
                number,
                by=self.reader,
                seen=read_seen(request.POST.get("seen", "")),
            )
        except (StaleError, CostLine.DoesNotExist):
            return self.ask_again()
        except GridRefusedError as refused:
            messages.error(request, refused.bad[0].reason)
            return HttpResponseRedirect(reverse("reports:line_history", args=self.line_address))
        said = _("“%(text)s” has the values of %(moment)s again.")
        messages.success(request, said % {"text": line.text, "moment": show_moment(self.change.at)})
        return HttpResponseRedirect(reverse("reports:line_history", args=self.line_address))
