"""What forecasts and pages read of investments, loans and frameworks, as values of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from budgets.models import Budget
from engine.framework import CouncilDecision as Council
from engine.framework import Framework, Membership, in_force_from
from engine.loan_sources import LoanSources
from engine.loans import Loan as EngineLoan
from engine.loans import Opening, Statement, instalments, open_debt, repaid_after
from engine.provenance import Source, weakest
from investments.models import AssetClass, BorrowingFramework, CouncilDecision, Investment, Loan, PlannedLoan
from objects.models import Municipality
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class DebtPlanSources:
    """Where a debt plan's figures come from, in its order."""

    opening: list[str]
    existing: list[dict[int, str]]
    planned: list[LoanSources]


@dataclass(frozen=True)
class DebtPlan:
    """What the loan forecast rolls forward: existing loans at one year's end, and the loans planned after it."""

    opening: Opening
    planned: list[EngineLoan]
    sources: DebtPlanSources


def list_investments(budget: Budget) -> list[Investment]:
    """Return the budget's investments in order."""
    return _list_investments(budget.pk)


@compiled
def _list_investments(budget_id: int) -> QuerySet[Investment]:
    return Investment.objects.filter(budget=budget_id).select_related("asset_class")


def list_planned_loans(budget: Budget) -> list[PlannedLoan]:
    """Return the budget's planned loans with their own repayments."""
    return _list_planned_loans(budget.pk)


@compiled
def _list_planned_loans(budget_id: int) -> QuerySet[PlannedLoan]:
    return PlannedLoan.objects.filter(budget=budget_id).select_related("asset_class").prefetch_related("repayments")


def load_debt_plan(planned_loans: Iterable[PlannedLoan]) -> DebtPlan | None:
    """Return existing loans and a budget's planned ones; None while no debt is known at any year end."""
    loans = _list_loans()
    opening = open_debt([to_statement(loan) for loan in loans])
    if opening is None:
        return None
    planned = [loan for loan in planned_loans if loan.year > opening.year]
    sources = DebtPlanSources(
        [trace_opening(loan, opening.year) for loan in loans],
        [{row.year: row.provenance for row in loan.instalments.all()} for loan in loans],
        [trace_loan(loan) for loan in planned],
    )
    return DebtPlan(opening, [to_engine_loan(loan) for loan in planned], sources)


@compiled
def _list_loans() -> QuerySet[Loan]:
    return Loan.objects.prefetch_related("instalments")


def trace_opening(loan: Loan, year: int) -> str:
    """Return where an existing loan's debt at a year's end comes from: its statement, and what is repaid after it."""
    repaid = repaid_after(to_statement(loan))
    rows = (row for row in loan.instalments.all() if row.year in repaid and row.year <= year)
    return weakest([loan.provenance, *(row.provenance for row in rows)])


def to_statement(loan: Loan, plan: Mapping[int, int] | None = None) -> Statement:
    """Return an existing loan as the engine's value, öre, with its stored repayments or those of another `plan`."""
    stored = {row.year: row.amount_ore for row in loan.instalments.all()} if plan is None else plan
    return Statement(loan.name, loan.debt_ore, loan.debt_on, stored)


def load_repayment_plan(loan: PlannedLoan, *, but: int | None = None) -> dict[int, int]:
    """Return a planned loan's own repayments, öre by year, without the row `but`."""
    rows = loan.repayments.all() if but is None else loan.repayments.exclude(pk=but)
    return dict(rows.values_list("year", "amount_ore"))


def to_engine_loan(loan: PlannedLoan) -> EngineLoan:
    """Return a planned loan as the engine's value, öre."""
    plan = {row.year: row.amount_ore for row in loan.repayments.all()}
    return EngineLoan(loan.purpose, loan.principal_ore, loan.year, loan_life(loan), plan)


def trace_loan(loan: PlannedLoan) -> LoanSources:
    """Return where a planned loan's amount and repayments come from: its own plan, or a life that may be assumed."""
    repaid = {row.year: row.provenance for row in loan.repayments.all()}
    if not repaid:
        of_life = weakest([Source.CALCULATED, loan.provenance, *([Source.ASSUMED] if is_life_assumed(loan) else [])])
        repaid = dict.fromkeys(instalments(to_engine_loan(loan)), of_life)
    return LoanSources(loan.purpose, loan.year, loan.provenance, repaid)


def trace_whole_loan(loan: PlannedLoan) -> str:
    """Return the weakest source of a planned loan with its repayments: a printed amount does not make its plan so."""
    traced = trace_loan(loan)
    return weakest([traced.principal, *traced.repaid.values()])


def is_life_assumed(loan: PlannedLoan) -> bool:
    """Return whether a loan is repaid over a life that is guessed: its asset class's, where nobody knows that yet."""
    if loan.life_years is not None or loan.asset_class is None:
        return False
    return loan.asset_class.useful_life_years is None and not loan.repayments.all()


def loan_life(loan: PlannedLoan) -> int | None:
    """Return over how many years a planned loan is repaid: its own, or its asset class's life."""
    if loan.life_years is not None:
        return loan.life_years
    return loan.asset_class.life_years if loan.asset_class is not None else None


def load_frameworks() -> list[Framework]:
    """Return every framework with the date it gained force; None while a member's council is missing."""
    frameworks, members = BorrowingFramework.objects.prefetch_related("council_decisions"), load_memberships()
    return [Framework(framework.amount_ore, framework_in_force_from(framework, members)) for framework in frameworks]


def framework_in_force_from(framework: BorrowingFramework, members: Sequence[Membership]) -> date | None:
    """Return when the councils of all members of the day had decided with legal force (rule 8)."""
    return in_force_from(map(to_engine_council, framework.council_decisions.all()), members)


def to_engine_council(decision: CouncilDecision) -> Council:
    """Return a council's decision as the engine's value; the municipality is known by its key."""
    key, is_appealed = str(decision.municipality_id), decision.appealed_on is not None
    return Council(key, decision.announced_on, decision.legal_force_on, is_appealed)


def load_memberships() -> list[Membership]:
    """Return all memberships, also those that have ended or are to begin; municipalities are known by their keys."""
    rows = Municipality.objects.order_by("pk").values_list("pk", "member_from_on", "member_to_on")
    return [Membership(str(key), from_on, to_on) for key, from_on, to_on in rows]


# Asset classes

ASSET_FIELDS = ("name", "useful_life_years", "assumed_life_years")


def list_asset_classes(user: User) -> QuerySet[AssetClass]:
    """Return the asset classes, each with how many investments and planned loans it has in all budgets."""
    rows: QuerySet[AssetClass] = AssetClass.objects.visible_to(user)
    counts = {
        "investment_count": Count("investments", distinct=True),
        "loan_count": Count("planned_loans", distinct=True),
    }
    return rows.annotate(**counts).order_by("position", "pk")


def list_loans_by_life(row: AssetClass) -> list[PlannedLoan]:
    """Return the planned loans of adopted budgets that are repaid over an asset class's life."""
    loans = PlannedLoan.objects.filter(asset_class=row, life_years=None, repayments=None).exclude(
        budget__status=Budget.Status.DRAFT
    )
    return list(loans.select_related("budget").order_by("budget__fiscal_year", "year", "pk"))
