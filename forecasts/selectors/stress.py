"""What the stress test starts from: the debt that a budget plans, by part, what of it is assumed, and what interest costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from budgets.models import Budget, ChosenRate, PlanningRate
from engine.framework import Framework
from engine.interest import accrue_interest
from engine.loans import INVESTMENTS, instalments
from engine.money import allocate, percent
from engine.provenance import Source
from engine.recourse import WHOLE
from engine.stress import BUFFER, Borrowed, Debt, Inputs, Stressed, Termed, stress
from forecasts.models import Forecast
from forecasts.selectors.stored import load_amounts
from investments.models import AssetClass, Investment, PlannedLoan
from investments.selectors.loans import (
    DebtPlan,
    TermedLoan,
    is_life_assumed,
    list_months,
    load_debt_plan,
    to_engine_loan,
)
from investments.selectors.recourse import list_parties_at
from objects.models import Inhabitants, Municipality
from web.compiled import compiled

EXISTING = "existing_loans"
USE_OF_EQUITY = PlannedLoan.Purpose.USE_OF_EQUITY.value
OTHER_INVESTMENTS = "other_investments"
# What no pot may be called: the parts that every answer has.
RESERVED = (EXISTING, USE_OF_EQUITY, OTHER_INVESTMENTS, BUFFER)


@dataclass(frozen=True)
class Assumed:
    """What of a stress test nobody stands for: `kind` says what, `part` of which part, `years` in which years."""

    kind: str
    part: str
    years: tuple[int, ...] = ()


class UnknownDebtError(Exception):
    """The debt before the budget's first year can't be known; `missing` names loans and years without a repayment."""

    def __init__(self, missing: Sequence[tuple[str, int]] = ()) -> None:
        super().__init__()
        self.missing = list(missing)


def load_debt(
    budget: Budget,
    loans: Sequence[PlannedLoan],
    investments: Iterable[Investment],
    parents: Mapping[str, str] | None = None,
) -> tuple[Debt, list[Assumed]]:
    """Return the debt that a budget plans, öre by part, and what of it is assumed. UnknownDebtError.

    `loans` and `investments` are the budget's, `parents` as of `load_classes`; its years begin after the day on which the existing debts are known.
    """
    plan = load_debt_plan(loans, begins=budget.years[0] - 1)
    if plan is None:
        raise UnknownDebtError
    if plan.opening.debt is None:
        raise UnknownDebtError(plan.opening.missing)
    years = [year for year in budget.years if year > plan.opening.year]
    if not years:
        raise UnknownDebtError
    debt = build_debt(plan, years, years[0], parents)
    rows = [row for row, _loan in plan.rows]
    return debt, [*_list_assumed(plan, rows, years[0]), *_list_unknown(investments)]


def build_debt(plan: DebtPlan, years: Sequence[int], first: int, parents: Mapping[str, str] | None = None) -> Debt:
    """Return a known debt plan as the stress test's debt over `years`, by part; `first` is the budget's first year.

    Loans of classes from that year on are their classes' parts, all others that are there when it begins existing loans.
    """
    opening = plan.opening
    assert opening.debt is not None
    before = sum(ore for loan in opening.plans for year, ore in loan.items() if year < years[0])
    repaid = [(EXISTING, {year: ore for year, ore in loan.items() if year >= years[0]}) for loan in opening.plans]
    fixed = [Borrowed(_name(row, first), loan) for row, loan in plan.rows if not _is_purchase(row, first)]
    bought = [
        Borrowed(_name(row, first), loan, list_months(row, loan.principal))
        for row, loan in plan.rows
        if _is_purchase(row, first)
    ]
    # What loans by their own days owe before the first year is among their movements.
    stated = opening.debt - plan.moved.opening
    termed = [Termed(_name_termed(row), row.terms, row.has_rate) for row in plan.termed]
    return Debt(years, {EXISTING: stated - before}, repaid, fixed, bought, termed, parents or {})


def _name_termed(loan: TermedLoan) -> str:
    return USE_OF_EQUITY if loan.terms.purpose == USE_OF_EQUITY else EXISTING


def _is_purchase(loan: PlannedLoan, first: int) -> bool:
    return loan.purpose == INVESTMENTS and loan.asset_class is not None and loan.year >= first


def _name(loan: PlannedLoan, first: int) -> str:
    """Return the part that a planned loan belongs to; what is raised before the first year is there when it begins."""
    if loan.purpose == USE_OF_EQUITY:
        return USE_OF_EQUITY
    if loan.year < first:
        return EXISTING
    return loan.asset_class.slug if loan.asset_class is not None else OTHER_INVESTMENTS


def _list_assumed(plan: DebtPlan, loans: Iterable[PlannedLoan], first: int) -> list[Assumed]:
    """Return the amounts, repayments and lives that are assumed, by part."""
    found: dict[tuple[str, str], set[int]] = {}
    for years in plan.sources.existing:
        for year, source in years.items():
            if source == Source.ASSUMED and year >= first:
                found.setdefault(("repayment", EXISTING), set()).add(year)
    for loan in loans:
        part = _name(loan, first)
        if loan.provenance == Source.ASSUMED:
            found.setdefault(("amount", part), set()).add(loan.year)
        if is_life_assumed(loan):
            found.setdefault(("life", part), set())
        if not instalments(to_engine_loan(loan)):
            found.setdefault(("no_plan", part), set()).add(loan.year)
        for row in loan.repayments.all():
            if row.provenance == Source.ASSUMED:
                found.setdefault(("repayment", part), set()).add(row.year)
    return [Assumed(kind, part, tuple(sorted(years))) for (kind, part), years in found.items()]


def _list_unknown(investments: Iterable[Investment]) -> list[Assumed]:
    """Return the purchases without a known amount: they count as nothing."""
    rows = []
    for row in investments:
        years = tuple(row.unknown_years)
        if years and row.financing == Investment.Financing.LOAN:
            rows.append(Assumed("unknown", row.asset_class.slug, years))
    return rows


@dataclass(frozen=True)
class RecourseShare:
    """What a member bears of the debt among the members, öre, by the recourse agreement in force.

    While none is, by inhabitants, whose `source` is assumed.
    """

    name: str
    share: Fraction
    ore: int
    source: str = Source.ASSUMED.value

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent with one decimal."""
        return percent(self.share.numerator, self.share.denominator)


