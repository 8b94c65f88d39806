"""The budget overview: result, revenue, sub-budgets and forecasts, beside the year before's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from budgets.models import Budget, BudgetProduct, RevenueCategory, SubBudget
from budgets.selectors.collaboration import count_tasks
from budgets.selectors.compared import Compared, differ_by_rounding
from budgets.selectors.published import in_ore, load_published
from budgets.selectors.sub_budgets import SubBudgetRow, list_sub_budget_rows
from budgets.selectors.totals import load_earlier_revenue, load_totals_by_category
from budgets.selectors.workflow import can_read_steps, list_way
from engine.growth import Growth
from engine.money import percent, round_to_tkr
from engine.provenance import Sources
from engine.result import INCOMES, OPERATING, CostKind, sum_amounts
from engine.years import Amounts
from forecasts.models import Forecast
from forecasts.selectors import (
    FrameworkState,
    count_unexplained,
    list_awaited,
    list_framework_states,
    list_loans_without_plan,
    list_unknown,
)
from forecasts.selectors.stored import Stored, in_years, load_amounts_by_kind, load_stored, result_of
from investments.models import Investment, PlannedLoan
from investments.selectors.loans import list_planned_loans
from investments.selectors.purchases import list_investments
from objects.models import GovernanceObject
from pricing.selectors.following import Left, find_left
from records.models import Provenance
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User


ZERO: Amounts = (0, 0, 0)


# The rows that are shown, with the cost kinds whose lines are behind each; none where all lines are.
RESULT: dict[str, frozenset[CostKind]] = {
    "operating_revenue": frozenset(),
    "operating_costs": OPERATING,
    "depreciation": frozenset({CostKind.DEPRECIATION}),
    "operating_result": frozenset(),
    "financial_costs": frozenset({CostKind.INTEREST}),
    "net_result": frozenset(),
}


BASE_GRANT_GROUP = ""
GROUPS = (
    BASE_GRANT_GROUP,
    GovernanceObject.Kind.PRIMARY,
    GovernanceObject.Kind.SUPPORT,
    GovernanceObject.Kind.ENABLING_TECH,
)
Earlier = Mapping[Forecast.Kind, Mapping[str, int]]
"""A year's stored forecasts, öre by kind and row."""
Lines = Mapping[str, str | list[str]]
"""Which lines are behind a figure: what the list of lines is filtered by."""


@dataclass(frozen=True)
class OverviewRow(Compared):
    """A row of a table, with the lines behind it. Its label and addresses are the page's (`overview.rows`)."""

    code: str
    lines: Lines
    share: Decimal | None = None
    earlier_share: Decimal | None = None
    label: str = ""
    style: str = ""
    url: str = ""
    earlier_url: str = ""

    @property
    def shown_growth(self) -> Growth:
        """The change as it is shown; a result has none, since it may change sign."""
        return None if self.code in ("operating_result", "net_result") else self.growth


@dataclass(frozen=True)
class Group(Compared):
    """The sub-budgets of one kind of object with their sum; no kind for the base grant, which stands alone."""

    kind: str
    rows: list[SubBudgetRow]


@dataclass(frozen=True)
class Todo:
    """What a person has to decide or mend in a budget."""

    awaited: list[FrameworkState]
    unknown: list[Investment]
    without_plan: list[PlannedLoan]
    unexplained: int
    left: Left = field(default_factory=Left)

    @property
    def unknown_count(self) -> int:
        """How many purchases nobody knows the amount of: one is one, in however many years it is not known."""
        return len(self.unknown)

    def __bool__(self) -> bool:
        return bool(self.awaited or self.unknown or self.without_plan or self.unexplained or self.left)


@dataclass(frozen=True)
class Overview:
    """All of it. `rounded` names the tables in which shown parts miss the shown total, `unplaced` what the year before
    had of revenue that is in none of the sub-budgets, öre.

    `parts` are what revenue is made of where something is earned: what customers pay, and income. `stored` are the budget's forecasts, `before` those of the year before. `sources` is the weakest source of each year's column, `sources_of_forecasts` that of a forecast's figure of the year.
    """

    earlier: Budget | None
    result: list[OverviewRow]
    parts: list[OverviewRow]
    margins: list[Decimal | None]
    categories: list[OverviewRow]
    groups: list[Group]
    total: Compared
    unplaced: int
    forecasts: dict[str, Compared]
    todo: Todo
    stored: Mapping[Forecast.Kind, Stored]
    before: Earlier | None
    rounded: dict[str, bool] = field(default_factory=dict)
    sources: Sources = ("", "", "")
    sources_of_forecasts: dict[str, str] = field(default_factory=dict)
    has_assumed_categories: bool = False


