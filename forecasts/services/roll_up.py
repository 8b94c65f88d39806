"""From totals to the grant, result and loan forecast, under one lock per budget taken before the totals are read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import F
from django.utils import timezone

from budgets.models import Budget, ForecastState, RollUpState, SubBudget
from budgets.selectors.totals import (
    GRANT_PRODUCTS,
    TOTALS_BY_KIND,
    GrantProduct,
    KindTotals,
    gather_grant_products,
    gather_kind_totals,
)
from budgets.services.totals import KEEP_PLANS, NO_WAIT, Summed, sum_budget, sum_sub_budget
from engine.framework import framework_at, headroom
from engine.grant import GrantLine, grant_rows
from engine.loan_sources import DebtSources, trace_debt
from engine.loans import DebtYear, roll_forward
from engine.provenance import Source, settle, weakest
from engine.result import result_rows, result_sources
from engine.years import edition_of
from forecasts.models import Forecast
from forecasts.selectors.interest import find_interest, load_interest_of_parts
from investments.selectors.frameworks import load_frameworks
from investments.selectors.loans import DebtPlan, list_planned_loans, load_debt_plan
from investments.services.capital import place_capital
from pricing.models import CalculationState
from pricing.services.calculating import calculate_budget
from web.generics import SqlRow
from web.statements import Statement, execute_together, write_array

# Products are told apart by their key here: two may have the same name.
DEBT_ROWS = ("opening_debt", "borrowing_investments", "borrowing_use_of_equity", "amortisation", "closing_debt")


@dataclass(frozen=True)
class ForecastFigure:
    """One forecast figure, öre; None is not known.

    `provenance` is the weakest of what it is made of, or published where it comes to what is printed.
    """

    row: str
    budget_product_id: int | None
    year: int
    ore: int | None
    provenance: str


def roll_up_sub_budget(sub_budget_id: int) -> None:
    """Sum a changed sub-budget and recompute its budget's forecasts, if they are behind."""
    summed = sum_sub_budget(sub_budget_id)
    if summed is not None:
        compute_forecasts(summed.budget_id, new_totals=_list_changes([summed]))


def _list_changes(summed: Iterable[Summed | None]) -> list[int]:
    """Return the counts that new totals raised the changes of forecasts to."""
    return [found.forecast_change for found in summed if found is not None and found.forecast_change is not None]


def roll_up_calculated(budget_id: int) -> None:
    """The chain of a budget whose capital, posts, pools or rates changed: calculated lines, sums, forecasts."""
    if run_calculations(budget_id):
        roll_up_budget(Budget.objects.get(pk=budget_id))


def run_calculations(budget_id: int) -> bool:
    """Bring what is calculated of a draft up to date, in the order of the chain; return whether any of it was behind."""
    is_placed = place_capital(budget_id, load_interest_of_parts)
    return calculate_budget(budget_id) or is_placed


def remake_states() -> None:
    """Make the states that are missing, as behind, so that what they should have counted is rolled up."""
    with connection.cursor() as cursor:
        cursor.execute(REMAKE_STATES)


def note_failed_sum(sub_budget_id: int) -> None:
    """Note that a sub-budget's roll-up ended in an error: its own, or that of its budget's forecasts."""
    if not RollUpState.objects.filter(pk=sub_budget_id).exclude(changed=F("summed")).update(failed_at=timezone.now()):
        for budget_id in SubBudget.objects.filter(pk=sub_budget_id).values_list("budget_id", flat=True):
            note_failed_forecasts(budget_id)


def note_failed_calculation(budget_id: int) -> None:
    """Note that a budget could not be calculated: an error of ours, not a problem in what it is made of."""
    CalculationState.objects.filter(pk=budget_id).exclude(changed=F("calculated")).update(failed_at=timezone.now())


def note_failed_forecasts(budget_id: int) -> None:
    """Note that a budget's forecasts could not be computed."""
    ForecastState.objects.filter(pk=budget_id).exclude(changed=F("computed")).update(failed_at=timezone.now())


