"""The register of decisions with what each governs and what it still waits for.

A framework's councils are kept with the framework (rule 8), so the decision behind it shows them as its conditions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from budgets.models import Budget
from budgets.selectors.budgets import find_default_budget
from engine.decisions import Condition, Standing, announce_by, find_open, find_standing, in_force_from
from forecasts.selectors import FrameworkState, list_framework_states
from investments.models import BorrowingFramework, CouncilDecision
from objects.models import Decision, Municipality
from objects.selectors.decisions import list_next_items, list_warnings
from web.numbers import format_tkr

if TYPE_CHECKING:
    from accounts.models import User

STANDINGS: dict[Standing, str | Promise] = {
    Standing.PLANNED: pgettext_lazy("decision", "planned"),
    Standing.WAITS: gettext_lazy("waits for something"),
    Standing.APPEALABLE: gettext_lazy("may be appealed"),
    Standing.IN_FORCE: gettext_lazy("in force"),
    Standing.UNKNOWN: gettext_lazy("decided, legal force not known"),
    Standing.NOTED: pgettext_lazy("decision", "noted"),
    Standing.SUPERSEDED: gettext_lazy("superseded"),
}
MARKS = {
    Standing.PLANNED: "draft",
    Standing.WAITS: "warn",
    Standing.APPEALABLE: "submitted",
    Standing.IN_FORCE: "approved",
    Standing.UNKNOWN: "info",
    Standing.NOTED: "info",
    Standing.SUPERSEDED: "locked",
}


@dataclass(frozen=True)
class Governed:
    """Something that a decision governs."""

    label: str
    url: str


@dataclass(frozen=True)
class DecisionRow:
    """A decision as the register shows it."""

    decision: Decision
    standing: Standing
    words: str
    governs: list[Governed] = field(default_factory=list)
    frameworks: list[FrameworkState] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """How its standing looks."""
        return MARKS[self.standing]

    @property
    def body(self) -> str:
        """Who decides: the board, or a municipality's council."""
        return name_body(self.decision)

    @property
    def governs_label(self) -> str:
        """What it governs, in words."""
        return ", ".join(governed.label for governed in self.governs)


def name_body(decision: Decision) -> str:
    """Who decides: the board, or a municipality's council."""
    if decision.municipality is None:
        return str(decision.get_body_display())
    return _("council of %(municipality)s") % {"municipality": decision.municipality}


def load_decision_rows(decisions: Iterable[Decision], user: User, today: date) -> list[DecisionRow]:
    """Decisions, as `list_decisions` reads them, with their standing on a day and what they govern."""
    decisions = list(decisions)
    states = _states_by_decision(user)
    governed = _load_governed(user, states)
    return [
        DecisionRow(
            decision, *_stand(decision, states, today), governs=governed[decision.pk], frameworks=states[decision.pk]
        )
        for decision in decisions
    ]


def find_council(
    user: User, decision: Decision, code: str
) -> tuple[BorrowingFramework, Municipality, CouncilDecision | None] | None:
    """The framework that a decision raises, the member with this code, and what its council has decided, if anything."""
    for state in list_framework_states(user):
        for council in state.councils:
            if state.framework.decided_by_id == decision.pk and council.municipality.code == code:
                return state.framework, council.municipality, council.decision
    return None


def _states_by_decision(user: User) -> dict[int | None, list[FrameworkState]]:
    states: dict[int | None, list[FrameworkState]] = defaultdict(list)
    for state in list_framework_states(user):
        states[state.framework.decided_by_id].append(state)
    return states


def _load_governed(user: User, states: dict[int | None, list[FrameworkState]]) -> dict[int | None, list[Governed]]:
    found: dict[int | None, list[Governed]] = defaultdict(list)
    for budget in Budget.objects.visible_to(user).exclude(adopted_by=None).order_by("fiscal_year", "created_at"):
        found[budget.adopted_by_id].append(Governed(budget.name, reverse("reports:overview", args=[budget.slug])))
    shown = find_default_budget(user)
    url = f"{reverse('forecasts:loans', args=[shown.slug])}#frameworks" if shown else ""
    for decision, own in states.items():
        for state in own:
            label = _("Borrowing framework %(amount)s tkr") % {"amount": format_tkr(state.framework.amount_ore)}
            found[decision].append(Governed(label, url))
    return found


def _conditions(decision: Decision, states: dict[int | None, list[FrameworkState]]) -> list[Condition]:
    own = [
        Condition(condition.municipality.name if condition.municipality else "", condition.met_from)
        for condition in decision.conditions.all()
    ]
    councils = [
        Condition(council.municipality.name, council.gained_on)
        for state in states[decision.pk]
        for council in state.councils
    ]
    return [*own, *councils]


def _stand(decision: Decision, states: dict[int | None, list[FrameworkState]], today: date) -> tuple[Standing, str]:
    conditions = _conditions(decision, states)
    later = [row for row in decision.superseded_by.all() if not row.is_planned]
    standing = find_standing(
        is_planned=decision.is_planned,
        needs_force=decision.kind != Decision.Kind.INFORMATION,
        own=decision.force_on,
        conditions=conditions,
        superseded_from=[in_force_from(row.force_on, _conditions(row, states)) for row in later],
        on=today,
    )
    return standing, _say(standing, decision, conditions, today)


def _say(standing: Standing, decision: Decision, conditions: list[Condition], today: date) -> str:
    day = in_force_from(decision.force_on, conditions)
    if standing == Standing.WAITS:
        return _say_waits(conditions, find_open(conditions, today))
    if standing == Standing.IN_FORCE and day:
        return _("in force from %(day)s") % {"day": _shown(day)}
    if standing == Standing.APPEALABLE and day:
        return _("gains legal force %(day)s") % {"day": _shown(day)}
    return str(STANDINGS[standing])


def _say_waits(conditions: list[Condition], still_open: list[Condition]) -> str:
    counts = {"open": len(still_open), "all": len(conditions)}
    if all(condition.council for condition in conditions):
        said = ngettext(
            "waits for %(open)s of %(all)s council", "waits for %(open)s of %(all)s councils", counts["all"]
        )
    else:
        said = ngettext(
            "waits for %(open)s of %(all)s condition", "waits for %(open)s of %(all)s conditions", counts["all"]
        )
    return said % counts


def _shown(day: date) -> str:
    return date_format(day, "Y-m-d")


# The next meeting


@dataclass(frozen=True)
class Meeting:
    """A meeting to come, or none dated yet, with its items; `announce_by` where it sets the budget."""

    body: str
    meeting_on: date | None
    items: list[tuple[Decision, list[str]]]
    announced_on: date | None
    announce_by: date | None


def list_meetings(user: User, today: date) -> list[Meeting]:
    """The planned decisions by meeting, the soonest first and what has no day last."""
    groups: dict[tuple[str, date | None], list[Decision]] = defaultdict(list)
    for decision in list_next_items(user):
        groups[name_body(decision), decision.meeting_on].append(decision)
    return [_meeting(body, day, items, today) for (body, day), items in groups.items()]


def _meeting(body: str, day: date | None, items: list[Decision], today: date) -> Meeting:
    sets_budget = any(row.kind == Decision.Kind.ADOPT_BUDGET and row.body == Decision.Body.BOARD for row in items)
    announced = [row.announced_on for row in items if row.announced_on]
    return Meeting(
        body,
        day,
        [(row, list_warnings(row, today)) for row in items],
        min(announced) if announced else None,
        announce_by(day) if day and sets_budget else None,
    )
