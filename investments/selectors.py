"""What forecasts and pages read of investments, loans and frameworks, as values of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from budgets.models import Budget
from engine.framework import CouncilDecision as Council
from engine.framework import Framework, in_force_from
from engine.loan_sources import LoanSources
from engine.loans import Loan as EngineLoan
from engine.loans import instalments
from engine.provenance import Source, weakest
from investments.models import BorrowingFramework, Investment, Loan, PlannedLoan
from objects.models import Municipality


@dataclass(frozen=True)
class DebtPlanSources:
    """Where a debt plan's figures come from, in its order."""

    opening: list[str]
    existing: list[dict[int, str]]
    planned: list[LoanSources]


@dataclass(frozen=True)
class DebtPlan:
    """What the loan forecast rolls forward: öre, and the plans by year."""

    opening_year: int
    opening_debt: int
    existing: list[Mapping[int, int]]
    planned: list[EngineLoan]
    sources: DebtPlanSources


def list_investments(budget: Budget) -> QuerySet[Investment]:
    """Return the budget's investments in order."""
    return Investment.objects.filter(budget=budget).select_related("asset_class")


def list_planned_loans(budget: Budget) -> QuerySet[PlannedLoan]:
    """Return the budget's planned loans with their own repayments."""
    return PlannedLoan.objects.filter(budget=budget).select_related("asset_class").prefetch_related("repayments")


def load_debt_plan(budget: Budget) -> DebtPlan | None:
    """Return existing and planned loans of a budget; None while no debt is known at any year end."""
    loans = list(Loan.objects.prefetch_related("instalments"))
    if not loans:
        return None
    opening_year = max(loan.debt_on.year for loan in loans)
    existing = [{row.year: row.amount_ore for row in loan.instalments.all()} for loan in loans]
    planned = [loan for loan in list_planned_loans(budget) if loan.year > opening_year]
    sources = DebtPlanSources(
        [loan.provenance for loan in loans],
        [{row.year: row.provenance for row in loan.instalments.all()} for loan in loans],
        [trace_loan(loan) for loan in planned],
    )
    amounts = [to_engine_loan(loan) for loan in planned]
    return DebtPlan(opening_year, sum(loan.debt_ore for loan in loans), list(existing), amounts, sources)


def to_engine_loan(loan: PlannedLoan) -> EngineLoan:
    """Return a planned loan as the engine's value, öre."""
    plan = {row.year: row.amount_ore for row in loan.repayments.all()}
    return EngineLoan(loan.purpose, loan.principal_ore, loan.year, loan_life(loan), plan)


def trace_loan(loan: PlannedLoan) -> LoanSources:
    """Return where a planned loan's amount and repayments come from: its own plan, or a life that may be assumed."""
    own = {row.year: row.provenance for row in loan.repayments.all()}
    of_life = weakest([Source.CALCULATED, loan.provenance, *([Source.ASSUMED] if is_life_assumed(loan) else [])])
    repaid = own or dict.fromkeys(instalments(to_engine_loan(loan)), of_life)
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
    frameworks = BorrowingFramework.objects.prefetch_related("council_decisions__municipality")
    return [Framework(framework.amount_ore, framework_in_force_from(framework)) for framework in frameworks]


def framework_in_force_from(framework: BorrowingFramework) -> date | None:
    """Return when the last of all the members' councils' decisions gained legal force (rule 8)."""
    decisions = [
        Council(d.municipality.code, d.announced_on, d.legal_force_on) for d in framework.council_decisions.all()
    ]
    return in_force_from(decisions, member_codes())


def member_codes() -> list[str]:
    """Return the codes of today's members: those that have not left."""
    return list(Municipality.objects.filter(Q(member_to_on=None)).values_list("code", flat=True))