def roll_up_budget(budget: Budget, *, everything: bool = False) -> None:
    """Roll a budget up: what is behind, or with `everything` all of it from scratch."""
    run_calculations(budget.pk)
    if everything:
        sum_budget(budget)
        compute_forecasts(budget.pk, everything=True)
        return
    summed = [sum_sub_budget(pk) for pk in budget.sub_budgets.order_by("pk").values_list("pk", flat=True)]
    compute_forecasts(budget.pk, new_totals=_list_changes(summed))


def compute_forecasts(budget_id: int, *, everything: bool = False, new_totals: Collection[int] = ()) -> None:
    """Recompute a budget's three forecasts from its totals when they are behind, and write what differs.

    `new_totals` are the counts that new totals raised `changed` to. Where these are all that happened since the
    forecasts were computed, the loan forecast, which reads no totals, is right already.
    """
    of_it = {"budget": budget_id}
    with transaction.atomic():
        # Sent at once, and each still sees what was committed when it starts: totals are read once the lock is held.
        reads = (LOCK_STATE, FORECASTS, PRINTED, GRANT_PRODUCTS, TOTALS_BY_KIND)
        state, forecasts, printed, *totals = execute_together(*((read, of_it) for read in reads))
        if not state:
            return
        changed, computed, _setting, _plans, *budget_values = state[0]
        if changed == computed and not everything:
            return
        budget = Budget.from_db(DEFAULT_DB_ALIAS, BUDGET_FIELDS, budget_values)
        statements: list[Statement] = []
        if budget.status != Budget.Status.PUBLISHED_FIGURES:  # it has no lines to forecast from
            only_totals = set(range(computed + 1, changed + 1)) <= set(new_totals)
            figures = _compute_figures(budget, *totals, with_loans=everything or not only_totals or computed == 0)
            figures |= _settle(budget, figures, printed)
            statements.append(write_forecasts(budget, figures, dict(forecasts)))
        if changed != computed:
            statements.append((STORE_STATE, {**of_it, "changed": changed}))
        execute_together(*statements)


def _compute_figures(
    budget: Budget, products: list[SqlRow], kinds: list[SqlRow], *, with_loans: bool
) -> dict[Forecast.Kind, list[ForecastFigure]]:
    figures = {
        Forecast.Kind.GRANT: grant_figures(budget, gather_grant_products(products)),
        Forecast.Kind.RESULT: result_figures(budget, gather_kind_totals(kinds)),
    }
    return figures | ({Forecast.Kind.LOAN: loan_figures(budget)} if with_loans else {})


def _settle(
    budget: Budget, forecasts: dict[Forecast.Kind, list[ForecastFigure]], printed: list[SqlRow]
) -> dict[Forecast.Kind, list[ForecastFigure]]:
    """Return the figures that documents print as well, as published where they come to the same."""
    tkr = {(kind, product, row, edition): shown for kind, product, row, edition, shown in printed}
    return {
        kind: [
            replace(
                figure,
                provenance=settle(
                    figure.provenance,
                    figure.ore,
                    tkr.get((kind, figure.budget_product_id, figure.row, edition_of(budget.fiscal_year, figure.year))),
                ),
            )
            for figure in forecasts[kind]
        ]
        for kind in (Forecast.Kind.GRANT, Forecast.Kind.RESULT)
    }


def grant_figures(budget: Budget, products: list[GrantProduct]) -> list[ForecastFigure]:
    """Return the base grant, a row for each of its products (rule 3)."""
    lines = [
        GrantLine(str(p.budget_product_id), p.cost, p.use_of_equity, p.sources, p.deduction, p.income) for p in products
    ]
    rows = grant_rows(lines)
    return [
        ForecastFigure(row.row, None if row.product is None else int(row.product), year, ore, source)
        for row in rows
        for year, ore, source in zip(budget.years, row.amounts, row.sources, strict=True)
    ]


def result_figures(budget: Budget, totals: KindTotals) -> list[ForecastFigure]:
    """Return the income statement (rule 3)."""
    rows, sources = result_rows(totals.amounts), result_sources(totals.sources)
    return [
        ForecastFigure(row, None, year, ore, source)
        for row, amounts in rows.items()
        for year, ore, source in zip(budget.years, amounts, sources[row], strict=True)
    ]


