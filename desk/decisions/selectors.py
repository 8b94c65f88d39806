"""The register of decisions with what each governs and what it still waits for.

A framework's councils are kept with the framework (rule 8), so the decision behind it shows them as its conditions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from budgets.models import Budget
from engine.decisions import Condition, Standing, announce_by, find_open, find_standing, in_force_from
from forecasts.selectors import FrameworkState, list_framework_states
from investments.models import BorrowingFramework, CouncilDecision, EquityFund, SupplementaryRequest
from objects.models import Decision, Municipality
from objects.selectors.decisions import list_next_items

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Worth:
    """What a decision is worth on a day: its standing, from when it is in force, and what it waits for."""

    standing: Standing
    in_force_on: date | None
    conditions: list[Condition]
    still_open: list[Condition]


@dataclass(frozen=True)
class DecisionState:
    """A decision with what it is worth and what it governs."""

    decision: Decision
    worth: Worth
    budgets: list[Budget]
    frameworks: list[FrameworkState]
    requests: list[SupplementaryRequest]
    funds: list[EquityFund]


def load_decision_states(decisions: Iterable[Decision], user: User, today: date) -> list[DecisionState]:
    """Decisions, as `list_decisions` reads them, with their standing on a day and what they govern."""
    decisions = list(decisions)
    states = _states_by_decision(user)
    budgets, requests, funds = _load_adopted(user), _load_requests(user), _load_funds(user)
    return [
        DecisionState(
            decision,
            _weigh(decision, states, today),
            budgets.get(decision.pk, []),
            states.get(decision.pk, []),
            requests.get(decision.pk, []),
            funds.get(decision.pk, []),
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


def _load_adopted(user: User) -> dict[int | None, list[Budget]]:
    """The budgets that the user may see, by the decision that adopted each."""
    adopted: dict[int | None, list[Budget]] = defaultdict(list)
    for budget in Budget.objects.visible_to(user).exclude(adopted_by=None).order_by("fiscal_year", "created_at"):
        adopted[budget.adopted_by_id].append(budget)
    return adopted


def _load_requests(user: User) -> dict[int | None, list[SupplementaryRequest]]:
    """The supplementary requests that the user may see, by the decision that answers each."""
    answered: dict[int | None, list[SupplementaryRequest]] = defaultdict(list)
    for row in SupplementaryRequest.objects.visible_to(user).exclude(decision=None).select_related("budget"):
        answered[row.decision_id].append(row)
    return answered


def _load_funds(user: User) -> dict[int | None, list[EquityFund]]:
    """The funds for use of equity, by the decision behind each."""
    decided: dict[int | None, list[EquityFund]] = defaultdict(list)
    for fund in EquityFund.objects.visible_to(user).exclude(decision=None):
        decided[fund.decision_id].append(fund)
    return decided


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


def _weigh(decision: Decision, states: dict[int | None, list[FrameworkState]], today: date) -> Worth:
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
    return Worth(standing, in_force_from(decision.force_on, conditions), conditions, find_open(conditions, today))


# The next meeting


@dataclass(frozen=True)
class Agenda:
    """The planned decisions of a meeting to come, or of none dated yet; `announce_by` where it sets the budget."""

    meeting_on: date | None
    items: list[Decision]
    announced_on: date | None
    announce_by: date | None


def list_agendas(user: User) -> list[Agenda]:
    """The planned decisions by meeting, the soonest first and what has no day last."""
    groups: dict[tuple[str, int | None, date | None], list[Decision]] = defaultdict(list)
    for decision in list_next_items(user):
        groups[decision.body, decision.municipality_id, decision.meeting_on].append(decision)
    return [_agenda(day, items) for (_body, _municipality, day), items in groups.items()]


def _agenda(day: date | None, items: list[Decision]) -> Agenda:
    sets_budget = any(row.kind == Decision.Kind.ADOPT_BUDGET and row.body == Decision.Body.BOARD for row in items)
    announced = [row.announced_on for row in items if row.announced_on]
    return Agenda(day, items, min(announced) if announced else None, announce_by(day) if day and sets_budget else None)
