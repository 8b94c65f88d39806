"""What the system computes of the figures that a budget's documents print, öre by table, row and edition."""

from __future__ import annotations

from budgets.models import Budget, RevenueCategory
from budgets.selectors.published import list_published_figures
from budgets.selectors.totals import (
    load_totals_by_category,
    load_totals_by_kind,
    load_totals_by_product,
)
from engine.reconcile import Key
from engine.result import CostKind, sum_amounts
from engine.years import Amounts, edition_of
from forecasts.models import Forecast
from forecasts.selectors.stored import Figures, in_years, load_amounts_by_kind
from investments.models import Investment
from investments.selectors.classes import find_parents
from investments.selectors.purchases import list_investments


def load_computed(budget: Budget) -> dict[Key, int]:
    """Load what the system computes for a budget, öre by table, row and edition; forecasts as they are stored."""
    figures = load_amounts_by_kind(budget, *Forecast.Kind)
    grant, result = figures[Forecast.Kind.GRANT], figures[Forecast.Kind.RESULT]
    base_cost, base_grant = (in_years(grant.get(row, {}), budget) for row in ("total_cost", "base_grant"))
    revenue = in_years(result.get("operating_revenue", {}), budget)
    computed = {
        **_by_year(budget, _sub_budget_tables(budget, base_grant)),
        **_by_year(budget, _category_table(budget, revenue)),
        **_by_year(budget, _pool_table(budget, base_cost)),
        **_by_year(budget, _investment_tables(budget)),
        **_forecast_table(budget, result, "result_budget"),
        **_forecast_table(budget, figures[Forecast.Kind.LOAN], "loan_forecast"),
    }
    return computed | _products_left_out(budget, computed)


Tables = dict[tuple[str, str], Amounts]


def _by_year(budget: Budget, tables: Tables) -> dict[Key, int]:
    return {
        (table, row, edition_of(budget.fiscal_year, year)): ore
        for (table, row), amounts in tables.items()
        for year, ore in zip(budget.years, amounts, strict=True)
    }


def _sub_budget_tables(budget: Budget, base_grant: Amounts) -> Tables:
    """Return each sub-budget's products with their total; the base grant's is the grant forecast's."""
    products = load_totals_by_product(budget)
    tables: Tables = {(f"sub_budget/{slug}", name): amounts for (slug, name), amounts in products.items()}
    for sub_budget in budget.sub_budgets.all():
        table, own = f"sub_budget/{sub_budget.slug}", (a for (s, _name), a in products.items() if s == sub_budget.slug)
        tables[table, "TOTAL"] = base_grant if sub_budget.is_base_grant else sum_amounts(own)
    return tables


def _products_left_out(budget: Budget, computed: dict[Key, int]) -> dict[Key, int]:
    """Let a printed product without lines, or that the budget does not hold, cost nothing."""
    tables = {table for table, _row, _edition in computed if table.startswith("sub_budget/")}
    editions = {edition_of(budget.fiscal_year, year) for year in budget.years}
    printed = list_published_figures(budget).filter(table__in=tables, edition__in=editions)
    keys = printed.values_list("table", "row", "edition")
    return {key: 0 for key in keys if key not in computed}


def _category_table(budget: Budget, revenue: Amounts) -> Tables:
    totals = load_totals_by_category(budget)
    tables: Tables = {("revenue_by_category", c.value): totals.get(c.value, (0, 0, 0)) for c in RevenueCategory}
    tables["revenue_by_category", "TOTAL"] = revenue
    return tables


def _pool_table(budget: Budget, base_cost: Amounts) -> Tables:
    """Controllable cost (rule 5): the base grant's cost and what products carry of staff time and server operation."""
    products = load_totals_by_kind(budget)
    carried = (products.get(kind, (0, 0, 0)) for kind in (CostKind.STAFF_TIME, CostKind.SERVER_OPERATION))
    return {("influenceable_costs", "TOTAL"): sum_amounts([base_cost, *carried])}


def _investment_tables(budget: Budget) -> Tables:
    """Return the investment budget and the finance leases.

    A row with an amount that is not yet known is left out; totals carry on without it.
    """
    investments = list(list_investments(budget))
    return {
        **_investment_table(
            "investments", "TOTAL", [i for i in investments if i.financing == Investment.Financing.LOAN]
        ),
        **_investment_table(
            "finance_leases", "TOTAL_LEASE", [i for i in investments if i.financing != Investment.Financing.LOAN]
        ),
    }


def _investment_table(table: str, total: str, investments: list[Investment]) -> Tables:
    """Return the rows as they are printed: a class with its children; one with an amount not known has no row."""
    parents = find_parents()
    printed: dict[str, list[tuple[int | None, ...]]] = {}
    for row in investments:
        slug = row.asset_class.slug
        printed.setdefault(parents.get(slug, slug), []).append(row.amounts)
    amounts: Tables = {
        (table, slug): sum_amounts((a or 0, b or 0, c or 0) for a, b, c in rows)
        for slug, rows in printed.items()
        if not any(None in row for row in rows)
    }
    amounts[table, total] = sum_amounts((a or 0, b or 0, c or 0) for a, b, c in (i.amounts for i in investments))
    return amounts


def _forecast_table(budget: Budget, figures: Figures, table: str) -> dict[Key, int]:
    return {
        (table, row, edition_of(budget.fiscal_year, year)): ore
        for row, years in figures.items()
        for year, ore in years.items()
        if ore is not None
    }
