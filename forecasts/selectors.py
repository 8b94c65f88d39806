"""What is stored of forecasts, what is behind, and the reconciliation of published with computed figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F

from budgets.models import Budget, ForecastState, RevenueCategory, RollUpState
from budgets.selectors import list_published_figures
from budgets.selectors.totals import (
    load_grant_products,
    load_totals_by_category,
    load_totals_by_kind,
    load_totals_by_product,
)
from engine.framework import CouncilDecision as EngineDecision
from engine.framework import gained_force_on
from engine.loans import loans_without_plan
from engine.reconcile import Comparison, Figure, Key, classify, compare_computed, compare_published
from engine.result import CostKind, sum_amounts
from engine.years import Amounts
from forecasts.models import Forecast, ForecastRow, ReconciliationReason
from investments.models import BorrowingFramework, CouncilDecision, Investment, PlannedLoan
from investments.selectors import list_investments, to_engine_loan
from objects.models import Municipality

if TYPE_CHECKING:
    from accounts.models import User


def sub_budgets_behind() -> list[int]:
    """The sub-budgets whose totals lack a change, in one order so that sweeps do not cross."""
    return list(RollUpState.objects.exclude(changed=F("summed")).order_by("pk").values_list("pk", flat=True))


def budgets_behind() -> list[int]:
    """The budgets whose forecasts lack a change."""
    return list(ForecastState.objects.exclude(changed=F("computed")).order_by("pk").values_list("pk", flat=True))


def load_forecast(budget: Budget, kind: Forecast.Kind) -> list[ForecastRow]:
    """A stored forecast's figures in order."""
    rows = ForecastRow.objects.filter(forecast__budget=budget, forecast__kind=kind)
    return list(rows.select_related("budget_product").order_by("position"))


def load_amounts(budget: Budget, kind: Forecast.Kind) -> dict[str, dict[int, int | None]]:
    """A stored forecast's rows without product: öre by row and year."""
    amounts: dict[str, dict[int, int | None]] = {}
    for figure in load_forecast(budget, kind):
        if figure.budget_product_id is None:
            amounts.setdefault(figure.row, {})[figure.year] = figure.amount_ore
    return amounts


def reconcile(budget: Budget) -> list[dict[str, object]]:
    """Every published figure of a budget's documents against the computed one and against each other (rule 12).

    A figure that nothing in the system computes has no computed amount and the class "not computed"; one printed as
    not yet known has no published amount.
    """
    stored = list(list_published_figures(budget))
    figures = [Figure(f.table, f.row, f.column, f.edition, f.tkr) for f in stored if f.tkr is not None]
    computed = load_computed(budget)
    reasons = set(ReconciliationReason.objects.filter(budget=budget).values_list("table", "row", "column"))
    against_system = [_described(c, reasons) for c in compare_computed(figures, computed)]
    between = [_described(c, reasons) for c in compare_published(figures)]
    return against_system + between + [_not_computed(f) for f in figures if (f.table, f.row, f.edition) not in computed]


def _described(comparison: Comparison, reasons: set[tuple[str, str, str]]) -> dict[str, object]:
    explained = (comparison.table, comparison.row, comparison.column) in reasons
    return {
        "table": comparison.table,
        "row": comparison.row,
        "column": comparison.column,
        "published_tkr": comparison.published_tkr,
        "computed_tkr": comparison.computed_tkr,
        "difference_tkr": comparison.difference_tkr,
        "class": str(classify(comparison.difference_tkr, comparison.parts, explained)),
    }


def _not_computed(figure: Figure) -> dict[str, object]:
    return {
        "table": figure.table,
        "row": figure.row,
        "column": figure.column,
        "published_tkr": figure.tkr,
        "computed_tkr": None,
        "difference_tkr": None,
        "class": "not_computed",
    }


def edition_of(budget: Budget, year: int) -> str:
    """What documents call a budget's figure of a year: the budget of its own year and before, a plan after it."""
    return f"{'budget' if year <= budget.fiscal_year else 'plan'}:{year}"


def load_computed(budget: Budget) -> dict[Key, int]:
    """What the system computes for a budget, öre by table, row and edition."""
    computed = {
        **_by_year(budget, _sub_budget_tables(budget)),
        **_by_year(budget, _category_table(budget)),
        **_by_year(budget, _pool_table(budget)),
        **_by_year(budget, _investment_tables(budget)),
        **_forecast_table(budget, Forecast.Kind.RESULT, "result_budget"),
        **_forecast_table(budget, Forecast.Kind.LOAN, "loan_forecast"),
    }
    return computed | _products_left_out(budget, computed)


Tables = dict[tuple[str, str], Amounts]


def _by_year(budget: Budget, tables: Tables) -> dict[Key, int]:
    return {
        (table, row, edition_of(budget, year)): ore
        for (table, row), amounts in tables.items()
        for year, ore in zip(budget.years, amounts, strict=True)
    }


def _sub_budget_tables(budget: Budget) -> Tables:
    products = load_totals_by_product(budget)
    tables: Tables = {(f"sub_budget/{slug}", name): amounts for (slug, name), amounts in products.items()}
    for slug in budget.sub_budgets.values_list("slug", flat=True):
        tables[f"sub_budget/{slug}", "TOTAL"] = sum_amounts(a for (own, _name), a in products.items() if own == slug)
    return tables