def share_recourse(debt: int, on: date, frameworks: Iterable[Framework]) -> list[RecourseShare]:
    """Split a debt on who guarantees the federation's framework in force on a day (rule 8).

    By the shares of the recourse agreement that all its parties have signed by then; while there is none, by the newest
    counted inhabitants. `frameworks` are its own. Empty while none is in force or nobody is counted.

    Who joins later has guaranteed nothing, and who leaves is not let go by that.
    """
    begun = [row.from_on for row in frameworks if row.from_on is not None and row.from_on <= on]
    parties = list_parties_at(on) if begun else []
    if parties:
        shares = [Fraction(party.share_percent) for party in parties]
        return [
            RecourseShare(party.municipality.name, share / WHOLE, ore, party.agreement.provenance)
            for party, share, ore in zip(parties, shares, allocate(debt, shares), strict=True)
        ]
    rows = list(Municipality.objects.members_on(max(begun)).order_by("pk")) if begun else []
    counted = Inhabitants.objects.filter(counted_on__lte=on).order_by("municipality_id", "-counted_on")
    counts = dict(counted.distinct("municipality_id").values_list("municipality_id", "count"))
    weights = [counts.get(row.pk, 0) for row in rows]
    if not sum(weights):
        return []
    parts = allocate(debt, weights)
    return [
        RecourseShare(row.name, Fraction(weight, sum(weights)), ore)
        for row, weight, ore in zip(rows, weights, parts, strict=True)
    ]


def load_interest_rate(budget_id: int) -> tuple[Fraction, str] | None:
    """Return the newest rate of interest that a budget chose as a fraction, with where it comes from; None without one."""
    chosen = _list_chosen_rates(budget_id)
    return (Fraction(chosen[0][0]) / 100, chosen[0][1]) if chosen else None


@compiled
def _list_chosen_rates(budget_id: int) -> QuerySet[ChosenRate, tuple[Decimal, str]]:
    chosen = ChosenRate.objects.filter(budget=budget_id, rate__kind=PlanningRate.Kind.INTEREST)
    return chosen.order_by("-rate__valid_from_on").values_list("rate__value", "rate__provenance")


@dataclass(frozen=True)
class InterestRate:
    """A yearly rate as a fraction; one that the budget did not choose is its planned interest by its average debt."""

    rate: Fraction
    is_chosen: bool


def find_interest_rate(budget: Budget, debt: Debt) -> InterestRate | None:
    """Return the newest rate of interest that a budget chose, else what its first year's planned interest comes to.

    None where it has neither.
    """
    chosen = load_interest_rate(budget.pk)
    if chosen is not None:
        return InterestRate(chosen[0], is_chosen=True)
    planned = -(load_amounts(budget, Forecast.Kind.RESULT).get("financial_costs", {}).get(debt.years[0]) or 0)
    average = stress(debt, Inputs(until_year=debt.years[0]), []).year_ends[0].average
    return InterestRate(planned / average, is_chosen=False) if planned > 0 and average > 0 else None


def cost_interest(
    debt: Debt, answer: Stressed, interest: InterestRate | None, shift: Fraction
) -> dict[int, int | None]:
    """Return what interest costs by year, öre, with the market's rate shifted in parallel; None where it can't be known.

    By the loans' own terms where they are known, the rest of the debt by the rate. The one place where a stress test's
    interest is made.
    """
    return accrue_interest(debt, answer, None if interest is None else interest.rate, shift)


def list_repeated(answer: Stressed, inputs: Inputs) -> list[Assumed]:
    """Return the purchases that repeat the last plan year's, by class."""
    names = {pot.name for pot in inputs.pots}
    return [Assumed("repeats", part, tuple(years)) for part, years in answer.repeated.items() if part not in names]


def merge_frameworks(own: Iterable[Framework], tried: Sequence[Framework]) -> list[Framework]:
    """Return the federation's own frameworks until the first day of the tried ones, and those from then on."""
    first = min((row.from_on for row in tried if row.from_on is not None), default=None)
    kept = [row for row in own if first is None or (row.from_on is not None and row.from_on < first)]
    return [*kept, *tried]


def load_classes() -> tuple[dict[str, str], dict[str, str]]:
    """Return the asset classes' names by slug in their order, and the parent of those that are a child of another."""
    rows = _list_classes()
    slugs = {row.pk: row.slug for row in rows}
    above = {row.slug: slugs[row.parent_id] for row in rows if row.parent_id is not None}
    return {row.slug: row.name for row in rows}, above


@compiled
def _list_classes() -> QuerySet[AssetClass]:
    return AssetClass.objects.order_by("position", "pk")
