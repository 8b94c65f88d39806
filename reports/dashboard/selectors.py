"""What the board's dashboard shows besides the overview: the years' results and debts, objects, and what members pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from budgets.models import Budget, CostLine, PublishedFigure
from budgets.selectors.budgets import find_budget, find_earlier, find_year_before
from budgets.selectors.compared import Compared
from budgets.selectors.lines import HELD_AGAINST_OBJECTS, read_governance_objects
from budgets.selectors.shares import has_assumed_keys
from budgets.selectors.sub_budgets import BASE_GRANT, SubBudgetRow
from budgets.selectors.totals import amount_sums, sums_of
from engine.bridge import RESULT_STEPS, Step, Verdict, build_bridge, judge_result, split_moved
from engine.money import ORE_PER_TKR
from forecasts.models import Forecast
from forecasts.selectors import FrameworkState
from forecasts.selectors.loans import YearDebt, load_year_debts
from forecasts.selectors.stored import Stored
from pricing.selectors.moved import sum_moves
from reports.dashboard.members import MemberCost, load_members
from reports.overview.selectors import ZERO, Overview, OverviewRow, load_earlier, load_overview
from web.compiled import compiled
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User

YEARS_SHOWN = 6
RESULT_TABLES = ("annual_accounts", "result_budget")
# Of a year that has passed the first of these that is known is shown.
EDITIONS = ("actual", "budget", "forecast")


@dataclass(frozen=True)
class YearResult:
    """A year's result and revenue, öre, and which kind of figure they are: forecast, budget or plan.

    `decided_equity` is the use of equity that a decision allows, `source` the weakest of what the result is made of.
    A printed one says in which budget's documents, and table; one whose lines are kept, in which budget (`kept_in`). The
    address is the page's.
    """

    year: int
    edition: str
    result: int
    revenue: int
    decided_equity: int = 0
    source: str = ""
    printed_in: str = ""
    printed_table: str = ""
    kept_in: Budget | None = None
    url: str = ""

    @property
    def verdict(self) -> Verdict:
        """What the goal on the result says of it."""
        return judge_result(self.result, self.revenue, self.decided_equity)


@dataclass(frozen=True)
class ObjectCost(Compared):
    """What a governance object costs: its sub-budget, and what the base grant holds against it (`moved`), öre.

    `counted_to` is the object's slug, or BASE_GRANT; `sub_budget` its own one's, if any. Addresses are the page's.
    """

    name: str
    own: int
    moved: int
    counted_to: str
    sub_budget: str
    url: str = ""
    earlier_url: str = ""
    own_url: str = ""
    moved_url: str = ""


@dataclass(frozen=True)
class Dashboard:
    """All of it. `others` is what customers that are no members pay, `income` what is earned and lowers what customers pay,
    `unshared` the revenue without a key.

    `equity` is what lowers the base grant this year and the year before, `unnamed_grant` what of the base grant no line
    names an object for; positive öre.
    """

    overview: Overview
    bridge: list[Step]
    results: list[YearResult]
    debts: list[YearDebt]
    proposed: list[FrameworkState]
    objects: list[ObjectCost]
    members: list[MemberCost]
    others: Compared | None
    income: OverviewRow | None
    unshared: Compared | None
    equity: tuple[int, int]
    has_assumed_keys: bool = False
    unnamed_grant: int = 0
    base_grant: str = ""
    # By the sub-budget's slug: what of the change only moved there from another place, or away.
    moved_net: Mapping[str, int] = field(default_factory=dict)
    # All that moved, also within sub-budgets.
    moved_total: int = 0


def load_dashboard(budget: Budget, user: User, earlier: Budget | None) -> Dashboard:
    """Return the dashboard of a budget from its stored totals and forecasts."""
    overview = load_overview(budget, user, earlier)
    stored = overview.stored
    equity = _load_equity(overview)
    objects = _load_objects(budget, earlier, overview)
    members, others, income, unshared = load_members(budget, user, earlier, overview)
    moves = sum_moves(budget)
    return Dashboard(
        overview=overview,
        bridge=_load_bridge(overview),
        results=_load_results(budget, overview, stored[Forecast.Kind.LOAN], equity[0]),
        debts=load_year_debts(budget, stored[Forecast.Kind.LOAN])[-YEARS_SHOWN:],
        proposed=overview.todo.awaited,
        objects=objects,
        members=members,
        others=others,
        income=income,
        unshared=unshared,
        equity=equity,
        has_assumed_keys=has_assumed_keys(budget),
        unnamed_grant=sum(row.amounts[0] for row in objects if row.counted_to == BASE_GRANT),
        base_grant=next((row.sub_budget.slug for row in _list_rows(overview) if row.sub_budget.is_base_grant), ""),
        moved_net={step.place: step.moved for step in split_moved({}, {}, moves) if step.moved},
        moved_total=sum(ore for _from, _to, ore in moves),
    )


def find_shown_earlier(budget: Budget, user: User) -> Budget | None:
    """Return the budget of the year before, where the reader may see it: published figures everybody may."""
    earlier = find_earlier(budget)
    if earlier is None or earlier.status == Budget.Status.PUBLISHED_FIGURES:
        return earlier
    return find_budget(user, earlier.slug)


# The result


def _load_bridge(overview: Overview) -> list[Step]:
    """From last year's result to this year's; none without last year. What the printed rows miss is a step of its own."""
    rows = {row.code: row for row in overview.result}
    net = rows["net_result"]
    if net.earlier is None:
        return []
    before = {code: row.earlier or 0 for code, row in rows.items()}
    steps = build_bridge(net.earlier, before, {code: row.amounts[0] for code, row in rows.items()}, RESULT_STEPS)
    rest = net.amounts[0] - steps[-1].end
    return [*steps, Step("rounding", steps[-1].end, net.amounts[0])] if rest else steps


def _load_equity(overview: Overview) -> tuple[int, int]:
    """Return the use of equity that lowers the base grant this year and the year before, in positive öre.

    Where a budget's grant is forecast, its result is the use of equity (rule 3): a printed loss alone lowers nothing.
    """
    net, before = overview.result[-1], overview.before
    is_forecast = bool(overview.stored[Forecast.Kind.GRANT].amounts)
    was_forecast = bool(before and before[Forecast.Kind.GRANT])
    return -net.amounts[0] if is_forecast else 0, -(net.earlier or 0) if was_forecast else 0


def _load_results(budget: Budget, overview: Overview, loan: Stored, equity: int) -> list[YearResult]:
    """Return the budget's three years and those before of which anything is known, the newest YEARS_SHOWN.

    Equity is decided by the adopted budget that uses it; in a draft it is only proposed. Of years before, what is
    borrowed for it is what was decided.
    """
    revenue, net = overview.result[0], overview.result[-1]
    years = zip(budget.years, net.amounts, revenue.amounts, overview.sources, strict=True)
    decided = equity if budget.is_adopted else 0
    own = [
        YearResult(year, "budget", result, income, decided, source)
        if year == budget.fiscal_year
        else YearResult(year, "plan", result, income, source=source)
        for year, result, income, source in years
    ]
    borrowed = loan.amounts.get("borrowing_use_of_equity", {})
    known = _load_published_results(budget.fiscal_year)
    before = _find_result_before(budget, overview)
    if before is not None and (before.year not in known or known[before.year].edition != "actual"):
        known[before.year] = before
    passed = [replace(known[year], decided_equity=borrowed.get(year) or 0) for year in sorted(known)]
    return [*passed, *own][-YEARS_SHOWN:]


def _find_result_before(budget: Budget, overview: Overview) -> YearResult | None:
    """Return the result budgeted for the year before, also where the budget is compared with one of its own year."""
    kept_in, figures = overview.earlier, overview.before
    if kept_in is not None and kept_in.fiscal_year == budget.fiscal_year:
        kept_in = find_year_before(budget)
        figures = load_earlier(kept_in)
    rows = figures[Forecast.Kind.RESULT] if figures else {}
    net, revenue = rows.get("net_result"), rows.get("operating_revenue")
    if net is None or revenue is None:
        return None
    return YearResult(budget.fiscal_year - 1, "budget", net, revenue, kept_in=kept_in)


def _load_published_results(before: int) -> dict[int, YearResult]:
    """Return printed results and revenues of the years before a year, by year."""
    printed: dict[tuple[str, str], tuple[int, str, str]] = {}
    for edition, row, tkr, slug, table in _list_printed_results():
        if tkr is not None:
            printed.setdefault((edition, row), (tkr * ORE_PER_TKR, slug, table))
    results: dict[int, YearResult] = {}
    for kind in EDITIONS:
        for edition in {edition for edition, _row in printed}:
            name, _colon, year = edition.partition(":")
            result, revenue = printed.get((edition, "net_result")), printed.get((edition, "operating_revenue"))
            if name == kind and year.isdigit() and int(year) < before and result and revenue:
                ore, slug, table = result
                found = YearResult(int(year), kind, ore, revenue[0], printed_in=slug, printed_table=table)
                results.setdefault(int(year), found)
    return results


@compiled
def _list_printed_results() -> QuerySet[PublishedFigure, tuple[str, str, int | None, str, str]]:
    figures = PublishedFigure.objects.filter(
        table__in=RESULT_TABLES, row__in=("net_result", "operating_revenue"), tkr__isnull=False
    ).order_by("-budget__fiscal_year", "position")
    return figures.values_list("edition", "row", "tkr", "budget__slug", "table")


# Objects


def _load_objects(budget: Budget, earlier: Budget | None, overview: Overview) -> list[ObjectCost]:
    """Load sub-budgets by cost, with base grant lines counted to the object they name; the sum stays the same."""
    moved, moved_before = _load_moved(budget), _load_moved(earlier)
    rows = _list_rows(overview)
    named = {row.sub_budget.governance_object_id for row in rows}
    costs = []
    for row in rows:
        thing = row.sub_budget.governance_object
        if thing is None:
            extra, before = -sum(moved.values()), -sum(moved_before.values())
        else:
            extra, before = moved.get(thing.pk, 0), moved_before.get(thing.pk, 0)
        counted_to = BASE_GRANT if thing is None else thing.slug
        costs.append(_object_cost(row.name, row, extra, before, counted_to, row.sub_budget.slug))
    for thing in read_governance_objects():
        if thing.pk not in named and (thing.pk in moved or thing.pk in moved_before):
            none = Compared(ZERO, None if earlier is None else 0)
            extra, before = moved.get(thing.pk, 0), moved_before.get(thing.pk, 0)
            costs.append(_object_cost(name_of(thing), none, extra, before, thing.slug, ""))
    return sorted(costs, key=lambda cost: -cost.amounts[0])


def _list_rows(overview: Overview) -> list[SubBudgetRow]:
    return [row for group in overview.groups for row in group.rows]


def _object_cost(
    name: str, row: Compared, moved: int, moved_before: int, counted_to: str, sub_budget: str
) -> ObjectCost:
    amounts = (row.amounts[0] + moved, row.amounts[1], row.amounts[2])
    earlier = None if row.earlier is None else row.earlier + moved_before
    return ObjectCost(amounts, earlier, name, row.amounts[0], moved, counted_to, sub_budget)


def _load_moved(budget: Budget | None) -> dict[int, int]:
    """Return what the base grant's lines hold against each object in the first year, öre.

    Use of equity is nobody's cost.
    """
    return {} if budget is None else {row["governance_object"]: sums_of(row)[0] for row in _sum_moved(budget.pk)}


@compiled
def _sum_moved(budget_id: int) -> QuerySet[CostLine, Any]:
    held = CostLine.objects.filter(HELD_AGAINST_OBJECTS, budget=budget_id).order_by()
    return held.values("governance_object").annotate(**amount_sums())
