"""What people read of a package: each council's five steps, what it waits for, what decides the day, and what to look out for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from engine.councils import Wait, latest_notice
from engine.framework import gained_force_on, last_day_of_appeal
from forecasts.selectors.councils import CouncilStep, PackageState
from forecasts.selectors.loans import YearDebt
from investments.selectors.frameworks import to_engine_council
from pages.words import join
from web.numbers import format_tkr

DONE, PLAN, WAITS = "done", "plan", "wait"
STEPS = (
    gettext_lazy("1 Sent"),
    gettext_lazy("2 Decided"),
    gettext_lazy("3 Announced"),
    gettext_lazy("4 Legal force"),
    gettext_lazy("5 Recourse agreement"),
)


@dataclass(frozen=True)
class Cell:
    """A step with one council: done, planned or waiting, a day or a word, and the rest for who sees no mark."""

    state: str
    text: str
    told: str

    @property
    def icon(self) -> str:
        """The icon of its state."""
        return {DONE: "approved", PLAN: "draft", WAITS: "warn"}[self.state]


@dataclass(frozen=True)
class Line:
    """A council's row: its steps, and what it waits for."""

    step: CouncilStep
    cells: list[Cell]
    waits_for: str


@dataclass(frozen=True)
class Thought:
    """Something to look out for, and why."""

    words: str
    note: str


def list_lines(state: PackageState) -> list[Line]:
    """Return each council's row, the first in force first, as they are known or planned."""
    order = sorted(state.steps, key=_rank)
    return [Line(step, _list_cells(step, state.on), say_wait(step, state.on)) for step in order]


def _rank(step: CouncilStep) -> tuple[date, date, date]:
    days = (step.expected.force_on, step.expected.decided_on, step.way.planned_on)
    first, second, third = (day or date.max for day in days)
    return first, second, third


def count_done(lines: Sequence[Line]) -> list[str]:
    """Return how many councils have done each step."""
    words = _("%(count)s of %(all)s")
    done = [sum(line.cells[place].state == DONE for line in lines) for place in range(len(STEPS))]
    return [words % {"count": count, "all": len(lines)} for count in done]


def _list_cells(step: CouncilStep, on: date) -> list[Cell]:
    way, is_late = step.way, step.wait == Wait.LATE_DECISION
    decided = way.decided_on or way.announced_on or way.legal_force_on
    return [
        _done(way.sent_on) or _waits(_("waits")),
        _done(decided)
        or (
            _waits(show_day(way.planned_on, on), _("planned day has passed")) if is_late else _plan(way.planned_on, on)
        ),
        _announced(step, on),
        _in_force(step, on),
        _signed(step),
    ]


def _announced(step: CouncilStep, on: date) -> Cell:
    way = step.way
    if way.announced_on is not None:
        return Cell(DONE, show_day(way.announced_on, on), _("done"))
    if way.has_decided:
        return _done(way.legal_force_on, "–") or _waits(_("waits"))
    return _plan(None if step.wait == Wait.LATE_DECISION else way.planned_notice_on, on)


def _in_force(step: CouncilStep, on: date) -> Cell:
    known = step.council.gained_on
    if known is not None:
        return Cell(DONE if known <= on else PLAN, show_day(known, on), _("done") if known <= on else _("planned"))
    if step.way.is_appealed:
        return _waits(_("appealed"))
    return _plan(None if step.wait == Wait.LATE_DECISION else step.expected.force_on, on)


def _signed(step: CouncilStep) -> Cell:
    if step.way.signed_on is not None:
        return Cell(DONE, show_day(step.way.signed_on), _("done"))
    if step.way.needs_signature and step.way.has_decided:
        return _waits(_("waits"), _("for a signature"))
    return _plan(None)


def _done(day: date | None, text: str = "") -> Cell | None:
    return Cell(DONE, text or show_day(day), _("done")) if day is not None else None


def _plan(day: date | None, on: date | None = None) -> Cell:
    return Cell(
        PLAN, show_day(day, on) if day is not None else "–", _("planned") if day is not None else _("not planned")
    )


def _waits(text: str, told: str = "") -> Cell:
    return Cell(WAITS, text, told or _("waits"))


def show_day(day: date | None, on: date | None = None) -> str:
    """Return a day in words; with its year where that is another than the one shown from."""
    if day is None:
        return "–"
    return date_format(day, "j F" if on is None or day.year == on.year else "j F Y")


def say_wait(step: CouncilStep, on: date) -> str:
    """Return what is next with a council, and who does it."""
    return _WAITS[step.wait](step, on)


def _say_decision(step: CouncilStep, on: date) -> str:
    if step.way.planned_on is None:
        return _("The council: decide, no day is planned")
    return _("The council: decide on %(day)s") % {"day": show_day(step.way.planned_on, on)}


def _say_appeal_time(step: CouncilStep, on: date) -> str:
    decision = step.council.decision
    force = gained_force_on(to_engine_council(decision)) if decision is not None else None
    if decision is not None and decision.announced_on is not None and decision.legal_force_on is None:
        return _("The time to appeal, until %(day)s") % {"day": show_day(last_day_of_appeal(decision.announced_on), on)}
    return _("Legal force on %(day)s") % {"day": show_day(force, on)}


_WAITS: dict[Wait, Callable[[CouncilStep, date], str]] = {
    Wait.SENDING: lambda _step, _on: _("The federation: send the package"),
    Wait.DECISION: _say_decision,
    Wait.LATE_DECISION: lambda step, on: (
        _("The council: the planned %(day)s has passed") % {"day": show_day(step.way.planned_on, on)}
    ),
    Wait.COURT: lambda _step, _on: _("The court: the decision is appealed"),
    Wait.NOTICE: lambda _step, _on: _("The municipality: put up the notice"),
    Wait.SIGNATURE: lambda _step, _on: _("The municipality: sign the recourse agreement"),
    Wait.APPEAL_TIME: _say_appeal_time,
    Wait.NOTHING: lambda _step, _on: _("Nothing"),
}


