"""Loans by their own days and rates as values of the engine, their movements, and their lenders' statements held to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from engine.clock import add_months
from engine.loan_plans import carve_out, expand_resets, join_plans, place_year, repay_equally
from engine.loan_terms import (
    DayCount,
    LoanTerms,
    Movement,
    MovementKind,
    Term,
    interest_by_year,
    list_movements,
    list_repayments,
)
from engine.loans import Statement, repaid_after, split_by_quarter
from engine.provenance import weakest
from investments.models import Loan, LoanInstalment, LoanStatement, LoanTerm
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User

MONTHS_AHEAD = 36
DAYS_NEAR = 45


def read_loans(user: User) -> list[Loan]:
    """Return the loans that a user may see with what is kept of each, those with terms first and by their lenders."""
    rows = with_rows(Loan.objects.visible_to(user)).order_by(
        in_swedish("lender"), "raised_on", "debt_on", in_swedish("name")
    )
    return sorted(rows, key=lambda row: not row.has_terms)


def find_loan(user: User, uuid: UUID) -> Loan | None:
    """Return a loan that a user may see; None where there is none."""
    return with_rows(Loan.objects.visible_to(user)).filter(uuid=uuid).first()


def with_rows(loans: QuerySet[Loan]) -> QuerySet[Loan]:
    """Return loans with their rates, instalments, statements and the loans that are about them."""
    related = ("terms", "instalments", "statements", "refinanced_by", "parts__terms", "parts__instalments")
    return loans.select_related("refinances", "part_of").prefetch_related(*related)


def to_loan_terms(
    loan: Loan, instalments: Iterable[LoanInstalment] | None = None, terms: Iterable[LoanTerm] | None = None
) -> LoanTerms:
    """Return a loan with days of its own as the engine's value, with its stored rows or others.

    Without a rate it bears none: `has_rate` says so. ValueError for equal parts or years that can't be placed.
    """
    assert loan.raised_on is not None
    assert loan.principal_ore is not None
    assert loan.matures_on is not None
    rows = list(loan.terms.all()) if terms is None else list(terms)
    return LoanTerms(
        loan.name,
        loan.principal_ore,
        loan.raised_on,
        loan.matures_on,
        _read_terms(rows, loan.raised_on, loan.matures_on),
        list_instalments(loan, instalments),
        DayCount(loan.day_count),
        loan.refinances_id is not None,
        loan.purpose,
    )


def _read_terms(rows: list[LoanTerm], raised_on: date, matures_on: date) -> list[Term]:
    rows = sorted(rows, key=lambda row: row.from_on)
    if not rows:
        return [Term(raised_on, Fraction(0))]
    untils = [*(row.from_on for row in rows[1:]), matures_on]
    return [
        term
        for row, until in zip(rows, untils, strict=True)
        for term in expand_resets(
            row.from_on, Fraction(row.rate_percent) / 100, until, resets=row.resets, every_months=row.every_months
        )
    ]


def list_instalments(loan: Loan, rows: Iterable[LoanInstalment] | None = None) -> dict[date, int]:
    """Return what is repaid of a loan before the rest at maturity, öre by day, by its kind of plan (rule 8)."""
    assert loan.raised_on is not None
    assert loan.principal_ore is not None
    assert loan.matures_on is not None
    if loan.plan == Loan.Plan.EQUAL and loan.every_months:
        return repay_equally(
            loan.principal_ore, loan.raised_on, loan.matures_on, loan.every_months,
            part=loan.instalment_ore, first_on=loan.first_instalment_on,
        )  # fmt: skip
    if loan.plan != Loan.Plan.OWN:
        return {}
    kept = loan.instalments.all() if rows is None else rows
    return join_plans(
        {row.due_on: row.amount_ore}
        if row.due_on
        else place_year(row.amount_ore, row.year, loan.raised_on, loan.matures_on)
        for row in kept
    )


def has_rate(loan: Loan) -> bool:
    """Say whether a loan's own rates are known."""
    return bool(loan.terms.all())