def _products_left_out(budget: Budget, computed: dict[Key, int]) -> dict[Key, int]:
    """A printed product without lines, or that the budget does not hold, costs nothing."""
    tables = {f"sub_budget/{slug}" for slug in budget.sub_budgets.values_list("slug", flat=True)}
    editions = {edition_of(budget, year) for year in budget.years}
    printed = list_published_figures(budget).filter(table__in=tables, edition__in=editions)
    keys = printed.values_list("table", "row", "edition")
    return {key: 0 for key in keys if key not in computed}


def _category_table(budget: Budget) -> Tables:
    totals = load_totals_by_category(budget)
    tables: Tables = {("revenue_by_category", c.value): totals.get(c.value, (0, 0, 0)) for c in RevenueCategory}
    tables["revenue_by_category", "TOTAL"] = sum_amounts(totals.values())
    return tables


def _pool_table(budget: Budget) -> Tables:
    """Controllable cost (rule 5): the base grant's cost and what products carry of staff time and server operation."""
    products = load_totals_by_kind(budget)
    base_grant = sum_amounts(product.cost for product in load_grant_products(budget))
    carried = (products.get(kind, (0, 0, 0)) for kind in (CostKind.STAFF_TIME, CostKind.SERVER_OPERATION))
    return {("influenceable_costs", "TOTAL"): sum_amounts([base_grant, *carried])}


def _investment_tables(budget: Budget) -> Tables:
    """The investment budget and the finance leases; a row with an amount not yet known is left out, totals carry on."""
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
    known = {
        (table, i.asset_class.slug): (a, b, c) for i in investments for a, b, c in [i.amounts] if None not in (a, b, c)
    }
    amounts: Tables = {key: (a or 0, b or 0, c or 0) for key, (a, b, c) in known.items()}
    amounts[table, total] = sum_amounts((a or 0, b or 0, c or 0) for a, b, c in (i.amounts for i in investments))
    return amounts


def _forecast_table(budget: Budget, kind: Forecast.Kind, table: str) -> dict[Key, int]:
    return {
        (table, row, edition_of(budget, year)): ore
        for row, years in load_amounts(budget, kind).items()
        for year, ore in years.items()
        if ore is not None
    }


# The loans page


@dataclass(frozen=True)
class Council:
    """A member's council's decision on a framework; no decision, no date of legal force: it is awaited."""

    municipality: Municipality
    decision: CouncilDecision | None
    gained_on: date | None


@dataclass(frozen=True)
class FrameworkState:
    """A framework with every member's council; `in_force_on` is None while one is missing."""

    framework: BorrowingFramework
    councils: list[Council]
    in_force_on: date | None

    @property
    def missing(self) -> list[Council]:
        """The councils that have not decided, or whose decision has no date of legal force."""
        return [council for council in self.councils if council.gained_on is None]


def list_framework_states(user: User) -> list[FrameworkState]:
    """The borrowing frameworks that the user may see, oldest first."""
    members = list(Municipality.objects.visible_to(user).filter(member_to_on=None))
    frameworks = BorrowingFramework.objects.visible_to(user).select_related("decided_by")
    return [_framework_state(framework, members) for framework in frameworks.prefetch_related("council_decisions")]


def _framework_state(framework: BorrowingFramework, members: list[Municipality]) -> FrameworkState:
    by_member = {decision.municipality_id: decision for decision in framework.council_decisions.all()}
    councils = [_council(member, by_member.get(member.pk)) for member in members]
    days = [council.gained_on for council in councils if council.gained_on is not None]
    return FrameworkState(framework, councils, max(days) if days and len(days) == len(councils) else None)


def _council(member: Municipality, decision: CouncilDecision | None) -> Council:
    if decision is None:
        return Council(member, None, None)
    told = EngineDecision(member.code, decision.announced_on, decision.legal_force_on)
    return Council(member, decision, gained_force_on(told))


def list_awaited(states: list[FrameworkState]) -> list[FrameworkState]:
    """The frameworks that wait for a council."""
    return [state for state in states if state.in_force_on is None]


def list_loans_without_plan(loans: Iterable[PlannedLoan]) -> list[PlannedLoan]:
    """The planned loans that nobody has said how to repay (rule 8)."""
    return [loan for loan in loans if loans_without_plan([to_engine_loan(loan)])]


@dataclass(frozen=True)
class Borrowing:
    """A year's investments against the borrowing planned for them, öre; `unknown` amounts are left out."""

    year: int
    investments: int
    unknown: int
    borrowing: int

    @property
    def difference(self) -> int:
        """Borrowing less investments."""
        return self.borrowing - self.investments


def compare_borrowing(budget: Budget, investments: list[Investment], loans: list[PlannedLoan]) -> list[Borrowing]:
    """Investments paid by loans against planned borrowing, for each of the budget's years (rule 8)."""
    financed = [investment.amounts for investment in investments if investment.financing == Investment.Financing.LOAN]
    rows = []
    for place, year in enumerate(budget.years):
        amounts = [amounts[place] for amounts in financed]
        known = [amount for amount in amounts if amount is not None]
        planned = [
            loan.principal_ore for loan in loans if (loan.year, loan.purpose) == (year, PlannedLoan.Purpose.INVESTMENTS)
        ]
        rows.append(Borrowing(year, sum(known), len(amounts) - len(known), sum(planned)))
    return rows


def list_unknown(investments: Iterable[Investment]) -> list[Investment]:
    """The investments with an amount that is not yet known."""
    return [investment for investment in investments if None in investment.amounts]
