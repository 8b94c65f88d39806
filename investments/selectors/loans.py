"""What forecasts and pages read of loans, as values of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from budgets.models import Budget
from engine.loan_sources import LoanSources
from engine.loans import Loan as EngineLoan
from engine.loans import Opening, Statement, instalments, open_debt, repaid_after
from engine.provenance import Source, weakest
from investments.models import Loan, PlannedLoan
from web.compiled import compiled


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


def list_planned_loans(budget: Budget) -> list[PlannedLoan]:
    """Return the budget's planned loans with their own repayments."""
    return _list_planned_loans(budget.pk)


@compiled
def _list_planned_loans(budget_id: int) -> QuerySet[PlannedLoan]:
    return (
        PlannedLoan.objects.filter(budget=budget_id)
        .select_related("asset_class", "investment")
        .prefetch_related("repayments")
    )


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
    """Return whether a loan is repaid over a life that is guessed: of what it pays for, where nobody knows that yet."""
    if loan.life_years is not None or loan.pays_for is None:
        return False
    return loan.pays_for.useful_life_years is None and not loan.repayments.all()


def loan_life(loan: PlannedLoan) -> int | None:
    """Return over how many years a planned loan is repaid: its own, or the life of what it pays for in its budget."""
    if loan.life_years is not None:
        return loan.life_years
    return loan.pays_for.life_years if loan.pays_for is not None else None
