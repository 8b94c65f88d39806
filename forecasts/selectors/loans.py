"""What the loans page reads: frameworks with their councils, loans without a plan, investments against borrowing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from budgets.models import Budget
from engine.framework import CouncilDecision as EngineDecision
from engine.framework import gained_force_on
from engine.loans import instalments, loans_without_plan
from investments.models import BorrowingFramework, CouncilDecision, Investment, PlannedLoan
from investments.selectors import load_debt_plan, to_engine_loan
from objects.models import Municipality

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Council:
    """A member's council's decision on a framework; no decision, no date of legal force: it is awaited."""

    municipality: Municipality
    decision: CouncilDecision | None
    gained_on: date | None


@dataclass(frozen=True)
class FrameworkState:
    """A framework with every member's council; `in_force_on` is None while one is missing."""

    framework: BorrowingFramework
    councils: list[Council]
    in_force_on: date | None

    @property
    def missing(self) -> list[Council]:
        """The councils that have not decided, or whose decision has no date of legal force."""
        return [council for council in self.councils if council.gained_on is None]


def list_framework_states(user: User) -> list[FrameworkState]:
    """The borrowing frameworks that the user may see, oldest first."""
    members = list(Municipality.objects.visible_to(user).filter(member_to_on=None))
    frameworks = BorrowingFramework.objects.visible_to(user).select_related("decided_by")
    return [_framework_state(framework, members) for framework in frameworks.prefetch_related("council_decisions")]


def _framework_state(framework: BorrowingFramework, members: list[Municipality]) -> FrameworkState:
    by_member = {decision.municipality_id: decision for decision in framework.council_decisions.all()}
    councils = [_council(member, by_member.get(member.pk)) for member in members]
    days = [council.gained_on for council in councils if council.gained_on is not None]
    return FrameworkState(framework, councils, max(days) if days and len(days) == len(councils) else None)


def _council(member: Municipality, decision: CouncilDecision | None) -> Council:
    if decision is None:
        return Council(member, None, None)
    told = EngineDecision(member.code, decision.announced_on, decision.legal_force_on)
    return Council(member, decision, gained_force_on(told))


def list_awaited(states: list[FrameworkState]) -> list[FrameworkState]:
    """The frameworks that wait for a council."""
    return [state for state in states if state.in_force_on is None]


def list_loans_without_plan(loans: Iterable[PlannedLoan]) -> list[PlannedLoan]:
    """The planned loans that nobody has said how to repay (rule 8)."""
    return [loan for loan in loans if loans_without_plan([to_engine_loan(loan)])]


@dataclass(frozen=True)
class Repayments:
    """What is repaid in each year of the forecast, öre: of the loans there are, of each planned one, and together."""

    existing: list[int]
    planned: list[tuple[PlannedLoan, list[int]]]

    @property
    def total(self) -> list[int]:
        """The years' sums: the forecast's amortisation, but for its sign."""
        return [sum(year) for year in zip(self.existing, *(amounts for _loan, amounts in self.planned), strict=True)]


def load_repayments(budget: Budget, loans: Iterable[PlannedLoan], years: list[int]) -> Repayments:
    """Each loan's repayments in `years`, by its own plan or its life (rule 8); nothing of a loan without both."""
    plan = load_debt_plan(budget)
    existing, opening_year = ([], 0) if plan is None else (plan.existing, plan.opening_year)
    # Loans raised by the opening year's end are in its debt, with their repayments.
    planned = [(loan, instalments(to_engine_loan(loan)) if loan.year > opening_year else {}) for loan in loans]
    return Repayments(
        [sum(loan.get(year, 0) for loan in existing) for year in years],
        [(loan, [amounts.get(year, 0) for year in years]) for loan, amounts in planned],
    )


@dataclass(frozen=True)
class Borrowing:
    """A year's investments against the borrowing planned for them, öre; `unknown` amounts are left out."""

    year: int
    investments: int
    unknown: int
    borrowing: int

    @property
    def difference(self) -> int:
        """Borrowing less investments."""
        return self.borrowing - self.investments


def compare_borrowing(budget: Budget, investments: list[Investment], loans: list[PlannedLoan]) -> list[Borrowing]:
    """Investments paid by loans against planned borrowing, for each of the budget's years (rule 8)."""
    financed = [investment.amounts for investment in investments if investment.financing == Investment.Financing.LOAN]
    rows = []
    for place, year in enumerate(budget.years):
        amounts = [amounts[place] for amounts in financed]
        known = [amount for amount in amounts if amount is not None]
        planned = [
            loan.principal_ore for loan in loans if (loan.year, loan.purpose) == (year, PlannedLoan.Purpose.INVESTMENTS)
        ]
        rows.append(Borrowing(year, sum(known), len(amounts) - len(known), sum(planned)))
    return rows


def list_unknown(investments: Iterable[Investment]) -> list[Investment]:
    """The investments with an amount that is not yet known."""
    return [investment for investment in investments if None in investment.amounts]
