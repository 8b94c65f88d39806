"""Equity by year against its floor, and what each fund for use of it has left (rules 8 to 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgets.models import Budget
from engine.balance import Item
from engine.equity import (
    EquityYear,
    Figure,
    FundYear,
    Verdict,
    follow_fund,
    least_opening,
    roll_equity,
    use_in,
)
from forecasts.selectors.years import Origin, Years
from investments.models import BalanceStatement, EquityFloor, EquityFund, EquityFundYear, EquityInitiative
from investments.selectors.equity import floors_by_year, list_floors, list_funds, list_statements, to_figures

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class FundState:
    """A fund with its years: `rows` are the stored years by year. `is_linked` says that a decision stands behind it."""

    fund: EquityFund
    years: list[FundYear]
    rows: Mapping[int, EquityFundYear]
    initiatives: list[EquityInitiative]

    @property
    def is_linked(self) -> bool:
        return self.fund.decision_id is not None

    @property
    def left(self) -> Figure:
        """What is left after the last year."""
        return self.years[-1].left_of_total

    @property
    def undivided_ore(self) -> int:
        """What of the whole fund is decided for no year, öre."""
        decided: int = sum(row.amount_ore for row in self.rows.values())
        return int(self.fund.amount_ore) - decided

    @property
    def exceeded(self) -> list[FundYear]:
        """The years that take more than is decided for them."""
        return [row for row in self.years if (row.left_of_year.ore or 0) < 0]


@dataclass(frozen=True)
class EquityReport:
    """What the page of equity shows.

    `least_ore` is the least equity at the end of `before_year` with which every year that has a floor stays at it, told
    while it is not known what equity was.
    """

    years: list[EquityYear]
    origins: Mapping[int, Origin]
    funds: list[FundState]
    statements: list[BalanceStatement]
    floors: list[EquityFloor]
    before_year: int
    least_ore: int | None

    @property
    def below(self) -> list[EquityYear]:
        """The years that end below the floor."""
        return [row for row in self.years if row.verdict == Verdict.NOT_MET]

    @property
    def is_known(self) -> bool:
        """Whether an opening is entered."""
        return bool(self.years) and self.years[0].opening.ore is not None

    @property
    def has_unexplained(self) -> bool:
        """Whether a year's end is stated as another than its opening and result come to."""
        return any(row.unexplained for row in self.years)

    @property
    def without_result(self) -> list[int]:
        """The years whose result nobody has told."""
        return [row.year for row in self.years if row.result.ore is None]


def load_equity(budget: Budget, user: User) -> EquityReport:
    """Return equity for a budget's years, and for those from the last year's end that is stated before them."""
    statements, floors, funds = list_statements(user), list_floors(user), list_funds(user)
    stated = to_figures(statements, Item.EQUITY)
    shown = choose_years(budget, stated, (fund.first_year for fund in funds))
    told = Years(budget, user)
    all_years = range(min([shown[0], *(fund.first_year for fund in funds)]), budget.years[2] + 1)
    results = told.results(all_years)
    rows = roll_equity(stated, results.figures, floors_by_year(floors, shown), shown)
    return EquityReport(
        years=rows,
        origins=results.origins,
        funds=[follow(fund, results.figures) for fund in funds],
        statements=[row for row in statements if row.item == Item.EQUITY],
        floors=floors,
        before_year=shown[0] - 1,
        least_ore=least_opening(rows),
    )


def load_equity_by_year(told: Years, statements: Iterable[BalanceStatement], years: Sequence[int]) -> list[EquityYear]:
    """Return equity of years in a row, without floors: what the balance sheet takes up."""
    return roll_equity(to_figures(statements, Item.EQUITY), told.results(years).figures, {}, years)


def choose_years(budget: Budget, stated: Iterable[int], also: Iterable[int] = ()) -> list[int]:
    """Return the years to show: to the budget's last, from after the last stated year's end before the budget's first.

    Where none is stated from the first of the years that funds begin in, at the latest the budget's first.
    """
    first = budget.fiscal_year
    before = [year for year in stated if year < first]
    start = max(before) + 1 if before else min([first, *also])
    return list(range(start, budget.years[2] + 1))


def follow(fund: EquityFund, results: Mapping[int, Figure]) -> FundState:
    """Return a fund with what its years take and leave: a year takes what it loses."""
    stored = {row.year: row for row in fund.years.all()}
    decided = {year: Figure(row.amount_ore, row.provenance) for year, row in stored.items()}
    used = {year: use_in(figure) for year, figure in results.items()}
    years = range(fund.first_year, fund.last_year + 1)
    rows = follow_fund(Figure(fund.amount_ore, fund.provenance), decided, used, years)
    return FundState(fund, rows, stored, list(fund.initiatives.all()))
