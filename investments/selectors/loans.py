"""What forecasts and pages read of loans, as values of the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import Budget
from engine.loan_sources import LoanSources
from engine.loan_terms import LoanTerms, Moved, list_repayments, sum_borrowed, sum_movements
from engine.loans import Loan as EngineLoan
from engine.loans import Opening, instalments, open_debt, raise_in_months, repaid_after, take_raised
from engine.provenance import Source, weakest
from investments.models import Loan, PlannedLoan
from investments.selectors.loan_terms import has_rate, to_loan_terms, to_statement, trace_rates, trace_terms
from web.compiled import compiled


@dataclass(frozen=True)
class DebtPlanSources:
    """Where a debt plan's figures come from, in its order."""

    opening: list[str]
    existing: list[dict[int, str]]
    planned: list[LoanSources]


@dataclass(frozen=True)
class TermedLoan:
    """A loan by its own days as the engine's value; `interest_source` is where its interest comes from, if that is known."""

    terms: LoanTerms
    has_rate: bool
    source: str
    interest_source: str


@dataclass(frozen=True)
class DebtPlan:
    """What the loan forecast rolls forward: existing loans at one year's end, and the loans planned after it.

    `opening` is of all loans together, `termed` those of them by their own days and `moved` what they do after it.
    `planned` are the budget's loans less what has been raised of them, `rows` the same beside what is stored.
    """

    opening: Opening
    planned: list[EngineLoan]
    sources: DebtPlanSources
    termed: list[TermedLoan]
    moved: Moved
    rows: list[tuple[PlannedLoan, EngineLoan]]

    @property
    def existing(self) -> list[dict[int, int]]:
        """What is repaid of all loans there are, by year."""
        return [*self.opening.plans, self.moved.repaid]


def list_planned_loans(budget: Budget) -> list[PlannedLoan]:
    """Return the budget's planned loans with their own repayments."""
    return _list_planned_loans(budget.pk)


@compiled
def _list_planned_loans(budget_id: int) -> QuerySet[PlannedLoan]:
    return (
        PlannedLoan.objects.filter(budget=budget_id)
        .select_related("asset_class", "investment")
        .prefetch_related("repayments", "investment__items")
    )


def load_debt_plan(planned_loans: Iterable[PlannedLoan], *, begins: int | None = None) -> DebtPlan | None:
    """Return existing loans and a budget's planned ones; None while no debt is known at any year end.

    It opens at the end of the year of the newest debt of a sum; where all loans have days of their own, which tell any
    year's debt, before the year `begins`.
    """
    loans = _list_loans()
    sums = [loan for loan in loans if not loan.has_terms]
    termed = [_read_termed(loan) for loan in loans if loan.has_terms]
    parts = {loan.pk: [row for row in loans if row.part_of_id == loan.pk] for loan in sums}
    opening = open_debt([to_statement(loan, parts=parts[loan.pk]) for loan in sums])
    if opening is None and termed and begins is not None:
        opening = Opening(begins - 1, 0, [], [])
    if opening is None:
        return None
    moved = sum_movements([row.terms for row in termed], opening.year)
    after = [loan for loan in planned_loans if loan.year > opening.year]
    planned = take_raised([to_engine_loan(loan) for loan in after], _sum_planned(loans, opening.year))
    opened = [loan for loan in loans if loan.has_terms and loan.raised_on and loan.raised_on.year <= opening.year]
    sources = DebtPlanSources(
        [
            *(trace_opening(loan, opening.year, parts[loan.pk]) for loan in sums),
            *(trace_terms(loan) for loan in opened),
        ],
        [
            *({row.year: row.provenance for row in loan.instalments.all()} for loan in sums),
            *(dict.fromkeys(_years_of(loan), trace_terms(loan)) for loan in opened),
        ],
        [
            *(trace_loan(loan) for loan in after),
            *(_trace_raised(loan) for loan in loans if loan.has_terms and loan not in opened),
        ],
    )
    if opening.debt is not None:
        opening = opening._replace(debt=opening.debt + moved.opening)
    return DebtPlan(opening, planned, sources, termed, moved, list(zip(after, planned, strict=True)))


def _read_termed(loan: Loan) -> TermedLoan:
    return TermedLoan(to_loan_terms(loan), has_rate(loan), trace_terms(loan), trace_rates(loan))


def _sum_planned(loans: Iterable[Loan], after: int) -> dict[tuple[int, str], int]:
    """Return what has been raised of what budgets plan, öre by year and purpose; refinancing takes nothing of it."""
    rows = [loan for loan in loans if loan.has_terms]
    raised: dict[tuple[int, str], int] = {}
    borrowed = sum_borrowed([to_loan_terms(loan) for loan in rows])
    for loan in rows:
        if loan.is_planned and loan.raised_on and loan.raised_on.year > after:
            key = loan.raised_on.year, str(loan.purpose)
            raised[key] = raised.get(key, 0) + borrowed.get(loan.name, 0)
    return raised


def _years_of(loan: Loan) -> set[int]:
    """Return the years in which something of a loan is repaid."""
    return {day.year for day, ore in list_repayments(to_loan_terms(loan)).items() if ore}


def _trace_raised(loan: Loan) -> LoanSources:
    assert loan.raised_on is not None
    source = trace_terms(loan)
    return LoanSources(loan.purpose, loan.raised_on.year, source, dict.fromkeys(_years_of(loan), source))


@compiled
def _list_loans() -> QuerySet[Loan]:
    return Loan.objects.prefetch_related("instalments", "terms")


def trace_opening(loan: Loan, year: int, parts: Iterable[Loan] | None = None) -> str:
    """Return where an existing loan's debt at a year's end comes from: its statement, and what is repaid after it."""
    repaid = repaid_after(to_statement(loan, parts=parts))
    rows = (row for row in loan.instalments.all() if row.year in repaid and row.year <= year)
    return weakest([loan.provenance, *(row.provenance for row in rows)])


def load_repayment_plan(loan: PlannedLoan, *, but: int | None = None) -> dict[int, int]:
    """Return a planned loan's own repayments, öre by year, without the row `but`."""
    rows = loan.repayments.all() if but is None else loan.repayments.exclude(pk=but)
    return dict(rows.values_list("year", "amount_ore"))


def to_engine_loan(loan: PlannedLoan) -> EngineLoan:
    """Return a planned loan as the engine's value, öre."""
    plan = {row.year: row.amount_ore for row in loan.repayments.all()}
    return EngineLoan(loan.purpose, loan.principal_ore, loan.year, loan_life(loan), plan, loan.plan)


def list_months(loan: PlannedLoan, principal: int) -> dict[int, int] | None:
    """Return in which months a loan that follows its purchases is raised, öre; None where it is even over the year.

    A purchase with a month borrows in it, all else evenly; what has been raised of the loan already is left out in
    proportion.
    """
    if not loan.follows or loan.investment is None:
        return None
    bought: dict[int, int] = {}
    for item in loan.investment.items.all():
        if item.year == loan.year and item.month and item.amount_ore:
            bought[item.month] = bought.get(item.month, 0) + item.amount_ore
    return raise_in_months(principal, loan.principal_ore, bought) if bought else None


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


def find_planned_loan(budget: Budget, lineage: UUID) -> PlannedLoan | None:
    """Return a budget's planned loan; None where there is none."""
    rows = PlannedLoan.objects.filter(budget=budget, lineage=lineage).select_related(
        "asset_class", "investment", "budget"
    )
    return rows.prefetch_related("repayments").first()
