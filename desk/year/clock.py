"""The year clock: the federation's and the law's days for a budget, month by month; the same as a calendar file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from budgets.selectors.workflow import can_read_steps, may_run_budget
from budgets.services.clock import ClockChangedError, mark_clock, save_clock
from desk.year.clock_form import ClockForm
from desk.year.clock_words import HEADINGS, PHASE_NAMES, find_page, name_step, say_left, say_note, say_who
from desk.year.selectors import ClockDay, load_clock
from engine.clock import StepState, clock_year, count_by_month, find_phases
from objects.models.roles import roles_of
from pages.base import InBudget
from pages.form_view import FormView
from web.calendar import CONTENT_TYPE, DayEvent, write_calendar
from web.views import Context, Crumb

ICONS = {
    StepState.DONE: "approved", StepState.LATE: "bad", StepState.NEXT: "submitted", StepState.LATER: "draft",
    StepState.UNDATED: "draft",
}  # fmt: skip
MARKED = (StepState.DONE, StepState.LATE, StepState.NEXT, StepState.LATER)


@dataclass(frozen=True)
class ShownStep:
    """A step as the page shows it."""

    name: str
    on: date | None
    state: str
    icon: str
    who: str
    page: str
    url: str
    note: str
    left: str
    is_assumed: bool


@dataclass(frozen=True)
class ShownMonth:
    """A month of the strip: its name, a mark for each step, and the same in words."""

    name: str
    marks: list[tuple[str, str]]
    is_now: bool
    said: str


@dataclass(frozen=True)
class ShownPhase:
    """A phase above the strip: its first month (1-12), how many months it takes, and whether today is in it."""

    name: str
    first: int
    length: int
    is_now: bool


class ClockView(InBudget, TemplateView):
    """The year's steps by how they stand."""

    nav_key = "year"
    template_name = "desk/year/clock.html"

    def get_title(self) -> str:
        """Return the year's name."""
        return _("Year clock %(year)s") % {"year": clock_year(self.budget.fiscal_year)}

    @cached_property
    def days(self) -> list[ClockDay]:
        """The steps, in order."""
        if not can_read_steps(self.reader):
            raise PermissionDenied
        return load_clock(self.budget, self.reader)

    def get_context_data(self, **kwargs: object) -> Context:
        """Group the steps by state."""
        today = timezone.localdate()
        by_state = {
            state: [self._show(day, state, today) for day in self.days if day.state(today) == state]
            for state in HEADINGS
        }
        late = len(by_state[StepState.LATE])
        shown = {
            "today": today,
            "groups": [
                (state.value, label, _count(len(by_state[state])), by_state[state])
                for state, label in HEADINGS.items()
                if by_state[state]
            ],
            "phases": _show_phases(self.days, clock_year(self.budget.fiscal_year), today),
            "months": _show_months(self.days, clock_year(self.budget.fiscal_year), today),
            "late": ngettext("%(count)s step is late", "%(count)s steps are late", late) % {"count": late}
            if late
            else "",
            "done": len(by_state[StepState.DONE]),
            "all": len(self.days),
            "meeting": next((day for day in self.days if day.code == "meeting"), None),
            "has_assumed": any(day.is_assumed for day in self.days),
            "may_run": may_run_budget(self.reader),
            "is_started": any(day.code == "next_start" and day.is_done for day in self.days),
        }
        return super().get_context_data(**{**shown, **kwargs})

    def _show(self, day: ClockDay, state: StepState, today: date) -> ShownStep:
        page, url = find_page(day, self.budget, roles_of(self.reader))
        return ShownStep(
            name_step(day, self.budget),
            day.on,
            state.value,
            ICONS[state],
            say_who(day),
            page,
            url,
            say_note(day),
            say_left(day, today),
            day.is_assumed,
        )


class CalendarView(ClockView):
    """The steps that have a day, as a file for a calendar."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Write the file."""
        events = [self._make_event(number, day) for number, day in enumerate(self.days) if day.on is not None]
        name = f"{self.get_title()}, {self.budget.name}"
        response = HttpResponse(
            write_calendar(name, events, now=datetime.now(UTC)), headers={"Content-Type": CONTENT_TYPE}
        )
        response["Content-Disposition"] = f'attachment; filename="{self.budget.slug}.ics"'
        return response

    def _make_event(self, number: int, day: ClockDay) -> DayEvent:
        assert day.on is not None
        name, url = name_step(day, self.budget), reverse("budgets:year", args=[self.budget.slug])
        about = getattr(day.subject, "slug", day.subject)
        uid = f"{self.budget.slug}-{day.code}-{about or (number if day.code == 'guarantee' else '')}@itsam-budget"
        said = ". ".join(part for part in (say_who(day), say_note(day)) if part)
        return DayEvent(uid, day.on, name, said, self.request.build_absolute_uri(url))


class ChangeClockView(InBudget, FormView):
    """The economist sets days, ticks steps, and adds steps of the federation's own."""

    title = gettext_lazy("Change the year's days")
    nav_key = "year"
    submit = gettext_lazy("Save")
    template_name = "desk/year/change_clock.html"

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the clock."""
        return [*super().get_crumbs(), (_("Year clock"), self.get_return_url())]

    def require(self) -> None:
        """Stop everybody but the economist."""
        if not may_run_budget(self.reader):
            raise PermissionDenied

    def get_return_url(self) -> str:
        """Return the clock."""
        return reverse("budgets:year", args=[self.budget.slug])

    def get_form(self, data: QueryDict | Mapping[str, object] | None = None) -> ClockForm:
        """Return the form with what is set."""
        return ClockForm(data, budget=self.budget)

    def save(self, form: ClockForm) -> str:
        """Save all; of days that are others by now the form is shown again, with what was typed."""
        try:
            save_clock(self.budget, form.get_steps(), by=self.reader, seen=form.cleaned_data["seen"])
        except ClockChangedError as changed:
            typed = self.request.POST.copy()
            typed["seen"] = mark_clock(self.budget)
            form.data = typed
            raise ValidationError([*changed.messages, *self.get_form().say_saved()]) from changed
        return _("The year's days are saved.")


def _count(count: int) -> str:
    return ngettext("%(count)s step", "%(count)s steps", count) % {"count": count}


def _show_phases(days: Sequence[ClockDay], year: int, today: date) -> list[ShownPhase]:
    phases = find_phases([(day.on, day.code) for day in days if day.on], year)
    now = today.month if today.year == year else 0
    return [
        ShownPhase(str(PHASE_NAMES[code]), first, last - first + 1, first <= now <= last)
        for code, first, last in phases
    ]


def _show_months(days: Sequence[ClockDay], year: int, today: date) -> list[ShownMonth]:
    months = count_by_month([(day.on, day.state(today).value) for day in days if day.on], year)
    words = {
        StepState.DONE: _("%(count)s done"), StepState.LATE: _("%(count)s late"), StepState.NEXT: _("%(count)s next"),
        StepState.LATER: _("%(count)s planned"),
    }  # fmt: skip
    shown = []
    for number, states in enumerate(months, start=1):
        counted = [(words[state], states.count(state.value)) for state in MARKED]
        said = ", ".join(text % {"count": count} for text, count in counted if count) or _("no steps")
        marks = [(state, ICONS[StepState(state)]) for state in states]
        shown.append(ShownMonth(str(MONTHS[number])[:3], marks, (year, number) == (today.year, today.month), said))
    return shown