def trace_terms(loan: Loan) -> str:
    """Return the weakest source of a loan with its instalments: what its debt rests on."""
    return weakest([loan.provenance, *(row.provenance for row in loan.instalments.all())])


def trace_rates(loan: Loan) -> str:
    """Return the weakest source of what a loan's interest rests on."""
    return weakest([trace_terms(loan), *(row.provenance for row in loan.terms.all())])


def to_statement(loan: Loan, plan: dict[int, int] | None = None, parts: Iterable[Loan] | None = None) -> Statement:
    """Return a loan known as a debt on a day as the engine's value, öre, without the loans that are entered as parts of it.

    With its stored repayments, or those of another `plan`; `parts` where they are read already.
    """
    assert loan.debt_on is not None
    assert loan.debt_ore is not None
    stored = {row.year: row.amount_ore for row in loan.instalments.all()} if plan is None else plan
    whole = Statement(loan.name, loan.debt_ore, loan.debt_on, stored)
    if parts is None:
        parts = loan.parts.all() if loan.pk else ()
    return carve_out(whole, [to_loan_terms(part) for part in parts])


@dataclass(frozen=True)
class LoanMovement:
    """A movement of a loan with what is owed after it, öre; `is_placed` says that only its year is known."""

    movement: Movement
    debt_ore: int
    is_placed: bool


def list_loan_movements(loan: Loan, others: Iterable[Loan]) -> list[LoanMovement]:
    """Return how a loan with days of its own moves, day by day; `others` say what of it is refinancing."""
    rows = [loan, *(row for row in others if row.has_terms and row.pk != loan.pk)]
    placed = {
        day
        for row in loan.instalments.all()
        if row.due_on is None and loan.raised_on and loan.matures_on
        for day in place_year(row.amount_ore, row.year, loan.raised_on, loan.matures_on)
    }
    found, debt = [], 0
    for movement in list_movements([to_loan_terms(row) for row in rows]):
        if movement.loan != loan.name:
            continue
        debt += movement.ore
        is_placed = movement.kind == MovementKind.AMORTISATION and movement.on in placed
        found.append(LoanMovement(movement, debt, is_placed))
    return found


def list_yearly_interest(loan: Loan) -> dict[int, int]:
    """Return a loan's accrued interest by year, öre (rule 8); empty while its rates are not known."""
    return interest_by_year(to_loan_terms(loan)) if loan.has_terms and has_rate(loan) else {}


def find_debt_on(loan: Loan, day: date) -> int | None:
    """Return what a loan owes at the end of a day by its plan, öre; None before a sum is stated or while a year lacks."""
    if loan.has_terms:
        terms = to_loan_terms(loan)
        return sum(row.ore for row in list_movements([terms]) if row.on <= day)
    assert loan.debt_on is not None
    assert loan.debt_ore is not None
    if day < loan.debt_on:
        return None
    whole = Statement(
        loan.name, loan.debt_ore, loan.debt_on, {row.year: row.amount_ore for row in loan.instalments.all()}
    )
    plan = repaid_after(whole)
    if any(year not in plan for year in range(loan.debt_on.year + 1, day.year + 1)):
        return None
    before = sum(ore for year, ore in plan.items() if year < day.year)
    ends = split_by_quarter({row.year: row.amount_ore for row in loan.instalments.all()}.get(day.year, 0))
    since = loan.debt_on if loan.debt_on.year == day.year else date(day.year - 1, 12, 31)
    within = sum(ore for (month, at), ore in ends.items() if since < date(day.year, month, at) <= day)
    return max(whole.debt - before - within, 0)


@dataclass(frozen=True)
class Reconciled:
    """A statement beside what the plan says of its day, öre; `plan_ore` is None where the plan says nothing."""

    statement: LoanStatement
    plan_ore: int | None

    @property
    def difference(self) -> int | None:
        """What the lender says less what the plan says."""
        return None if self.plan_ore is None else self.statement.debt_ore - self.plan_ore

    @property
    def is_contradicted(self) -> bool:
        """Whether the two differ."""
        return bool(self.difference)


