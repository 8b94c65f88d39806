"""The register's rows and the meetings to come, with their words and the addresses they lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.selectors.budgets import find_default_budget
from desk.decisions.selectors import DecisionState, list_agendas, load_decision_states
from desk.decisions.words import name_body, say_worth
from engine.decisions import Standing
from forecasts.selectors import FrameworkState
from objects.models import Decision
from objects.words import list_warnings
from web.numbers import format_tkr

if TYPE_CHECKING:
    from accounts.models import User

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
    governs: list[Governed]
    frameworks: list[FrameworkState]

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


def load_decision_rows(decisions: Iterable[Decision], user: User, today: date) -> list[DecisionRow]:
    """Decisions, as `list_decisions` reads them, with their standing on a day and what they govern."""
    states = load_decision_states(decisions, user, today)
    shown = find_default_budget(user)
    equity_url = reverse("forecasts:equity", args=[shown.slug]) if shown else ""
    return [_row(state, equity_url) for state in states]


def _row(state: DecisionState, equity_url: str) -> DecisionRow:
    budgets = [Governed(budget.name, reverse("reports:overview", args=[budget.slug])) for budget in state.budgets]
    frameworks = [
        Governed(_name_framework(row), reverse("reports:framework", args=[row.framework.uuid]))
        for row in state.frameworks
    ]
    requests = [
        Governed(row.name, reverse("forecasts:request", args=[row.budget.slug, row.uuid])) for row in state.requests
    ]
    funds = [Governed(fund.name, equity_url) for fund in state.funds]
    worth, governed = state.worth, [*budgets, *frameworks, *requests, *funds]
    return DecisionRow(state.decision, worth.standing, say_worth(worth), governed, state.frameworks)


def _name_framework(state: FrameworkState) -> str:
    return _("Borrowing framework %(amount)s tkr") % {"amount": format_tkr(state.framework.amount_ore)}


@dataclass(frozen=True)
class Meeting:
    """A meeting to come, or none dated yet, with its items and what is to be known about each."""

    body: str
    meeting_on: date | None
    items: list[tuple[Decision, list[str]]]
    announced_on: date | None
    announce_by: date | None


def list_meetings(user: User, today: date) -> list[Meeting]:
    """The planned decisions by meeting, the soonest first and what has no day last."""
    return [
        Meeting(
            name_body(agenda.items[0]),
            agenda.meeting_on,
            [(decision, list_warnings(decision, today)) for decision in agenda.items],
            agenda.announced_on,
            agenda.announce_by,
        )
        for agenda in list_agendas(user)
    ]
