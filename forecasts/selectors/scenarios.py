"""Kept scenarios of the stress test: who may keep them, what they answer, and whether the budget has changed since."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import Budget
from engine.framework import Framework, headroom
from engine.money import allocate
from engine.stress import Inputs, Stressed, stress
from forecasts.models import StressScenario
from forecasts.selectors.stress import (
    RESERVED,
    Assumed,
    RecourseShare,
    cost_interest,
    list_repeated,
    merge_frameworks,
    share_recourse,
)
from forecasts.selectors.stress_base import Kept, StressBase, read_base, write_base
from forecasts.selectors.stress_inputs import Fault, Given, Reading
from objects.models.roles import Role, roles_of
from objects.selectors.reader import compiled_for_reader

if TYPE_CHECKING:
    from accounts.models import User

MEMBERS = "members"


@dataclass(frozen=True)
class Tried:
    """An answer with all that it came of. `interest` is öre by year, None where no rate is known."""

    base: StressBase
    inputs: Inputs
    frameworks: list[Framework]
    found: Stressed
    interest: dict[int, int | None]

    @property
    def assumed(self) -> list[Assumed]:
        """What it rests on that nobody stands for."""
        return [*self.base.assumed, *list_repeated(self.found, self.inputs)]


def can_keep_scenarios(user: User) -> bool:
    """Say whether the user may keep scenarios: the economist; who sees the budget's loans reads them."""
    return Role.ECONOMIST in roles_of(user)


def leave_headroom(framework: int, debt: int) -> int | None:
    """Return what a framework would leave of a debt that is tried, öre, in force or not."""
    return headroom(framework, debt)


def read_inputs(given: Given, base: StressBase) -> tuple[Inputs, list[Framework], list[Fault]]:
    """Return what is tried with the frameworks that are, and what is wrong with it."""
    reading = Reading(list(base.classes), RESERVED, base.debt.years[0], base.debt.years[-1])
    inputs, frameworks = reading.read(json.loads(json.dumps(given, default=float), parse_float=Decimal))
    return inputs, frameworks, reading.faults


def write_inputs(given: Given) -> Given:
    """Return inputs as JSON keeps them: a fraction as a number, which is read again as exactly the same."""
    written: Given = json.loads(json.dumps(given, default=float))
    return written


def try_inputs(base: StressBase, inputs: Inputs, frameworks: Sequence[Framework] = ()) -> Tried:
    """Return the answer; `frameworks` are those that are tried in the place of the federation's own."""
    merged = merge_frameworks(base.frameworks, frameworks)
    found = stress(base.debt, inputs, merged)
    return Tried(base, inputs, merged, found, cost_interest(base.debt, found, base.interest, inputs.interest_shift))


@dataclass(frozen=True)
class Opened:
    """A kept scenario: what it answered, and what it would answer today where the budget has changed since.

    `faults` are why it can't be tried today: a class that has gone.
    """

    scenario: StressScenario
    kept: Tried
    is_changed: bool
    today: Tried | None
    faults: list[Fault]


def open_scenario(scenario: StressScenario, base: StressBase | None) -> Opened:
    """Return what a scenario answered when it was kept, and what it answers on today's `base`, None if there is none."""
    kept = answer_kept(scenario)
    if base is None or write_base(base) == {key: kept for key, kept in scenario.base.items() if key != MEMBERS}:
        return Opened(scenario, kept, is_changed=base is None, today=None, faults=[])
    inputs, frameworks, faults = read_inputs(scenario.inputs, base)
    today = None if faults else try_inputs(base, inputs, frameworks)
    return Opened(scenario, kept, is_changed=True, today=today, faults=faults)


def answer_kept(scenario: StressScenario) -> Tried:
    """Return what a scenario answered when it was kept: from its own base, so from nothing that has changed since."""
    base = read_base(scenario.base)
    inputs, frameworks, _faults = read_inputs(scenario.inputs, base)
    return try_inputs(base, inputs, frameworks)


def keep_base(tried: Tried) -> Kept:
    """Return a base as a scenario keeps it, with what each member bears of the answer's highest debt."""
    shares = share_recourse(*_find_highest(tried), tried.base.frameworks)
    return {**write_base(tried.base), MEMBERS: [[row.name, str(row.share)] for row in shares]}


def _find_highest(tried: Tried) -> tuple[int, date]:
    highest = max(tried.found.months, key=lambda row: row.debt)
    return highest.debt, date(highest.year, highest.month, 1)


def share_kept(scenario: StressScenario, tried: Tried) -> list[RecourseShare]:
    """Return the members' shares as a scenario kept them."""
    shares = [(name, Fraction(share)) for name, share in scenario.base[MEMBERS]]
    parts = allocate(_find_highest(tried)[0], [share for _name, share in shares]) if shares else []
    return [RecourseShare(name, share, ore) for (name, share), ore in zip(shares, parts, strict=True)]


def list_scenarios(user: User, budget: Budget) -> list[StressScenario]:
    """Return a budget's scenarios that the user may see, oldest first."""
    return _list_scenarios(user, budget.pk)


@compiled_for_reader
def _list_scenarios(user: User, budget_id: int) -> QuerySet[StressScenario]:
    rows = StressScenario.objects.visible_to(user).filter(budget=budget_id)
    return rows.select_related("author").order_by("pk")


def list_on_board(user: User, budget: Budget) -> list[StressScenario]:
    """Return those that are shown on the board's dashboard."""
    return _list_on_board(user, budget.pk)


@compiled_for_reader
def _list_on_board(user: User, budget_id: int) -> QuerySet[StressScenario]:
    rows = StressScenario.objects.visible_to(user).filter(budget=budget_id, is_on_board=True)
    return rows.order_by("pk")


def find_scenario(user: User, budget: Budget, key: UUID) -> StressScenario | None:
    """Return the scenario of the address, if the user may see it."""
    rows = StressScenario.objects.visible_to(user).filter(budget=budget, uuid=key)
    found: StressScenario | None = rows.select_related("author", "budget").first()
    return found