def load_overview(budget: Budget, user: User, earlier: Budget | None) -> Overview:
    """Return the overview of a budget from its stored totals and forecasts."""
    stored, before = load_stored(budget, *Forecast.Kind), load_earlier(earlier)
    result = _load_result(budget, stored[Forecast.Kind.RESULT], before)
    categories = _load_categories(budget, earlier, result[0])
    rows = _list_rows(budget, user, earlier)
    parts = sum_compared(rows)
    # One rule for the growth of revenue: against the income statement, also where printed sub-budgets miss it.
    total = Compared(parts.amounts, parts.earlier if earlier is None else result[0].earlier)
    return Overview(
        earlier=earlier,
        result=result,
        parts=_load_parts(budget, stored[Forecast.Kind.RESULT], before),
        margins=_margins(result),
        categories=categories,
        groups=_group(rows),
        total=total,
        unplaced=(total.earlier or 0) - (parts.earlier or 0),
        forecasts=_load_forecasts(budget, result, stored, before),
        stored=stored,
        before=before,
        sources=stored[Forecast.Kind.RESULT].sources_of("operating_revenue", budget),
        sources_of_forecasts=_trace_forecasts(budget, stored),
        has_assumed_categories=has_assumed_categories(budget, categories),
        todo=_load_todo(budget, user),
        rounded={
            "result": _is_result_rounded(result),
            "categories": is_rounded(categories[:-1], categories[-1]),
            "sub_budgets": is_rounded(rows, parts),
        },
    )


def _list_rows(budget: Budget, user: User, earlier: Budget | None) -> list[SubBudgetRow]:
    """Return the sub-budgets with their last step; in a draft also with their open tasks, for those inside."""
    sub_budgets = list_way(budget, user)
    rows = list_sub_budget_rows(sub_budgets, budget, earlier)
    if budget.status != Budget.Status.DRAFT or not can_read_steps(user):
        return rows
    tasks = count_tasks(sub_budgets)
    return [replace(row, task_count=tasks[row.sub_budget.pk]) for row in rows]


def sum_compared(rows: Iterable[Compared]) -> Compared:
    """Return the sum of rows; last year's where all of them have it."""
    rows = list(rows)
    known = [row.earlier for row in rows if row.earlier is not None]
    return Compared(sum_amounts(row.amounts for row in rows), sum(known) if len(known) == len(rows) else None)


def load_earlier(earlier: Budget | None) -> Earlier | None:
    """Return the stored forecasts of what a budget is compared with; the published result where there is nothing else."""
    if earlier is None:
        return None
    if earlier.status == Budget.Status.PUBLISHED_FIGURES:
        printed = in_ore(load_published(earlier.edition, "result_budget"))
        return {Forecast.Kind.RESULT: printed, Forecast.Kind.GRANT: {}, Forecast.Kind.LOAN: {}}
    stored = load_amounts_by_kind(earlier, *Forecast.Kind)
    year = earlier.fiscal_year
    return {
        kind: {row: ore for row, years in figures.items() if (ore := years.get(year)) is not None}
        for kind, figures in stored.items()
    }


def _load_result(budget: Budget, stored: Stored, before: Earlier | None) -> list[OverviewRow]:
    figures = result_of(stored.amounts, budget)
    rows = []
    for code, kinds in RESULT.items():
        was = None if before is None else before[Forecast.Kind.RESULT].get(code)
        rows.append(OverviewRow(figures[code], was, code, {"cost_kind": sorted(kinds)} if kinds else {}))
    return rows


def _load_parts(budget: Budget, stored: Stored, before: Earlier | None) -> list[OverviewRow]:
    figures, was = result_of(stored.amounts, budget), before[Forecast.Kind.RESULT] if before else {}
    kinds: dict[str, Lines] = {"customers": {}, "income": {"cost_kind": sorted(INCOMES)}}
    rows = [OverviewRow(figures[code], was.get(code), code, lines) for code, lines in kinds.items()]
    return rows if any(rows[-1].amounts) or rows[-1].earlier else []


def _margins(result: list[OverviewRow]) -> list[Decimal | None]:
    """Return the net result in per cent of revenue: three years, the year before, and the change."""
    revenue, net = result[0], result[-1]
    years = [percent(part, whole) for part, whole in zip(net.amounts, revenue.amounts, strict=True)]
    earlier = None if net.earlier is None or not revenue.earlier else percent(net.earlier, revenue.earlier)
    change = None if earlier is None or years[0] is None else years[0] - earlier
    return [*years, earlier, change]


