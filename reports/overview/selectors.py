"""The budget overview: result, revenue, sub-budgets and forecasts, beside the year before's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, RevenueCategory, SubBudget
from budgets.selectors.compared import Compared, differ_by_rounding
from budgets.selectors.published import in_ore, load_published
from budgets.selectors.sub_budgets import SubBudgetRow, list_sub_budget_rows, list_sub_budgets
from budgets.selectors.totals import load_earlier_revenue, load_totals_by_category
from engine.money import percent
from engine.result import OPERATING, CostKind, sum_amounts
from engine.years import Amounts
from forecasts.models import Forecast
from forecasts.selectors import (
    FrameworkState,
    count_unexplained,
    list_awaited,
    list_framework_states,
    list_loans_without_plan,
    list_unknown,
    load_amounts,
)
from investments.models import Investment, PlannedLoan
from investments.selectors import list_investments, list_planned_loans
from objects.models import GovernanceObject
from pages.addresses import lines_url

if TYPE_CHECKING:
    from accounts.models import User


ZERO: Amounts = (0, 0, 0)


RESULT = (
    ("operating_revenue", _("Operating revenue"), "", None),
    ("operating_costs", _("Operating costs"), "", OPERATING),
    ("depreciation", _("Depreciation and write-downs"), "", {CostKind.DEPRECIATION}),
    ("operating_result", _("Operating result"), "sub", None),
    ("financial_costs", _("Financial costs"), "", {CostKind.INTEREST}),
    ("net_result", _("Net result"), "total", None),
)


GROUPS = (
    (GovernanceObject.Kind.PRIMARY, _("Primary objects")),
    (GovernanceObject.Kind.SUPPORT, _("Support objects")),
    (GovernanceObject.Kind.ENABLING_TECH, _("Enabling technology")),
)


@dataclass(frozen=True)
class Row(Compared):
    """A row of a table: its label, style, and the addresses of the lines behind it and behind last year's."""

    code: str
    label: str | Promise
    style: str = ""
    url: str = ""
    earlier_url: str = ""
    share: Decimal | None = None
    earlier_share: Decimal | None = None

    @property
    def shown_percent(self) -> Decimal | None:
        """The change in per cent; a result has none, since it may change sign."""
        return None if self.code in ("operating_result", "net_result") else self.percent


@dataclass(frozen=True)
class Group(Compared):
    """The sub-budgets of one kind of object with their sum; no label for the base grant, which stands alone."""

    label: str | Promise
    rows: list[SubBudgetRow]


@dataclass(frozen=True)
class Todo:
    """What a person has to decide or mend in a budget."""

    awaited: list[FrameworkState]
    unknown: list[Investment]
    without_plan: list[PlannedLoan]
    unexplained: int

    @property
    def unknown_count(self) -> int:
        """How many amounts are not yet known."""
        return sum(investment.amounts.count(None) for investment in self.unknown)

    def __bool__(self) -> bool:
        return bool(self.awaited or self.unknown or self.without_plan or self.unexplained)


@dataclass(frozen=True)
class Overview:
    """All of it. `rounded` names the tables in which shown parts miss the shown total."""

    earlier: Budget | None
    result: list[Row]
    margins: list[Decimal | None]
    categories: list[Row]
    groups: list[Group]
    total: Compared
    forecasts: dict[str, Compared]
    todo: Todo
    rounded: dict[str, bool] = field(default_factory=dict)


def load_overview(budget: Budget, user: User, earlier: Budget | None) -> Overview:
    """The overview of a budget from its stored totals and forecasts."""
    result = _load_result(budget, earlier)
    categories = _load_categories(budget, earlier)
    rows = list_sub_budget_rows(list_sub_budgets(budget, user), budget, earlier)
    total = sum_compared(rows)
    return Overview(
        earlier=earlier,
        result=result,
        margins=_margins(result),
        categories=categories,
        groups=_group(rows),
        total=total,
        forecasts=_load_forecasts(budget, earlier, result),
        todo=_load_todo(budget, user),
        rounded={
            "result": _is_result_rounded(result),
            "categories": is_rounded(categories[:-1], categories[-1]),
            "sub_budgets": is_rounded(rows, total),
        },
    )


def sum_compared(rows: Iterable[Compared]) -> Compared:
    """The sum of rows; last year's where all of them have it."""
    rows = list(rows)
    known = [row.earlier for row in rows if row.earlier is not None]
    return Compared(sum_amounts(row.amounts for row in rows), sum(known) if len(known) == len(rows) else None)


def load_earlier(earlier: Budget | None, kind: Forecast.Kind) -> dict[str, int] | None:
    """The year before's stored forecast, öre by row; the published result where there is nothing else."""
    if earlier is None:
        return None
    if earlier.status == Budget.Status.PUBLISHED_FIGURES:
        table = {Forecast.Kind.RESULT: "result_budget", Forecast.Kind.LOAN: "loan_forecast"}.get(kind, "")
        return in_ore(load_published(earlier.edition, table))
    figures = load_amounts(earlier, kind)
    found = {row: years.get(earlier.fiscal_year) for row, years in figures.items()}
    return {row: ore for row, ore in found.items() if ore is not None}