def loan_figures(budget: Budget) -> list[ForecastFigure]:
    """Return debt against the framework from the last known year end to the plan's last year (rule 8).

    Nothing while the debt at that year end can't be known.
    """
    plan = load_debt_plan(list_planned_loans(budget), begins=budget.years[0] - 1)
    if plan is None or plan.opening.debt is None:
        return []
    years = list(range(plan.opening.year + 1, budget.years[2] + 1))
    frameworks = load_frameworks()
    debts = roll_forward(plan.opening.debt, plan.existing, plan.planned, years, plan.moved.raised)
    traced = trace_debt(plan.sources.opening, plan.sources.existing, plan.sources.planned, years)
    figures = [
        figure
        for debt, sources in zip(debts, traced, strict=True)
        for figure in _debt_figures(debt, sources, framework_at(frameworks, date(debt.year, 12, 31)))
    ]
    return [*figures, *_refinancing_figures(plan, years), *_interest_figures(budget, plan, years, traced)]


def _refinancing_figures(plan: DebtPlan, years: list[int]) -> list[ForecastFigure]:
    """Return what is refinanced, two rows that sum to nothing, where anything is."""
    source = weakest(row.source for row in plan.termed)
    return [
        ForecastFigure(row, None, year, sign * plan.moved.refinanced.get(year, 0), source)
        for row, sign in (("refinancing_repaid", -1), ("refinancing_raised", 1))
        for year in years
        if any(plan.moved.refinanced.get(year, 0) for year in years)
    ]


def _interest_figures(
    budget: Budget, plan: DebtPlan, years: list[int], traced: list[DebtSources]
) -> list[ForecastFigure]:
    """Return the interest of each year; none while the budget has chosen no rate and each year's debt needs it."""
    found = find_interest(budget, plan, years)
    if all(row.ore is None for row in found):
        return []
    sources = {row.year: row for row in traced}
    return [
        ForecastFigure("interest", None, row.year, row.ore, row.trace(sources[row.year].closing_debt)) for row in found
    ]


def _debt_figures(debt: DebtYear, sources: DebtSources, framework: int | None) -> list[ForecastFigure]:
    figures = [ForecastFigure(row, None, debt.year, getattr(debt, row), getattr(sources, row)) for row in DEBT_ROWS]
    decided = Source.UNKNOWN if framework is None else Source.ENTERED
    left = weakest([sources.closing_debt, decided])
    return [
        *figures,
        ForecastFigure("borrowing_framework", None, debt.year, framework, decided),
        ForecastFigure("headroom", None, debt.year, headroom(framework, debt.closing_debt), left),
    ]


# Read with the lock, and no more of the budget than its forecasts need: an edit waits for neither ORM nor disk.
BUDGET_FIELDS = ("id", "status", "fiscal_year")
LOCK_STATE = f"""
    SELECT s.changed, s.computed, {NO_WAIT}, {KEEP_PLANS}, b.id, b.status, b.fiscal_year FROM budgets_forecaststate AS s
    JOIN budgets_budget AS b ON b.id = s.budget_id WHERE s.budget_id = %(budget)s FOR UPDATE OF s"""
REMAKE_STATES = """
    WITH sub_budgets AS (
        INSERT INTO budgets_rollupstate (sub_budget_id) SELECT id FROM budgets_subbudget AS b
        WHERE NOT EXISTS (SELECT FROM budgets_rollupstate WHERE sub_budget_id = b.id) ON CONFLICT DO NOTHING
    )
    , capital AS (
        INSERT INTO investments_capitalstate (budget_id) SELECT id FROM budgets_budget AS b
        WHERE NOT EXISTS (SELECT FROM investments_capitalstate WHERE budget_id = b.id) ON CONFLICT DO NOTHING
    )
    INSERT INTO budgets_forecaststate (budget_id) SELECT id FROM budgets_budget AS b
    WHERE NOT EXISTS (SELECT FROM budgets_forecaststate WHERE budget_id = b.id) ON CONFLICT DO NOTHING"""