def _load_categories(budget: Budget, earlier: Budget | None, revenue: OverviewRow) -> list[OverviewRow]:
    """Return the revenue of each category, and the forecast's operating revenue that they add up to."""
    totals, before = load_totals_by_category(budget), load_earlier_revenue(earlier)
    whole, whole_before = revenue.amounts, revenue.earlier
    rows = []
    for category in RevenueCategory:
        was = None if before is None else before.get(category.value, 0)
        amounts = totals.get(category.value, ZERO)
        shares = (
            percent(amounts[0], whole[0]),
            None if was is None or not whole_before else percent(was, whole_before),
        )
        if any(amounts) or was:
            rows.append(OverviewRow(amounts, was, category.value, {"category": category.value}, *shares))
    hundred = Decimal("100.0")
    return [*rows, OverviewRow(whole, whole_before, "total", {}, hundred, hundred if before else None)]


def _group(rows: list[SubBudgetRow]) -> list[Group]:
    def kind_of(sub_budget: SubBudget) -> str:
        return "" if sub_budget.governance_object is None else sub_budget.governance_object.kind

    groups = [(kind, [row for row in rows if kind_of(row.sub_budget) == kind]) for kind in GROUPS]
    sums = [(kind, own, sum_compared(own)) for kind, own in groups if own]
    return [Group(total.amounts, total.earlier, str(kind), own) for kind, own, total in sums]


def has_assumed_categories(budget: Budget, categories: Iterable[OverviewRow]) -> bool:
    """Return whether revenue by category rests on categories of products that are guessed.

    Where the sums are those that are published they are as sure as print, whatever single products are.
    """
    if not _find_assumed_product(budget.pk):
        return False
    printed = load_published(budget.edition, "revenue_by_category")
    shown = {row.code: round_to_tkr(row.amounts[0]) for row in categories if row.code != "total"}
    return not printed or any(printed.get(code, 0) != tkr for code, tkr in shown.items())


@compiled
def _find_assumed_product(budget_id: int) -> QuerySet[BudgetProduct, int]:
    return BudgetProduct.objects.filter(budget=budget_id, provenance=Provenance.ASSUMED).values_list("pk", flat=True)[
        :1
    ]


def _trace_forecasts(budget: Budget, stored: Mapping[Forecast.Kind, Stored]) -> dict[str, str]:
    """Return where each forecast's figure of the budget year comes from."""
    rows = {
        "base_grant": Forecast.Kind.GRANT,
        "net_result": Forecast.Kind.RESULT,
        "operating_revenue": Forecast.Kind.RESULT,
        "closing_debt": Forecast.Kind.LOAN,
        "headroom": Forecast.Kind.LOAN,
    }
    return {row: stored[kind].source_of(row, budget.fiscal_year) for row, kind in rows.items()}


def _load_forecasts(
    budget: Budget, result: list[OverviewRow], stored: Mapping[Forecast.Kind, Stored], before: Earlier | None
) -> dict[str, Compared]:
    """Return the budget year's base grant, result, debt and headroom beside the year before's."""
    grant, loan = stored[Forecast.Kind.GRANT].amounts, stored[Forecast.Kind.LOAN].amounts
    grant_before = before[Forecast.Kind.GRANT] if before else {}
    tops = {"net_result": Compared(result[-1].amounts, result[-1].earlier)}
    if "base_grant" in grant:
        tops["base_grant"] = Compared(in_years(grant["base_grant"], budget), grant_before.get("base_grant"))
    for row in ("closing_debt", "headroom"):
        if loan.get(row, {}).get(budget.fiscal_year) is not None:
            tops[row] = Compared(in_years(loan[row], budget), _find_loan_before(row, budget, loan, before))
    return tops


def _find_loan_before(
    row: str, budget: Budget, loan: Mapping[str, Mapping[int, int | None]], before: Earlier | None
) -> int | None:
    """Return what a year end is compared with: the one before in the same forecast, or that of the budget it is made from."""
    if budget.made_from is None:
        return loan[row].get(budget.fiscal_year - 1)
    return before[Forecast.Kind.LOAN].get(row) if before else None


def _load_todo(budget: Budget, user: User) -> Todo:
    awaited = list_awaited(list_framework_states(user))
    without_plan = list_loans_without_plan(list_planned_loans(budget))
    unknown, unexplained = list_unknown(list_investments(budget)), count_unexplained(budget)
    return Todo(awaited, unknown, without_plan, unexplained, find_left(budget))


def is_rounded(parts: Iterable[Compared], total: Compared, *, years: int = 3) -> bool:
    """Return whether any shown column, of the first `years` and the year before, misses its total by rounding."""
    parts = list(parts)
    columns = [([part.amounts[year] for part in parts], total.amounts[year]) for year in range(years)]
    if total.earlier is not None:
        columns.append(([part.earlier or 0 for part in parts], total.earlier))
    return any(differ_by_rounding(column, whole) for column, whole in columns)


def _is_result_rounded(result: list[OverviewRow]) -> bool:
    revenue, costs, depreciation, operating, financial, net = result
    return is_rounded([revenue, costs, depreciation], operating) or is_rounded([operating, financial], net)