def _load_result(budget: Budget, earlier: Budget | None) -> list[Row]:
    figures, before = load_amounts(budget, Forecast.Kind.RESULT), load_earlier(earlier, Forecast.Kind.RESULT)
    rows = []
    for code, label, style, kinds in RESULT:
        filters: dict[str, str | list[str]] = {"cost_kind": sorted(kinds)} if kinds else {}
        urls = (lines_url(budget, **filters), lines_url(earlier, **filters))
        was = None if before is None else before.get(code)
        rows.append(Row(_in_years(figures.get(code, {}), budget), was, code, label, style, *urls))
    return rows


def _in_years(figures: Mapping[int, int | None], budget: Budget) -> Amounts:
    first, second, third = (figures.get(year) or 0 for year in budget.years)
    return first, second, third


def _margins(result: list[Row]) -> list[Decimal | None]:
    """The net result in per cent of revenue: three years, the year before, and the change."""
    revenue, net = result[0], result[-1]
    years = [percent(part, whole) for part, whole in zip(net.amounts, revenue.amounts, strict=True)]
    earlier = None if net.earlier is None or not revenue.earlier else percent(net.earlier, revenue.earlier)
    change = None if earlier is None or years[0] is None else years[0] - earlier
    return [*years, earlier, change]


def _load_categories(budget: Budget, earlier: Budget | None) -> list[Row]:
    totals, before = load_totals_by_category(budget), load_earlier_revenue(earlier)
    whole = sum_amounts(totals.values())
    whole_before = None if before is None else sum(before.values())
    rows = []
    for category in RevenueCategory:
        was = None if before is None else before.get(category.value, 0)
        amounts = totals.get(category.value, ZERO)
        urls = (lines_url(budget, category=category.value), lines_url(earlier, category=category.value))
        shares = (
            percent(amounts[0], whole[0]),
            None if was is None or not whole_before else percent(was, whole_before),
        )
        if any(amounts) or was:
            rows.append(Row(amounts, was, category.value, category.label, "", *urls, *shares))
    hundred = Decimal("100.0")
    urls = (lines_url(budget), lines_url(earlier))
    return [
        *rows,
        Row(whole, whole_before, "total", _("Operating revenue"), "total", *urls, hundred, hundred if before else None),
    ]


def _group(rows: list[SubBudgetRow]) -> list[Group]:
    def kind_of(sub_budget: SubBudget) -> str:
        return "" if sub_budget.governance_object is None else sub_budget.governance_object.kind

    labels: list[tuple[str, str | Promise]] = [("", ""), *((kind.value, label) for kind, label in GROUPS)]
    groups = [(label, [row for row in rows if kind_of(row.sub_budget) == kind]) for kind, label in labels]
    sums = [(label, own, sum_compared(own)) for label, own in groups if own]
    return [Group(total.amounts, total.earlier, label, own) for label, own, total in sums]


def _load_forecasts(budget: Budget, earlier: Budget | None, result: list[Row]) -> dict[str, Compared]:
    """The budget year's base grant, result, debt and headroom beside the year before's."""
    grant, loan = load_amounts(budget, Forecast.Kind.GRANT), load_amounts(budget, Forecast.Kind.LOAN)
    grant_before = load_earlier(earlier, Forecast.Kind.GRANT) or {}
    found = {"net_result": Compared(result[-1].amounts, result[-1].earlier)}
    if "base_grant" in grant:
        found["base_grant"] = Compared(_in_years(grant["base_grant"], budget), grant_before.get("base_grant"))
    for row in ("closing_debt", "headroom"):
        if loan.get(row, {}).get(budget.fiscal_year) is not None:
            found[row] = Compared(_in_years(loan[row], budget), loan[row].get(budget.fiscal_year - 1))
    return found


def _load_todo(budget: Budget, user: User) -> Todo:
    awaited = list_awaited(list_framework_states(user))
    without_plan = list_loans_without_plan(list_planned_loans(budget))
    return Todo(awaited, list_unknown(list_investments(budget)), without_plan, count_unexplained(budget))


def is_rounded(parts: Iterable[Compared], total: Compared, *, years: int = 3) -> bool:
    """Whether any shown column, of the first `years` and the year before, misses its total by rounding."""
    parts = list(parts)
    columns = [([part.amounts[year] for part in parts], total.amounts[year]) for year in range(years)]
    if total.earlier is not None:
        columns.append(([part.earlier or 0 for part in parts], total.earlier))
    return any(differ_by_rounding(column, whole) for column, whole in columns)


def _is_result_rounded(result: list[Row]) -> bool:
    revenue, costs, depreciation, operating, financial, net = result
    return is_rounded([revenue, costs, depreciation], operating) or is_rounded([operating, financial], net)
