"""What the stress test starts from: the debt that a budget plans, by part, and what of it is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from budgets.models import Budget, ChosenRate, PlanningRate
from engine.framework import Framework
from engine.loans import INVESTMENTS, instalments
from engine.money import allocate, percent
from engine.provenance import Source
from engine.recourse import WHOLE
from engine.stress import Borrowed, Debt
from investments.models import Investment, PlannedLoan
from investments.selectors.loans import DebtPlan, is_life_assumed, load_debt_plan, to_engine_loan
from investments.selectors.recourse import list_parties_at
from objects.models import Inhabitants, Municipality

EXISTING = "existing_loans"
USE_OF_EQUITY = PlannedLoan.Purpose.USE_OF_EQUITY.value
OTHER_INVESTMENTS = "other_investments"


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
    budget: Budget, loans: Sequence[PlannedLoan], investments: Iterable[Investment]
) -> tuple[Debt, list[Assumed]]:
    """Return the debt that a budget plans, öre by part, and what of it is assumed. UnknownDebtError.

    `loans` and `investments` are the budget's; its years begin after the day on which the existing debts are known.
    """
    plan = load_debt_plan(loans)
    if plan is None:
        raise UnknownDebtError
    opening, owed = plan.opening, plan.opening.debt
    if owed is None:
        raise UnknownDebtError(opening.missing)
    years = [year for year in budget.years if year > opening.year]
    if not years:
        raise UnknownDebtError
    before = sum(ore for loan in opening.plans for year, ore in loan.items() if year < years[0])
    repaid = [(EXISTING, {year: ore for year, ore in loan.items() if year >= years[0]}) for loan in opening.plans]
    rows = [(loan, to_engine_loan(loan)) for loan in loans if loan.year > opening.year]
    fixed = [Borrowed(_name(row, years[0]), loan) for row, loan in rows if not _is_purchase(row, years[0])]
    bought = [Borrowed(_name(row, years[0]), loan) for row, loan in rows if _is_purchase(row, years[0])]
    debt = Debt(years, {EXISTING: owed - before}, repaid, fixed, bought)
    return debt, [*_list_assumed(plan, [row for row, _loan in rows], years[0]), *_list_unknown(budget, investments)]


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


def _list_unknown(budget: Budget, investments: Iterable[Investment]) -> list[Assumed]:
    """Return the purchases without a known amount: they count as nothing."""
    rows = []
    for row in investments:
        years = tuple(year for year, ore in zip(budget.years, row.amounts, strict=True) if ore is None)
        if years and row.financing == Investment.Financing.LOAN:
            rows.append(Assumed("unknown", row.asset_class.slug, years))
    return rows


@dataclass(frozen=True)
class RecourseShare:
    """What a member bears of the debt among the members, öre, by the recourse agreement in force.

    While none is, by inhabitants, whose `source` is assumed.
    """

    municipality: Municipality
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
            RecourseShare(party.municipality, share / WHOLE, ore, party.agreement.provenance)
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
        RecourseShare(row, Fraction(weight, sum(weights)), ore)
        for row, weight, ore in zip(rows, weights, parts, strict=True)
    ]


def find_interest_rate(budget: Budget) -> Fraction | None:
    """Return the rate of interest that a budget chose as a fraction, the newest where there are several; None without one."""
    chosen = ChosenRate.objects.filter(budget=budget, rate__kind=PlanningRate.Kind.INTEREST).order_by(
        "-rate__valid_from_on"
    )
    value = chosen.values_list("rate__value", flat=True).first()
    return None if value is None else Fraction(value) / 100