def say_last(state: PackageState) -> str:
    """Return whose council decides the day."""
    return join([step.municipality.name for step in state.last])


def say_chart(state: PackageState) -> str:
    """Return the finding of the chart of the councils' days."""
    if state.state.in_force_on is not None:
        return _("All councils have decided")
    if state.earliest_on is None:
        return _("The day can't be told yet")
    if any(step.wait == Wait.LATE_DECISION for step in state.steps):
        return _("Planned days have passed: in force on %(day)s at the earliest") % {
            "day": show_day(state.earliest_on, state.on)
        }
    words = ngettext("%(names)s is last and decides the day", "%(names)s are last and decide the day", len(state.last))
    return words % {"names": say_last(state)}


def list_thoughts(state: PackageState, debts: Sequence[YearDebt], in_force_ore: int | None) -> list[Thought]:
    """Return what to look out for, the nearest first."""
    makers = (
        _think_of_signatures,
        _think_of_late,
        _think_of_court,
        _think_of_last,
        _think_of_coming,
        _think_of_no_plan,
    )
    found = [thought for make in makers for thought in make(state)]
    return [*found, *_think_of_headroom(debts, in_force_ore)]


def _names(steps: Sequence[CouncilStep]) -> str:
    return join([step.municipality.name for step in steps])


def _think_of_signatures(state: PackageState) -> list[Thought]:
    if state.agreement is None:
        note = _("Enter the shares on the framework's page, so that the agreement can be signed.")
        return [Thought(_("No recourse agreement is entered"), note)]
    steps = [step for step in state.steps if step.wait == Wait.SIGNATURE]
    if not steps:
        return []
    words = ngettext(
        "%(names)s has not signed the recourse agreement",
        "%(names)s have not signed the recourse agreement",
        len(steps),
    )
    note = _("The old agreement applies until all %(count)s have done so.") % {
        "count": len(state.agreement.parties.all())
    }
    return [Thought(words % {"names": _names(steps)}, note)]


def _think_of_late(state: PackageState) -> list[Thought]:
    steps = [step for step in state.steps if step.wait == Wait.LATE_DECISION]
    if not steps:
        return []
    words = ngettext("The planned day of %(names)s has passed", "The planned days of %(names)s have passed", len(steps))
    note = _("Register what the council decided, or a new day that it plans.")
    return [Thought(words % {"names": _names(steps)}, note)]


def _think_of_court(state: PackageState) -> list[Thought]:
    steps = [step for step in state.steps if step.wait == Wait.COURT]
    if not steps:
        return []
    words = ngettext("The decision of %(names)s is appealed", "The decisions of %(names)s are appealed", len(steps))
    note = _("It counts only from a day of legal force that is entered.")
    return [Thought(words % {"names": _names(steps)}, note)]


def _think_of_last(state: PackageState) -> list[Thought]:
    late = any(step.wait == Wait.LATE_DECISION for step in state.steps)
    if state.earliest_on is None or state.state.in_force_on is not None or late or not state.last:
        return []
    words = ngettext("%(names)s decides the day", "%(names)s decide the day", len(state.last)) % {
        "names": say_last(state)
    }
    told = {
        "notice": show_day(latest_notice(state.earliest_on), state.on),
        "day": show_day(state.earliest_on, state.on),
    }
    return [Thought(words, _("A notice put up after %(notice)s moves %(day)s ahead.") % told)]


def _think_of_coming(state: PackageState) -> list[Thought]:
    steps = [step for step in state.steps if step.wait == Wait.DECISION and step.way.planned_on is not None]
    if not steps:
        return []
    words = ngettext("%(names)s has still to decide", "%(names)s have still to decide", len(steps)) % {
        "names": _names(steps)
    }
    return [Thought(words, _("The decision is valid only if all %(count)s decide it.") % {"count": len(state.steps)})]


def _think_of_no_plan(state: PackageState) -> list[Thought]:
    steps = [step for step in state.steps if step.wait == Wait.DECISION and step.way.planned_on is None]
    if not steps:
        return []
    words = ngettext("%(names)s has planned no day", "%(names)s have planned no day", len(steps)) % {
        "names": _names(steps)
    }
    return [Thought(words, _("Ask when the council decides, and register the day."))]


def _think_of_headroom(debts: Sequence[YearDebt], in_force_ore: int | None) -> list[Thought]:
    known = [row for row in debts if row.headroom is not None and row.framework == in_force_ore]
    if not known or in_force_ore is None:
        return []
    least = min(known, key=lambda row: row.headroom or 0)
    told = {"debt": format_tkr(least.debt), "framework": format_tkr(in_force_ore), "year": least.year}
    if (least.headroom or 0) < 0:
        note = _("The debt is %(debt)s tkr at the end of %(year)s, and the framework in force %(framework)s tkr.")
        return [Thought(_("The framework of today is not enough"), note % told)]
    words = _("The framework of today has %(left)s tkr left") % {"left": format_tkr(least.headroom)}
    note = _("That is at the end of %(year)s, when the debt is %(debt)s tkr. Try higher prices in the stress test.")
    return [Thought(words, note % told)]


def name_status(state: PackageState) -> tuple[str, str]:
    """Return how the package stands, as a mark and a word."""
    if state.state.in_force_on is not None and state.state.in_force_on <= state.on:
        return "approved", pgettext("of a framework", "In force")
    if state.package is None or state.package.sent_at is None:
        return "draft", _("Being written")
    return "submitted", _("With the councils")
