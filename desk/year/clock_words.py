"""What the steps of a budget's year are called, who does them, on which page, and by which rule they have their day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from budgets.models import Budget, SubBudget
from desk.year.selectors import ClockDay
from engine.clock import StepState
from objects.models.roles import EDITORS, REVIEWERS, Role
from objects.selectors.registers import KEEPERS
from pages.words import join
from web.names import name_of

ECONOMIST, SECRETARY = gettext_lazy("Economist"), gettext_lazy("Secretary of the federation")
MANAGERS, OWNERS, BOARD = gettext_lazy("Object managers"), gettext_lazy("Steering groups"), gettext_lazy("Board")
RUNNERS = frozenset({Role.ECONOMIST})
# Of each step: what it is called, who does it, the page where it is done, and whose roles may act there.
NAMES: dict[str, str | Promise] = {
    "started": gettext_lazy("%(budget)s started from %(subject)s"),
    "next_start": gettext_lazy("The budget of %(year)s is started"),
    "object_plans": gettext_lazy("The object plans are agreed on"),
    "submit": gettext_lazy("The sub-budgets are submitted"),
    "submit_one": gettext_lazy("%(subject)s is submitted"),
    "approve": gettext_lazy("The steering groups approve"),
    "approve_one": gettext_lazy("%(subject)s is approved"),
    "announce": gettext_lazy("Last day to announce the meeting"),
    "meeting": gettext_lazy("The board adopts %(budget)s"),
    "minutes": gettext_lazy("The notice of the minutes is put up"),
    "appeal": gettext_lazy("Last day to appeal the budget decision"),
    "councils": gettext_lazy("The councils have decided on the borrowing framework"),
    "guarantee": gettext_lazy("The guarantee decision becomes ten years old"),
    "loan": gettext_lazy("%(subject)s is repaid"),
    "notice": gettext_lazy("Last day of notice of the contract %(subject)s"),
    "contract_ends": gettext_lazy("The contract %(subject)s ends"),
    "accounts": gettext_lazy("The accounts of %(year)s are handed to the members"),
    "interim": gettext_lazy("The interim report is handed over"),
    "price_letter": gettext_lazy("The price letter for %(year)s goes to the members"),
    "own": "%(subject)s",
}
PHASE_NAMES: dict[str, Promise] = {
    "conditions": pgettext_lazy("phase", "Conditions"),
    "sub_budgets": pgettext_lazy("phase", "Sub-budgets"),
    "decision": gettext_lazy("Decision"),
    "prices": gettext_lazy("Prices"),
    "interim": pgettext_lazy("phase", "Interim report"),
    "next": gettext_lazy("Next budget"),
}
WHO: dict[str, str | Promise] = {
    "object_plans": OWNERS, "submit": MANAGERS, "submit_one": MANAGERS, "approve": OWNERS, "approve_one": OWNERS,
    "announce": SECRETARY, "meeting": BOARD, "minutes": SECRETARY, "appeal": SECRETARY, "councils": SECRETARY,
    "guarantee": SECRETARY,
}  # fmt: skip
TO_DECISIONS, TO_SUB_BUDGETS = ("reports:decisions", ()), ("budgets:sub_budgets", ("budget",))
PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "started": ("budgets:start_log", ("budget",)),
    "next_start": ("budgets:start", ("budget",)),
    "object_plans": ("reports:objects", ()),
    "submit": TO_SUB_BUDGETS,
    "submit_one": TO_SUB_BUDGETS,
    "approve": TO_SUB_BUDGETS,
    "approve_one": TO_SUB_BUDGETS,
    "announce": TO_DECISIONS,
    "meeting": ("reports:dashboard", ("budget",)),
    "minutes": TO_DECISIONS,
    "appeal": TO_DECISIONS,
    "councils": ("forecasts:loans", ("budget",)),
    "guarantee": ("forecasts:loans", ("budget",)),
    "loan": ("forecasts:loans", ("budget",)),
    "notice": ("objects:contracts", ()),
    "contract_ends": ("objects:contracts", ()),
}
PAGE_NAMES: dict[str, str | Promise] = {
    "budgets:start_log": gettext_lazy("How it was started"),
    "budgets:start": gettext_lazy("Start a new budget"),
    "reports:objects": gettext_lazy("Objects and plans"),
    "objects:contracts": gettext_lazy("Contracts"),
    "budgets:sub_budgets": gettext_lazy("Sub-budgets"),
    "reports:decisions": gettext_lazy("Decisions"),
    "reports:dashboard": gettext_lazy("Dashboard for the board"),
    "forecasts:loans": gettext_lazy("Loans and framework"),
}
ACTORS: dict[str, frozenset[Role]] = {
    "object_plans": EDITORS | REVIEWERS | RUNNERS,
    "submit": EDITORS | RUNNERS,
    "submit_one": EDITORS | RUNNERS,
    "approve": REVIEWERS | RUNNERS,
    "approve_one": REVIEWERS | RUNNERS,
    "announce": KEEPERS,
    "minutes": KEEPERS,
    "appeal": KEEPERS,
    "councils": KEEPERS,
    "guarantee": KEEPERS,
    "meeting": KEEPERS | {Role.BOARD},
    "notice": EDITORS | RUNNERS,
    "contract_ends": EDITORS | RUNNERS,
}
HEADINGS: dict[StepState, str | Promise] = {
    StepState.LATE: pgettext_lazy("steps", "Late"),
    StepState.NEXT: gettext_lazy("Next 30 days"),
    StepState.LATER: gettext_lazy("Later"),
    StepState.UNDATED: gettext_lazy("No day yet"),
    StepState.DONE: pgettext_lazy("steps", "Done"),
}


def name_step(day: ClockDay, budget: Budget) -> str:
    """Return what a step is called."""
    subject = name_of(day.subject) if isinstance(day.subject, SubBudget) else day.subject
    return str(NAMES[day.code]) % {"budget": budget.name, **day.facts, "subject": subject}


def say_who(day: ClockDay) -> str:
    """Return who does it."""
    if day.code == "own":
        return day.who
    return str(WHO.get(day.code, ECONOMIST))


def find_page(day: ClockDay, budget: Budget, roles: frozenset[str]) -> tuple[str, str]:
    """Return the name and the address of a step's page; no address for who can't act there."""
    if day.code not in PAGES:
        return "", ""
    name, takes = PAGES[day.code]
    label = str(PAGE_NAMES[name])
    if not roles & ACTORS.get(day.code, RUNNERS):
        return label, ""
    if isinstance(day.subject, SubBudget):
        return name_of(day.subject), reverse("budgets:sub_budget", args=[budget.slug, day.subject.slug])
    if day.decision is not None and name == "reports:decisions":
        return label, reverse("reports:decision", args=[day.decision.uuid])
    return label, reverse(name, args=[budget.slug] if takes else [])


def _show(day: object) -> str:
    return date_format(day, "j F Y") if isinstance(day, date) else ""


def _say_count(day: ClockDay, said: str) -> str:
    return said % day.facts


NOTES: dict[str, Callable[[ClockDay], str]] = {
    "object_plans": lambda day: _say_count(day, _("%(count)s of %(all)s objects have an agreed plan")),
    "submit": lambda day: _say_count(day, _("%(count)s of %(all)s are submitted")),
    "approve": lambda day: _say_count(day, _("%(count)s of %(all)s are approved")),
    "announce": lambda day: _say_after(day, "meeting", _("Seven days before the meeting on %(day)s")),
    "minutes": lambda day: (
        _say_after(day, "approved", _("Two days after the minutes were approved on %(day)s"))
        or ("" if day.is_done else _("Follows when the minutes are approved"))
    ),
    "appeal": lambda day: (
        _say_after(day, "noticed", _("Notice on %(day)s and three weeks"))
        or ("" if day.is_done else _("Follows when the notice is put up"))
    ),
    "councils": lambda day: _say_missing(day),
    "guarantee": lambda day: _say_after(day, "decided", _("Decided on %(day)s; loans raised after that are flagged")),
    "accounts": lambda day: _say_law(day),
    "interim": lambda day: _say_after(day, "end", _("Two months after %(day)s")) + _say_planned(day),
}


def say_note(day: ClockDay) -> str:
    """Return what is said of a step: how far it has come, or by which rule it has its day."""
    return NOTES[day.code](day) if day.code in NOTES else ""


def _say_after(day: ClockDay, fact: str, said: str) -> str:
    return said % {"day": _show(day.facts[fact])} if day.facts.get(fact) else ""


def _say_missing(day: ClockDay) -> str:
    missing = day.facts.get("missing")
    names = [str(name) for name in missing] if isinstance(missing, list) else []
    said = _("In force when the last of them has legal force")
    awaited = _("Awaited: %(names)s") % {"names": join(names)}
    return f"{awaited}. {said}" if names else said


def _say_law(day: ClockDay) -> str:
    return _("Last day by law %(day)s") % {"day": _show(day.rule_on)}


def _say_planned(day: ClockDay) -> str:
    return f", {_show(day.rule_on)}" if day.rule_on and day.rule_on != day.on else ""


def say_left(day: ClockDay, today: date) -> str:
    """Return how a step stands: done, so many days late or left."""
    state = day.state(today)
    if state == StepState.DONE:
        return _("Done %(day)s") % {"day": _show(day.done_on)} if day.done_on and day.done_on != day.on else _("Done")
    if day.on is None:
        return ""
    days = abs((day.on - today).days)
    if state == StepState.LATE:
        return ngettext("%(count)s day late", "%(count)s days late", days) % {"count": days}
    if days == 0:
        return _("today")
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}
