"""What the investment budget comes to: purchases, debt and headroom by year, and what capital costs by class and product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from budgets.models import COST_KINDS, Budget
from engine.result import CostKind, sum_amounts
from engine.years import Amounts
from forecasts.models import Forecast
from forecasts.selectors.stored import load_stored
from investments.models import Investment
from investments.selectors.capital import Capital, PartCost, compute_capital, is_capital_behind
from investments.selectors.carried import Carried, load_carried


@dataclass(frozen=True)
class YearRow:
    """A year of the budget, öre: what is bought for loans, and the stored forecast's debt and headroom; None is not known."""

    year: int
    purchases: int
    is_complete: bool
    debt: int | None
    headroom: int | None
    debt_source: str


@dataclass(frozen=True)
class ClassCost:
    """What a class costs in depreciation or interest, by year to the end of its assets' lives."""

    slug: str
    name: str
    cost: PartCost
    is_carried: bool


@dataclass(frozen=True)
class CarriedRow:
    """A product's capital cost of a kind, named."""

    carried: Carried
    kind_name: str


@dataclass(frozen=True)
class Overview:
    """All of it."""

    years: list[YearRow]
    depreciation: list[ClassCost]
    depreciation_total: Amounts
    interest: list[ClassCost]
    later_years: list[int]
    carried: list[CarriedRow]
    lifeless: list[str]
    uncarried: list[str]
    is_behind: bool

    @property
    def later(self) -> list[tuple[str, list[int]]]:
        """Depreciation by class in the years after the budget's, öre."""
        return [(row.name, [row.cost.by_year.get(year, 0) for year in self.later_years]) for row in self.depreciation]

    @property
    def entered_count(self) -> int:
        """How many kinds of products' capital cost is entered, where it could be calculated."""
        return sum(not row.carried.is_calculated and any(row.carried.calculated) for row in self.carried)

    @property
    def calculated_count(self) -> int:
        """How many are calculated."""
        return sum(row.carried.is_calculated for row in self.carried)


def load_overview(budget: Budget, rows: Sequence[Investment]) -> Overview:
    """Load what a budget's investments come to."""
    capital = compute_capital(budget, rows)
    names = {row.asset_class.slug: row.asset_class.name for row in rows}
    stored = load_stored(budget, Forecast.Kind.LOAN)[Forecast.Kind.LOAN]
    debts, rooms = stored.amounts.get("closing_debt", {}), stored.amounts.get("headroom", {})
    financed = [row for row in rows if row.financing == Investment.Financing.LOAN]
    years = [
        YearRow(
            year,
            sum(row.amounts[place] or 0 for row in financed),
            not any(year in row.unknown_years for row in financed),
            debts.get(year),
            rooms.get(year),
            stored.source_of("closing_debt", year),
        )
        for place, year in enumerate(budget.years)
    ]
    depreciation = list(_list_costs(capital, CostKind.DEPRECIATION, names))
    kinds = {kind: str(label) for kind, label in COST_KINDS}
    ends = [year for row in depreciation for year in row.cost.by_year]
    return Overview(
        years=years,
        depreciation=depreciation,
        depreciation_total=sum_amounts(row.cost.amounts for row in depreciation),
        interest=list(_list_costs(capital, CostKind.INTEREST, names)),
        later_years=list(range(budget.years[2] + 1, max(ends, default=0) + 1)),
        carried=[CarriedRow(row, kinds[row.kind]) for row in load_carried(budget)],
        lifeless=[names.get(slug, slug) for slug in capital.lifeless],
        uncarried=[names.get(slug, slug) for slug in capital.uncarried],
        is_behind=is_capital_behind(budget) and budget.status == Budget.Status.DRAFT,
    )


def _list_costs(capital: Capital, kind: CostKind, names: dict[str, str]) -> Sequence[ClassCost]:
    found = capital.parts.get(kind, {})
    uncarried = set(capital.uncarried)
    order = [slug for slug in (*names, "") if slug in found]
    return [ClassCost(slug, names.get(slug, ""), found[slug], slug not in uncarried) for slug in order]