def reconcile_loan(loan: Loan) -> list[Reconciled]:
    """Return a loan's statements beside its plan, newest first."""
    rows = sorted(loan.statements.all(), key=lambda row: row.stated_on, reverse=True)
    return [Reconciled(row, find_debt_on(loan, row.stated_on)) for row in rows]


@dataclass(frozen=True)
class Contradiction:
    """A loan whose newest statement says another debt than its plan."""

    loan: Loan
    reconciled: Reconciled


def list_contradictions(loans: Iterable[Loan]) -> list[Contradiction]:
    """Return the loans that their lenders' newest statements contradict: a later one that agrees settles earlier ones."""
    found = []
    for loan in loans:
        newest = next((row for row in reconcile_loan(loan) if row.plan_ore is not None), None)
        if newest is not None and newest.is_contradicted:
            found.append(Contradiction(loan, newest))
    return found


@dataclass(frozen=True)
class Coming:
    """What comes of a loan on a day: it matures, with what is left, or its rate is set anew, on what is owed then."""

    on: date
    loan: Loan
    kind: str
    ore: int
    refinanced_by: Loan | None = None


def list_coming(loans: Iterable[Loan], today: date, months: int = MONTHS_AHEAD) -> list[Coming]:
    """Return the maturities and resets of the coming months in order of days."""
    until = add_months(today, months)
    found = []
    for loan in loans:
        if not loan.has_terms:
            continue
        terms = to_loan_terms(loan)
        rows = list_movements([terms])
        if today <= terms.matures_on <= until:
            left = -sum(row.ore for row in rows if row.on == terms.matures_on)
            found.append(Coming(terms.matures_on, loan, "matures", left, next(iter(loan.refinanced_by.all()), None)))
        for term in terms.terms:
            if term.resets and today <= term.from_on <= until and has_rate(loan):
                owed = sum(row.ore for row in rows if row.on <= term.from_on)
                found.append(Coming(term.from_on, loan, "resets", owed))
    return sorted(found, key=lambda row: (row.on, row.loan.name))


@dataclass(frozen=True)
class LoanState:
    """A loan today: what is owed by its plan, its rate, its next reset, and whether a statement contradicts it."""

    loan: Loan
    debt_ore: int | None
    rate_percent: Decimal | None
    resets_on: date | None
    is_contradicted: bool


def list_loan_states(loans: Iterable[Loan], today: date) -> list[LoanState]:
    """Return how each loan stands today."""
    rows = list(loans)
    contradicted = {row.loan.pk for row in list_contradictions(rows)}
    return [_find_state(loan, today, is_contradicted=loan.pk in contradicted) for loan in rows]


def _find_state(loan: Loan, today: date, *, is_contradicted: bool) -> LoanState:
    rates = [row for row in loan.terms.all() if row.from_on <= today]
    rate = max(rates, key=lambda row: row.from_on).rate_percent if rates else None
    resets = []
    if loan.has_terms and has_rate(loan):
        resets = [term.from_on for term in to_loan_terms(loan).terms if term.resets and term.from_on > today]
    return LoanState(loan, find_debt_on(loan, today), rate, min(resets, default=None), is_contradicted)


def find_moved_instalment(loan: Loan, row: Reconciled) -> date | None:
    """Return the day of the one instalment that a statement's difference is, when it lies close to the statement's day.

    Less owed is one that comes within DAYS_NEAR, more is one that should have been paid within as many days before.
    """
    if not loan.has_terms or not row.difference:
        return None
    day, near = row.statement.stated_on, timedelta(days=DAYS_NEAR)
    first, last = (day + timedelta(days=1), day + near) if row.difference < 0 else (day - near, day)
    due = list_repayments(to_loan_terms(loan)).items()
    return next((on for on, ore in due if first <= on <= last and ore == abs(row.difference)), None)