FORECASTS = "SELECT kind, id FROM forecasts_forecast WHERE budget_id = %(budget)s"
# What documents print of the grant and result forecasts, by the rows and products of these.
PRINTED = """
    SELECT 'result', NULL::bigint, f.row, f.edition, f.tkr FROM budgets_publishedfigure AS f
    WHERE f.budget_id = %(budget)s AND f.table = 'result_budget' AND f.tkr IS NOT NULL
    UNION ALL
    SELECT 'grant', p.id, CASE f.row WHEN 'TOTAL' THEN 'base_grant' ELSE 'product' END, f.edition, f.tkr
    FROM budgets_subbudget AS b
    JOIN budgets_publishedfigure AS f ON f.budget_id = b.budget_id AND f.table = 'sub_budget/' || b.slug
    LEFT JOIN budgets_budgetproduct AS p ON p.sub_budget_id = b.id AND p.name = f.row
    WHERE b.budget_id = %(budget)s AND b.governance_object_id IS NULL AND f.tkr IS NOT NULL
        AND (p.id IS NOT NULL OR f.row = 'TOTAL')"""
STORE_STATE = "UPDATE budgets_forecaststate SET computed = %(changed)s, computed_at = now(), failed_at = NULL WHERE budget_id = %(budget)s"
WRITE = """
    WITH figures AS MATERIALIZED (
        SELECT * FROM unnest(%(forecasts)s::bigint[], %(rows)s::text[], %(products)s::bigint[], %(years)s::int[],
            %(amounts)s::bigint[], %(positions)s::int[], %(sources)s::text[])
            AS f (forecast_id, row, budget_product_id, year, amount_ore, position, provenance)
    ), gone AS (
        DELETE FROM forecasts_forecastrow AS r WHERE r.forecast_id = ANY(%(all)s::bigint[]) AND NOT EXISTS (
            SELECT FROM figures AS f WHERE f.forecast_id = r.forecast_id AND f.row = r.row AND f.year = r.year
            AND f.budget_product_id IS NOT DISTINCT FROM r.budget_product_id)
    )
    INSERT INTO forecasts_forecastrow AS r
        (forecast_id, row, budget_product_id, year, amount_ore, position, provenance)
    SELECT forecast_id, row, budget_product_id, year, amount_ore, position, provenance FROM figures AS f
    WHERE NOT EXISTS (SELECT FROM forecasts_forecastrow AS old WHERE old.forecast_id = f.forecast_id AND old.row = f.row
        AND old.year = f.year AND old.budget_product_id IS NOT DISTINCT FROM f.budget_product_id
        AND old.amount_ore IS NOT DISTINCT FROM f.amount_ore AND old.position = f.position
        AND old.provenance = f.provenance)
    ON CONFLICT (forecast_id, row, budget_product_id, year)
    DO UPDATE SET amount_ore = excluded.amount_ore, position = excluded.position, provenance = excluded.provenance
"""


def write_forecasts(
    budget: Budget, forecasts: dict[Forecast.Kind, list[ForecastFigure]], known: dict[str, int]
) -> Statement:
    """Return the one statement that stores the figures of a budget's forecasts and touches only rows that differ."""
    keys = {kind: known.get(kind) or _add_forecast(budget, kind) for kind in forecasts}
    placed = [
        (keys[kind], position, figure)
        for kind, figures in forecasts.items()
        for position, figure in enumerate(figures, start=1)
    ]
    return (
        WRITE,
        {
            "all": write_array(keys.values()),
            "forecasts": write_array(key for key, _position, _figure in placed),
            "rows": write_array(figure.row for _key, _position, figure in placed),
            "products": write_array(figure.budget_product_id for _key, _position, figure in placed),
            "years": write_array(figure.year for _key, _position, figure in placed),
            "amounts": write_array(figure.ore for _key, _position, figure in placed),
            "sources": write_array(figure.provenance for _key, _position, figure in placed),
            "positions": write_array(position for _key, position, _figure in placed),
        },
    )


def _add_forecast(budget: Budget, kind: Forecast.Kind) -> int:
    """Return the key of a new forecast; the budget's lock is held."""
    return Forecast.objects.create(budget=budget, kind=kind).pk
