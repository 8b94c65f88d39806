"""The dashboard's figures with their words and the addresses they lead to."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.urls import reverse

from budgets.models import Budget
from budgets.selectors.sub_budgets import BASE_GRANT
from pages.addresses import lines_url
from reports.dashboard.members import MemberCost
from reports.dashboard.selectors import Dashboard, ObjectCost, YearResult
from reports.overview.rows import show_overview
from reports.overview.selectors import OverviewRow


def show_dashboard(dashboard: Dashboard, budget: Budget) -> Dashboard:
    """Return the dashboard of a budget as its page shows it."""
    overview = show_overview(dashboard.overview, budget)
    earlier, net = overview.earlier, overview.result[-1]
    return replace(
        dashboard,
        overview=overview,
        results=[replace(year, url=_result_url(year, budget, net)) for year in dashboard.results],
        objects=[_show_object(row, budget, earlier, dashboard.base_grant) for row in dashboard.objects],
        members=[_show_member(row, budget, earlier) for row in dashboard.members],
        income=dashboard.income and next(row for row in overview.parts if row.code == "income"),
    )


def _result_url(year: YearResult, budget: Budget, net: OverviewRow) -> str:
    """Return the lines behind a year's result, of those years whose lines are kept, else where it is printed."""
    if year.year >= budget.fiscal_year:
        return net.url
    if year.kept_in is not None:
        return lines_url(year.kept_in, **net.lines)
    return (
        f"{reverse('forecasts:reconciliation', args=[year.printed_in])}?outcome=all&table={year.printed_table}"
        if year.printed_in
        else ""
    )


def _show_object(row: ObjectCost, budget: Budget, earlier: Budget | None, base_grant: str) -> ObjectCost:
    """Link to the lines behind an object's cost: last year's, its own, and the base grant's held against it."""
    counted = {"governance_object": row.counted_to}
    is_moved = row.counted_to != BASE_GRANT and bool(base_grant)
    return replace(
        row,
        url=lines_url(budget, **counted),
        earlier_url=lines_url(earlier, **counted),
        own_url=lines_url(budget, sub_budget=row.sub_budget) if row.sub_budget else "",
        moved_url=lines_url(budget, sub_budget=base_grant, **counted) if is_moved else "",
    )


def _show_member(row: MemberCost, budget: Budget, earlier: Budget | None) -> MemberCost:
    before = None if row.earlier is None else earlier
    return replace(row, url=_costs_url(budget, row.customer), earlier_url=_costs_url(before, row.customer))


def _costs_url(budget: Budget | None, customer: UUID | None) -> str:
    """Return the page of a customer's costs that the reader may open."""
    if budget is None or customer is None:
        return ""
    return f"{reverse('reports:costs', args=[budget.slug])}?customer={customer}"
