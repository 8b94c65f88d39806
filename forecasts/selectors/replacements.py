"""What a proposal of the replacement plan leads to, before it is taken: purchases, depreciation, members' cost and debt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from budgets.models import Budget
from budgets.selectors.shares import split_charges
from engine.loans import INVESTMENTS, Loan
from engine.result import sum_amounts
from engine.stress import Borrowed, Debt, Inputs, YearEnd, stress
from engine.years import Amounts
from forecasts.selectors.stress import UnknownDebtError, cost_interest, find_interest_rate, load_debt
from investments.models import Investment
from investments.selectors.capital import Capital, compute_capital
from investments.selectors.frameworks import load_frameworks
from investments.selectors.loans import list_planned_loans
from investments.selectors.replacements import Proposal, try_rows
from objects.models import Customer
from web.ordering import in_swedish

NOTHING: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class Change:
    """A figure of the budget's three years as it is and as it would be, öre; None is not known."""

    now: tuple[int | None, ...]
    then: tuple[int | None, ...]

    @property
    def years(self) -> list[tuple[int | None, int | None, int | None]]:
        """Each year as it is, as it would be, and what changes."""
        return [
            (now, then, None if now is None or then is None else then - now)
            for now, then in zip(self.now, self.then, strict=True)
        ]


@dataclass(frozen=True)
class Effect:
    """What a proposal changes; `members` are customers with what they pay of capital, and `lifeless` classes without a life."""

    purchases: Change
    depreciation: Change
    interest: Change
    debt: Change
    headroom: Change
    members: list[tuple[Customer, Change]]
    lacks: bool


def compute_effect(budget: Budget, rows: Sequence[Investment], proposal: Proposal) -> Effect:
    """Return what a proposal changes in a budget's years (rule 8), by the same chain as what is stored."""
    tried = try_rows(proposal, rows)
    now, then = compute_capital(budget, rows), compute_capital(budget, tried)
    before, after, costs = _load_year_ends(budget, rows, tried, proposal)
    return Effect(
        Change(_sum_purchases(rows), _sum_purchases(tried)),
        Change(_sum_capital(now), _sum_capital(then)),
        Change(_by_year(budget, costs[0]), _by_year(budget, costs[1])),
        Change(
            _by_year(budget, {row.year: row.debt for row in before}),
            _by_year(budget, {row.year: row.debt for row in after}),
        ),
        Change(
            _by_year(budget, {row.year: row.headroom for row in before}),
            _by_year(budget, {row.year: row.headroom for row in after}),
        ),
        _compare_members(budget, now, then),
        any(row.unknown_years for row in tried),
    )


def _sum_purchases(rows: Sequence[Investment]) -> Amounts:
    financed = [row.amounts for row in rows if row.financing == Investment.Financing.LOAN]
    return sum_amounts((a or 0, b or 0, c or 0) for a, b, c in financed)


def _sum_capital(capital: Capital) -> Amounts:
    return sum_amounts(part.amounts for parts in capital.parts.values() for part in parts.values())


def _by_year(budget: Budget, found: dict[int, int | None]) -> tuple[int | None, ...]:
    return tuple(found.get(year) for year in budget.years)


def _load_year_ends(
    budget: Budget, rows: Sequence[Investment], tried: Sequence[Investment], proposal: Proposal
) -> tuple[list[YearEnd], list[YearEnd], list[dict[int, int | None]]]:
    """Return the debt at the year ends as planned and as it would be, and its interest; nothing where it can't be known."""
    loans = list_planned_loans(budget)
    try:
        debt, _assumed = load_debt(budget, loans, rows)
    except UnknownDebtError:
        return [], [], [{}, {}]
    own = {(row.asset_class.slug, row.year) for row in loans if row.asset_class is not None and not row.follows}
    kept = [row for row in debt.purchases if row.part not in proposal.items or (row.part, row.loan.raised_year) in own]
    more = [row for row in _borrow(tried, proposal, debt) if (row.part, row.loan.raised_year) not in own]
    frameworks = load_frameworks()
    then = replace(debt, purchases=[*kept, *more])
    rate = find_interest_rate(budget, debt)
    found = [stress(each, Inputs(), frameworks) for each in (debt, then)]
    costs = [cost_interest(debt, found[0], rate, Fraction(0)), cost_interest(then, found[1], rate, Fraction(0))]
    return found[0].year_ends, found[1].year_ends, costs


def _borrow(tried: Sequence[Investment], proposal: Proposal, debt: Debt) -> list[Borrowed]:
    """Return the loans that follow what the tried rows buy, as the chain writes them once it is taken."""
    return [
        Borrowed(row.asset_class.slug, Loan(INVESTMENTS, ore, year, row.life_years, {}))
        for row in tried
        if row.asset_class.slug in proposal.items and row.financing == Investment.Financing.LOAN
        for year, ore in zip(row.budget.years, row.amounts, strict=True)
        if ore and year in debt.years
    ]


def _compare_members(budget: Budget, now: Capital, then: Capital) -> list[tuple[Customer, Change]]:
    """Return what each customer pays of what products carry, by name; those whose cost does not change are left out."""
    before, after = _split(budget, now), _split(budget, then)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    customers = Customer.objects.filter(pk__in=changed).order_by(in_swedish("name"))
    return [(row, Change(before.get(row.pk, NOTHING), after.get(row.pk, NOTHING))) for row in customers]


def _split(budget: Budget, capital: Capital) -> dict[int, Amounts]:
    charges: dict[int, list[Amounts]] = defaultdict(list)
    for product, _kind, _part, amounts in capital.carried():
        charges[product].append(amounts)
    shares = split_charges(budget, {product: sum_amounts(rows) for product, rows in charges.items()})
    found: dict[int, list[Amounts]] = defaultdict(list)
    for share in shares:
        found[share.customer_id].append(share.amounts)
    return {customer: sum_amounts(rows) for customer, rows in found.items()}
