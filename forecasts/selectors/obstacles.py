"""What stands against a step that can't be taken back: compiling, proposing, adopting and billing a budget.

It is told and confirmed by reading; only what makes figures wrong is refused, by the step itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Model, Q

from budgets.models import AllocationKey, Budget, CostLine, RollUpState, SubBudget, WorkflowStep
from budgets.selectors.budgets import is_behind
from budgets.selectors.shares import list_products_without_key
from budgets.selectors.sheets import list_copies
from forecasts.models import Forecast
from forecasts.selectors.loans import (
    list_assumed,
    list_awaited,
    list_faulty_loans,
    list_framework_states,
    list_loans_without_plan,
    list_unknown,
)
from forecasts.selectors.stored import load_stored
from investments.models import Investment, Loan, LoanInstalment, PlannedLoan, PlannedRepayment
from investments.selectors.loans import list_planned_loans, load_debt_plan
from investments.selectors.purchases import list_investments
from records.models import Provenance
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User

Status = SubBudget.Status


class Against(StrEnum):
    """A kind of thing that stands against a step."""

    BEHIND = "behind"
    UNAPPROVED = "unapproved"
    OVER_FRAMEWORK = "over_framework"
    NO_FRAMEWORK = "no_framework"
    COUNCILS = "councils"
    DEBT_UNKNOWN = "debt_unknown"
    FAULTY_PLAN = "faulty_plan"
    NO_PLAN = "no_plan"
    UNKNOWN = "unknown"
    COPIED = "copied"
    NO_KEY = "no_key"
    ASSUMED = "assumed"
    UNMARKED = "unmarked"


@dataclass(frozen=True)
class Obstacle:
    """One of them: the names or years it concerns, and how many there are where they are not named.

    `assumed` are the movements of the loan forecast that it rests on and that are assumed.
    """

    against: Against
    names: Sequence[str] = ()
    count: int = 0
    years: Sequence[int] = ()
    assumed: frozenset[str] = frozenset()


def list_obstacles(budget: Budget, user: User) -> list[Obstacle]:
    """Return what stands against the next step of a budget, the gravest first."""
    unapproved = list_unapproved(budget)
    keyless = [product.name for product in list_products_without_key(budget)]
    found = [
        Obstacle(Against.BEHIND, count=int(is_behind(budget))),
        Obstacle(Against.UNAPPROVED, [name_of(row) for row in unapproved]),
        *_find_debt(budget, user),
        Obstacle(Against.UNKNOWN, [row.asset_class.name for row in list_unknown(list_investments(budget))]),
        Obstacle(Against.COPIED, count=list_copies(budget).count()),
        Obstacle(Against.NO_KEY, keyless),
        *_find_assumed(budget),
    ]
    return [obstacle for obstacle in found if obstacle.names or obstacle.years or obstacle.count]


def list_obstacles_of(sub_budget: SubBudget) -> list[Obstacle]:
    """Return what stands against approving one sub-budget, beside what its lines say: its totals are behind."""
    state = RollUpState.objects.filter(sub_budget=sub_budget).first()
    is_summed = state is not None and state.changed == state.summed
    return [] if is_summed else [Obstacle(Against.BEHIND, count=1)]


def list_unapproved(budget: Budget) -> list[SubBudget]:
    """Return the sub-budgets that nobody has approved, also those that were locked without it."""
    steps = WorkflowStep.objects.filter(sub_budget__budget=budget, to_state=Status.LOCKED).order_by("pk")
    before = dict(steps.values_list("sub_budget", "from_state"))
    approved = {Status.APPROVED, Status.LOCKED}
    rows = SubBudget.objects.filter(budget=budget).order_by("position", "pk")
    return [
        row
        for row in rows
        if row.status not in approved
        or (row.status == Status.LOCKED and before.get(row.pk, "approved") not in approved)
    ]


def _find_debt(budget: Budget, user: User) -> list[Obstacle]:
    stored = load_stored(budget, Forecast.Kind.LOAN)[Forecast.Kind.LOAN]
    figures = stored.amounts
    frameworks, rooms = figures.get("borrowing_framework", {}), figures.get("headroom", {})
    years = [year for year in sorted(rooms) if year >= budget.fiscal_year]
    over = [year for year in years if (rooms[year] or 0) < 0]
    awaited = [council for state in list_awaited(list_framework_states(user)) for council in state.missing]
    loans = list(list_planned_loans(budget))
    plan = load_debt_plan(loans)
    missing = [] if plan is None else plan.opening.missing
    return [
        Obstacle(
            Against.OVER_FRAMEWORK, years=over, assumed=list_assumed(stored, until=over[-1]) if over else frozenset()
        ),
        Obstacle(Against.NO_FRAMEWORK, [str(year) for year in years if frameworks.get(year) is None]),
        Obstacle(Against.COUNCILS, [council.municipality.name for council in awaited]),
        Obstacle(Against.DEBT_UNKNOWN, [f"{name} {year}" for name, year in missing]),
        Obstacle(Against.FAULTY_PLAN, [str(loan) for loan in list_faulty_loans(loans)]),
        Obstacle(Against.NO_PLAN, [str(loan) for loan in list_loans_without_plan(loans)]),
    ]


def _find_assumed(budget: Budget) -> list[Obstacle]:
    """Count what is assumed, and of what can carry a note what none explains."""
    with_note: list[type[Model]] = [CostLine, Investment, PlannedLoan]
    without: list[type[Model]] = [PlannedRepayment, AllocationKey]
    shared: list[type[Model]] = [Loan, LoanInstalment]
    is_assumed = Q(provenance=Provenance.ASSUMED)
    own = is_assumed & Q(budget=budget)
    count = _count([*with_note, *without], own) + _count(shared, is_assumed)
    return [
        Obstacle(Against.ASSUMED, count=count),
        Obstacle(Against.UNMARKED, count=_count(with_note, own & Q(note=""))),
    ]


def _count(models: Sequence[type[Model]], condition: Q) -> int:
    return sum(model._default_manager.filter(condition).count() for model in models)
