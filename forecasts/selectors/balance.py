"""The budgeted balance sheet of a budget (municipal law 11:6), from its stored forecasts and what is entered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from budgets.models import Budget
from engine.balance import ENTERED, BalanceYear, Item, Movements, roll_balance
from engine.equity import UNKNOWN, Figure, add
from engine.provenance import Source, weakest
from forecasts.models import Forecast
from forecasts.selectors.equity import load_equity_by_year
from forecasts.selectors.years import Years, read_figure
from investments.models import BalanceChange, BalanceStatement, Investment
from investments.models.equity import STATED
from investments.selectors.capital import list_purchases
from investments.selectors.equity import list_changes, list_statements, to_figures
from investments.selectors.purchases import list_investments

if TYPE_CHECKING:
    from accounts.models import User

# What no chain carries on: nobody has said that it changes, so that it is taken to stay.
UNCHANGED = Figure(0, Source.ASSUMED.value)


@dataclass(frozen=True)
class BalanceReport:
    """What the page of the balance sheet shows.

    `unknown` names what is bought at an amount that nobody knows, with its year: purchases are told without it.
    """

    opening_on: date
    rows: list[BalanceYear]
    statements: list[BalanceStatement]
    changes: list[BalanceChange]
    unknown: list[tuple[str, int]]

    @property
    def opening(self) -> BalanceYear:
        return self.rows[0]

    @property
    def years(self) -> list[BalanceYear]:
        """The years after the opening."""
        return self.rows[1:]

    @property
    def missing(self) -> list[Item]:
        """The items that nobody has told at the opening, in order."""
        return self.opening.missing

    @property
    def gap_ore(self) -> int | None:
        """What the opening's assets have beyond equity and what is owed, öre: 0 when it balances, None when not known."""
        return self.opening.difference.ore

    @property
    def in_debt(self) -> list[BalanceYear]:
        """The years that end with more owed in loans than the fixed assets are worth."""
        return [row for row in self.years if (row.above_debt.ore or 0) < 0]

    @property
    def without_money(self) -> list[BalanceYear]:
        """The years that end with other assets below zero, which nobody can have."""
        return [row for row in self.years if (row.levels[Item.OTHER_ASSETS].ore or 0) < 0]


def load_balance(budget: Budget, user: User) -> BalanceReport:
    """Return each year's end from the last that is stated before the budget's first year, to its last."""
    statements, changes = list_statements(user), list_changes(budget)
    stated = {row.stated_on.year for row in statements if row.stated_on.year < budget.fiscal_year}
    opening_year = max(stated, default=budget.fiscal_year - 1)
    years = list(range(opening_year + 1, budget.years[2] + 1))
    told = Years(budget, user)
    bought, unknown = _load_purchases(told, years)
    movements = {year: _move(told, year, bought.get(year, UNKNOWN), changes) for year in years}
    rows = roll_balance(opening_year, _load_opening(told, opening_year, statements), movements, years)
    own = [row for row in statements if row.stated_on.year == opening_year]
    return BalanceReport(date(opening_year, 12, 31), rows, own, changes, unknown)


def _load_opening(told: Years, year: int, statements: Sequence[BalanceStatement]) -> dict[Item, Figure]:
    opening: dict[Item, Figure] = {item: to_figures(statements, item).get(year, UNKNOWN) for item in STATED}
    loans = told.read(told.budget, Forecast.Kind.LOAN)
    closing = read_figure(loans, "closing_debt", year)
    opening[Item.DEBT] = closing if closing.ore is not None else read_figure(loans, "opening_debt", year + 1)
    if opening[Item.EQUITY].ore is None:
        opening[Item.EQUITY] = _roll_equity_to(told, year, statements)
    return opening


def _roll_equity_to(told: Years, year: int, statements: Sequence[BalanceStatement]) -> Figure:
    """Return equity at a year's end as an earlier one and the results since come to."""
    before = [stated for stated in to_figures(statements, Item.EQUITY) if stated < year]
    if not before:
        return UNKNOWN
    return load_equity_by_year(told, statements, range(max(before) + 1, year + 1))[-1].closing


def _move(told: Years, year: int, bought: Figure, changes: Iterable[BalanceChange]) -> Movements:
    loans = told.read(told.budget, Forecast.Kind.LOAN)
    planned = {Item(row.item): Figure(row.amount_ore, row.provenance) for row in changes if row.year == year}
    borrowed = [read_figure(loans, row, year) for row in ("borrowing_investments", "borrowing_use_of_equity")]
    result = told.figure_of_result("net_result", year)
    return Movements(
        result=result,
        depreciation=-told.figure_of_result("depreciation", year),
        purchases=bought,
        borrowed=add(*borrowed),
        repaid=-read_figure(loans, "amortisation", year),
        changes={item: planned.get(item, UNCHANGED) for item in ENTERED},
    )


def _load_purchases(told: Years, years: Sequence[int]) -> tuple[dict[int, Figure], list[tuple[str, int]]]:
    """Return what is bought in each year by the budget whose plan counts for it, öre, without what nobody knows.

    Finance leases are left out: what they are worth and what is owed for them is in no plan.
    """
    found: dict[int, Figure] = {}
    unknown: list[tuple[str, int]] = []
    for budget in {row.pk: row for row in map(told.find_budget, years) if row is not None}.values():
        if budget.status == Budget.Status.PUBLISHED_FIGURES:
            continue
        rows = [row for row in list_investments(budget) if row.financing == Investment.Financing.LOAN]
        own = [year for year in years if told.find_budget(year) == budget and year in budget.years]
        found |= _sum_purchases(rows, own)
        unknown += [(row.asset_class.name, year) for row in rows for year in row.unknown_years if year in own]
    return found, unknown


def _sum_purchases(rows: Sequence[Investment], years: Iterable[int]) -> dict[int, Figure]:
    bought = list(list_purchases(rows))
    return {
        year: Figure(
            sum(row.ore for row in bought if row.year == year),
            weakest(row.source for row in bought if row.year == year),
        )
        for year in years
    }
