"""What happens in years outside a budget: what the accounts tell, else what the budget in force for the year plans.

A balance sheet and equity start from the last year's end that somebody has stated; the years from there to the budget's
first are those of other budgets and of the accounts. Nothing is computed here: figures are stored or printed ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from budgets.models import Budget, PublishedFigure
from budgets.selectors.budgets import read_budgets
from engine.equity import UNKNOWN, Figure
from engine.money import ORE_PER_TKR
from engine.provenance import Source
from forecasts.models import Forecast
from forecasts.selectors.stored import Stored, load_stored

if TYPE_CHECKING:
    from accounts.models import User

ACCOUNTS = "annual_accounts"


@dataclass(frozen=True)
class Origin:
    """Where a year's figure is read: in a budget's forecast, or in the accounts; neither where it is not known."""

    budget: Budget | None = None
    is_accounts: bool = False


@dataclass(frozen=True)
class YearFigures:
    """Figures by row and year, and where each year's are read."""

    figures: Mapping[int, Figure]
    origins: Mapping[int, Origin]


@dataclass
class Years:
    """A budget's own forecasts and those of the budgets in force before it, each read once when it is asked for."""

    budget: Budget
    user: User
    _stored: dict[int, dict[Forecast.Kind, Stored]] = field(default_factory=dict)

    @cached_property
    def in_force(self) -> dict[int, Budget]:
        """The adopted budgets that no adopted budget replaces, by fiscal year."""
        adopted = [row for row in read_budgets(self.user) if row.is_adopted]
        replaced = {row.replaces_id for row in adopted}
        return {row.fiscal_year: row for row in adopted if row.pk not in replaced}

    def find_budget(self, year: int) -> Budget | None:
        """Return the budget whose plan counts for a year: this one for its own years, before them the one in force."""
        return self.budget if year >= self.budget.fiscal_year else self.in_force.get(year)

    def read(self, budget: Budget, kind: Forecast.Kind) -> Stored:
        """Return a budget's stored forecast."""
        if budget.pk not in self._stored:
            self._stored[budget.pk] = load_stored(budget, Forecast.Kind.RESULT, Forecast.Kind.LOAN)
        return self._stored[budget.pk][kind]

    def figure(self, kind: Forecast.Kind, row: str, year: int) -> Figure:
        """Return what the budget of a year has stored in a row, öre with its sign."""
        budget = self.find_budget(year)
        return UNKNOWN if budget is None else read_figure(self.read(budget, kind), row, year)

    @cached_property
    def accounts(self) -> dict[int, dict[str, Figure]]:
        """What the accounts print of each year, by row: the figures of the budget that this one may see, öre."""
        printed = PublishedFigure.objects.visible_to(self.user)
        rows = printed.filter(table=ACCOUNTS, edition__startswith="actual:", tkr__isnull=False).order_by("pk")
        found: dict[int, dict[str, Figure]] = {}
        for edition, row, tkr in rows.values_list("edition", "row", "tkr"):
            year = int(edition.partition(":")[2] or 0)
            found.setdefault(year, {})[row] = Figure((tkr or 0) * ORE_PER_TKR, Source.PUBLISHED)
        return found

    def results(self, years: Iterable[int]) -> YearFigures:
        """Return each year's net result, and where it is read."""
        found = {year: self._find("net_result", year) for year in years}
        figures = {year: figure for year, (figure, _origin) in found.items()}
        return YearFigures(figures, {year: origin for year, (_figure, origin) in found.items()})

    def figure_of_result(self, row: str, year: int) -> Figure:
        """Return a row of a year's income statement, öre with its sign."""
        return self._find(row, year)[0]

    def _find(self, row: str, year: int) -> tuple[Figure, Origin]:
        """Return the budget's own years as stored; before them what the accounts tell, else what a budget in force plans."""
        own = self.figure(Forecast.Kind.RESULT, row, year)
        told = self.accounts.get(year, {}).get(row, UNKNOWN)
        if told.ore is not None and (year < self.budget.fiscal_year or own.ore is None):
            return told, Origin(is_accounts=True)
        return own, Origin(self.find_budget(year) if own.ore is not None else None)


def read_figure(stored: Stored, row: str, year: int) -> Figure:
    """Return a stored figure, öre; not known where it is not stored."""
    ore = stored.amounts.get(row, {}).get(year)
    return UNKNOWN if ore is None else Figure(ore, stored.source_of(row, year))
