"""What the loans page reads: frameworks with their councils, loans without a plan, investments against borrowing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from budgets.models import Budget
from engine.framework import Membership, gained_force_on, headroom, members_on
from engine.loans import find_plan_faults, instalments, loans_without_plan
from engine.provenance import Source
from forecasts.selectors.stored import Figures, Stored
from investments.models import BorrowingFramework, CouncilDecision, Investment, PlannedLoan
from investments.selectors.frameworks import framework_in_force_from, to_engine_council
from investments.selectors.loans import load_debt_plan, to_engine_loan
from objects.models import Municipality
from objects.selectors.reader import compiled_for_reader

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

    def headroom_over(self, debt: int | None) -> int | None:
        """Return what the framework would leave of a debt, öre; the stored headroom is that of the one in force."""
        return None if debt is None else headroom(self.framework.amount_ore, debt)


def list_framework_states(user: User) -> list[FrameworkState]:
    """Return the borrowing frameworks that the user may see, oldest first."""
    municipalities = _list_municipalities(user)
    members = [Membership(str(row.pk), row.member_from_on, row.member_to_on) for row in municipalities]
    return [_framework_state(framework, municipalities, members) for framework in _list_frameworks(user)]


@compiled_for_reader
def _list_municipalities(user: User) -> QuerySet[Municipality]:
    return Municipality.objects.visible_to(user)


@compiled_for_reader
def _list_frameworks(user: User) -> QuerySet[BorrowingFramework]:
    frameworks = BorrowingFramework.objects.visible_to(user).select_related("decided_by")
    return frameworks.prefetch_related("council_decisions")


def _framework_state(
    framework: BorrowingFramework, municipalities: list[Municipality], members: list[Membership]
) -> FrameworkState:
    """Return the framework with the councils of those who are members when it comes into force, else today."""
    in_force_on = framework_in_force_from(framework, members)
    asked = set(members_on(members, in_force_on or timezone.localdate()))
    by_member = {decision.municipality_id: decision for decision in framework.council_decisions.all()}
    councils = [_council(row, by_member.get(row.pk)) for row in municipalities if str(row.pk) in asked]
    return FrameworkState(framework, councils, in_force_on)


def _council(member: Municipality, decision: CouncilDecision | None) -> Council:
    if decision is None:
        return Council(member, None, None)
    return Council(member, decision, gained_force_on(to_engine_council(decision)))


def list_awaited(states: list[FrameworkState]) -> list[FrameworkState]:
    """Return the frameworks that wait for a council."""
    return [state for state in states if state.in_force_on is None]


def list_loans_without_plan(loans: Iterable[PlannedLoan]) -> list[PlannedLoan]:
    """Return the planned loans that nobody has said how to repay (rule 8)."""
    return [loan for loan in loans if loans_without_plan([to_engine_loan(loan)])]


def list_faulty_loans(loans: Iterable[PlannedLoan]) -> list[PlannedLoan]:
    """Return the planned loans whose own repayments exceed or precede them, from before that was refused."""
    told = ((loan, to_engine_loan(loan)) for loan in loans)
    return [row for row, loan in told if find_plan_faults(loan.principal, loan.plan, loan.raised_year)]


MOVEMENTS = ("borrowing_investments", "borrowing_use_of_equity", "amortisation")


def list_assumed(forecast: Stored, *, until: int) -> frozenset[str]:
    """Return which movements of the loan forecast (MOVEMENTS) are assumed in any year until one, so that its debt is."""
    return frozenset(
        row
        for row in MOVEMENTS
        for year, source in forecast.sources.get(row, {}).items()
        if year <= until and source == Source.ASSUMED
    )


@dataclass(frozen=True)
class YearDebt:
    """A year end's debt, framework in force and headroom, öre; None is not known.

    `edition` is opening, budget or plan, `source` the weakest of what the debt is made of, `assumed` the movements until
    then that are assumed.
    """

    year: int
    edition: str
    debt: int | None
    framework: int | None
    headroom: int | None
    source: str = ""
    assumed: frozenset[str] = frozenset()


def load_year_debts(budget: Budget, stored: Stored) -> list[YearDebt]:
    """Return each year end's debt in the loan forecast, after the debt that it starts from."""
    rows = stored.amounts
    debts, frameworks, headrooms = (rows.get(row, {}) for row in ("closing_debt", "borrowing_framework", "headroom"))
    years = sorted(debts)
    known = [
        YearDebt(
            year,
            "budget" if year <= budget.fiscal_year else "plan",
            debts[year],
            frameworks.get(year),
            headrooms.get(year),
            stored.source_of("closing_debt", year),
            list_assumed(stored, until=year),
        )
        for year in years
    ]
    later = [YearDebt(year, "plan", None, None, None) for year in budget.years if years and year > years[-1]]
    first = [YearDebt(years[0] - 1, "opening", rows["opening_debt"][years[0]], None, None)] if years else []
    return [*first, *known, *later]


@dataclass(frozen=True)
class Repayments:
    """What is repaid in each year of the forecast, öre: of the loans there are, of each planned one, and together.

    `total` is the stored amortisation but for its sign; the others are its parts. `missing` are the existing loans and
    years whose repayment must be entered before their debts can be added.
    """

    existing: list[int]
    planned: list[tuple[PlannedLoan, list[int]]]
    total: list[int]
    missing: list[tuple[str, int]]


def load_repayments(loans: Sequence[PlannedLoan], forecast: Figures) -> Repayments:
    """Return each loan's repayments in the forecast's years, by its own plan or its life (rule 8).

    A loan without both has none.
    """
    amortisation = forecast.get("amortisation", {})
    years = sorted(amortisation)
    plan = load_debt_plan(loans)
    existing, opening_year = ([], 0) if plan is None else (plan.opening.plans, plan.opening.year)
    # Loans raised by the opening year's end are in its debt, with their repayments.
    planned = [(loan, instalments(to_engine_loan(loan)) if loan.year > opening_year else {}) for loan in loans]
    return Repayments(
        [sum(loan.get(year, 0) for loan in existing) for year in years],
        [(loan, [amounts.get(year, 0) for year in years]) for loan, amounts in planned],
        [-(amortisation[year] or 0) for year in years],
        [] if plan is None else plan.opening.missing,
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


def compare_borrowing(
    budget: Budget, investments: list[Investment], loans: list[PlannedLoan], forecast: Figures
) -> list[Borrowing]:
    """Compare investments paid by loans with planned borrowing, in each of the budget's years (rule 8)."""
    stored = forecast.get("borrowing_investments", {})
    financed = [investment for investment in investments if investment.financing == Investment.Financing.LOAN]
    rows = []
    for place, year in enumerate(budget.years):
        known = [ore for investment in financed if (ore := investment.amounts[place]) is not None]
        borrowed = stored.get(year)
        if borrowed is None:  # a year that is no longer, or not yet, in the forecast
            borrowed = _sum_planned(loans, year)
        unknown = sum(year in investment.unknown_years for investment in financed)
        rows.append(Borrowing(year, sum(known), unknown, borrowed))
    return rows


def _sum_planned(loans: Iterable[PlannedLoan], year: int) -> int:
    own = (loan for loan in loans if (loan.year, loan.purpose) == (year, PlannedLoan.Purpose.INVESTMENTS))
    return sum(loan.principal_ore for loan in own)


def list_unknown(investments: Iterable[Investment]) -> list[Investment]:
    """Return the investments with an amount that is not yet known."""
    return [investment for investment in investments if investment.unknown_years]
