"""How far a proposed framework has come with each council, and when it can be in force; what a framework is warned of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from budgets.models import Budget
from engine.councils import Expected, Wait, Way, earliest_in_force, expect, find_wait, list_last
from engine.framework import Framework, framework_at, is_guarantee_old
from forecasts.selectors.loans import Council, FrameworkState, YearDebt
from investments.models import CouncilPackage, PackageCouncil, RecourseAgreement, RecourseParty
from investments.selectors.frameworks import load_memberships
from investments.selectors.loans import list_planned_loans
from investments.selectors.packages import find_package
from investments.selectors.recourse import find_recourse, recourse_in_force_from
from objects.models import Municipality
from records.models import Provenance

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class CouncilStep:
    """One council's way: what is known and planned, the days to expect, and what is next.

    `is_planned_assumed` tells whether nobody has stood up for its plan, `is_decided_assumed` for its decision.
    """

    council: Council
    way: Way
    expected: Expected
    wait: Wait
    plan: PackageCouncil | None
    party: RecourseParty | None

    @property
    def municipality(self) -> Municipality:
        """Whose council it is."""
        return self.council.municipality

    @property
    def is_plan_assumed(self) -> bool:
        """Whether nobody has stood up for its plan."""
        return self.plan is not None and self.plan.provenance == Provenance.ASSUMED

    @property
    def is_decision_assumed(self) -> bool:
        """Whether nobody has stood up for what it decided."""
        decision = self.council.decision
        return decision is not None and decision.provenance == Provenance.ASSUMED


@dataclass(frozen=True)
class PackageState:
    """A framework with its package, its recourse agreement and each council's way, as of a day."""

    state: FrameworkState
    package: CouncilPackage | None
    agreement: RecourseAgreement | None
    steps: list[CouncilStep]
    earliest_on: date | None
    on: date

    @property
    def last(self) -> list[CouncilStep]:
        """The councils whose legal force decides the day."""
        days = {str(step.municipality.pk): step.expected.force_on for step in self.steps}
        keys = set(list_last(days, self.earliest_on))
        return [step for step in self.steps if str(step.municipality.pk) in keys]

    @property
    def waiting(self) -> list[CouncilStep]:
        """The councils with something next, in their order."""
        return [step for step in self.steps if step.wait != Wait.NOTHING]

    @property
    def signed(self) -> list[CouncilStep]:
        """The councils whose municipality has signed the recourse agreement."""
        return [step for step in self.steps if step.way.signed_on is not None]

    @property
    def recourse_from(self) -> date | None:
        """When the last party signed the recourse agreement; None while one has not, or there is none."""
        return recourse_in_force_from(self.agreement) if self.agreement is not None else None


def find_framework_state(states: Iterable[FrameworkState], uuid: UUID) -> FrameworkState | None:
    """Return one of the frameworks with their councils; None where it is none of them."""
    return next((state for state in states if state.framework.uuid == uuid), None)


def find_in_force(states: Iterable[FrameworkState], on: date) -> int | None:
    """Return the öre of the framework in force on a day, None where none is."""
    return framework_at([Framework(row.framework.amount_ore, row.in_force_on) for row in states], on)


def load_package_state(user: User, state: FrameworkState, on: date) -> PackageState:
    """Return how far a framework has come on a day; what is drafted of its package is for those who may see that."""
    package, agreement = find_package(user, state.framework), find_recourse(state.framework)
    plans = {row.municipality_id: row for row in package.councils.all()} if package is not None else {}
    parties = {row.municipality_id: row for row in agreement.parties.all()} if agreement is not None else {}
    steps = [
        _step(council, plans.get(council.municipality.pk), parties.get(council.municipality.pk), on)
        for council in state.councils
    ]
    ways = {str(step.municipality.pk): step.way for step in steps}
    earliest = state.in_force_on or earliest_in_force(ways, load_memberships(), on)
    return PackageState(state, package, agreement, steps, earliest, on)


def _step(council: Council, plan: PackageCouncil | None, party: RecourseParty | None, on: date) -> CouncilStep:
    decision = council.decision
    way = Way(
        sent_on=plan.sent_on if plan is not None else None,
        planned_on=plan.planned_on if plan is not None else None,
        planned_notice_on=plan.planned_notice_on if plan is not None else None,
        decided_on=decision.decided_on if decision is not None else None,
        announced_on=decision.announced_on if decision is not None else None,
        is_appealed=decision is not None and decision.appealed_on is not None,
        legal_force_on=decision.legal_force_on if decision is not None else None,
        needs_signature=party is not None,
        signed_on=party.signed_on if party is not None else None,
    )
    return CouncilStep(council, way, expect(way, on), find_wait(way, on), plan, party)


def list_old_guarantees(state: FrameworkState, budget: Budget) -> list[tuple[Council, int]]:
    """Return the councils whose decision is older than ten years when a planned loan is raised, with its first year.

    A loan's day is not known by its year alone, so the last day of the year is asked about (rule 8).
    """
    years = sorted({loan.year for loan in list_planned_loans(budget)})
    found = []
    for council in state.councils:
        decided_on = council.decision.decided_on if council.decision is not None else None
        old = [year for year in years if decided_on is not None and is_guarantee_old(decided_on, date(year, 12, 31))]
        if old:
            found.append((council, old[0]))
    return found


def list_low_headroom(state: FrameworkState, debts: Sequence[YearDebt]) -> list[YearDebt]:
    """Return the year ends at which less is left of a framework than its limit, or less than nothing.

    Of one in force only the years over which it is; of one that waits all of them.
    """
    framework = state.framework
    own: Iterable[YearDebt] = debts
    if state.in_force_on is not None:
        own = [row for row in debts if row.framework == framework.amount_ore]
    least = framework.least_headroom_ore or 0
    return [row for row in own if (left := state.headroom_over(row.debt)) is not None and left < least]
