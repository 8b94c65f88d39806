"""What is read of the stored totals, by whole budgets; forecasts and reconciliation start here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from budgets.models import IS_COUNTED, Budget, ProductTotal, SubBudgetTotal
from budgets.selectors.published import in_ore, load_published
from engine.provenance import Sources, weakest_by_year
from engine.result import COSTS, INCOMES, CostKind, sum_amounts
from engine.years import AMOUNTS, Amounts
from web.compiled import compiled
from web.generics import SqlRow


def amount_sums() -> dict[str, Sum]:
    """Return the three years' sums, for aggregate() and annotate()."""
    return {f"sum_{year}": Sum(field) for year, field in enumerate(AMOUNTS, start=1)}


def sums_of(row: Mapping[str, object]) -> Amounts:
    """Return the three years' sums in a row annotated with `amount_sums`."""
    return cast(Amounts, (row["sum_1"], row["sum_2"], row["sum_3"]))


# Forecasts are computed after every edit: these two are plain SQL, which costs a fifth of the ORM's time. Totals with the
# same sources are summed there, so that a budget of a thousand sub-budgets gives a few rows; which is weakest is the engine's.
TOTALS_BY_KIND = """
    SELECT t.cost_kind, sum_ore(t.amount_1_ore), sum_ore(t.amount_2_ore), sum_ore(t.amount_3_ore),
        t.provenance, t.last_provenance
    FROM budgets_subbudgettotal AS t
    WHERE t.sub_budget_id = ANY(ARRAY(SELECT id FROM budgets_subbudget WHERE budget_id = %(budget)s))
    GROUP BY t.cost_kind, t.provenance, t.last_provenance"""
GRANT_PRODUCTS = """
    SELECT p.id, p.name, t.cost_kind, t.amount_1_ore, t.amount_2_ore, t.amount_3_ore, t.provenance, t.last_provenance
    FROM budgets_subbudget AS b JOIN budgets_budgetproduct AS p ON p.sub_budget_id = b.id
    LEFT JOIN budgets_producttotal AS t ON t.budget_product_id = p.id
    WHERE b.budget_id = %(budget)s AND b.governance_object_id IS NULL ORDER BY p.position, p.id"""


@dataclass(frozen=True)
class KindTotals:
    """A budget's stored totals per cost kind, öre, and where they come from."""

    amounts: dict[CostKind, Amounts]
    sources: dict[CostKind, Sources]


def gather_kind_totals(found: list[SqlRow]) -> KindTotals:
    """Return a budget's stored totals per cost kind with their sources from the rows of TOTALS_BY_KIND."""
    rows: dict[CostKind, list[SqlRow]] = {}
    for kind, *total in found:
        rows.setdefault(CostKind(kind), []).append(tuple(total))
    return KindTotals(
        {kind: sum_amounts(_amounts(row) for row in own) for kind, own in rows.items()},
        {kind: weakest_by_year(_sources(row) for row in own) for kind, own in rows.items()},
    )


def load_totals_by_kind(budget: Budget) -> dict[CostKind, Amounts]:
    """Return a budget's stored totals per cost kind, öre."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS_BY_KIND, {"budget": budget.pk})
        return gather_kind_totals(cursor.fetchall()).amounts


def _amounts(total: SqlRow) -> Amounts:
    first, second, third, *_sources = total
    return first, second, third


def _sources(total: SqlRow) -> Sources:
    *_amounts, early, last = total
    return early, early, last


def load_totals_by_sub_budget(budget: Budget) -> dict[UUID, Amounts]:
    """Return a budget's stored totals per sub-budget's lineage, öre; income is no part of them."""
    return {row["sub_budget__lineage"]: sums_of(row) for row in _sum_sub_budgets(budget.pk)}


@compiled
def _sum_sub_budgets(budget_id: int) -> QuerySet[SubBudgetTotal, Any]:
    totals = SubBudgetTotal.objects.filter(IS_COUNTED, sub_budget__budget=budget_id)
    return totals.values("sub_budget__lineage").annotate(**amount_sums())


def load_totals_by_category(budget: Budget) -> dict[str, Amounts]:
    """Return a budget's revenue per category, öre: the stored totals by their product's category."""
    return {row["budget_product__category"]: sums_of(row) for row in _sum_categories(budget.pk)}


@compiled
def _sum_categories(budget_id: int) -> QuerySet[ProductTotal, Any]:
    totals = ProductTotal.objects.filter(IS_COUNTED, sub_budget__budget=budget_id)
    return totals.values("budget_product__category").annotate(**amount_sums())


def load_totals_by_product(budget: Budget) -> dict[tuple[str, str], Amounts]:
    """Return a budget's stored totals per (sub-budget slug, product name), öre; income is no part of them."""
    rows = _sum_products(budget.pk)
    return {(row["sub_budget__slug"], row["budget_product__name"]): sums_of(row) for row in rows}


@compiled
def _sum_products(budget_id: int) -> QuerySet[ProductTotal, Any]:
    totals = ProductTotal.objects.filter(IS_COUNTED, sub_budget__budget=budget_id)
    return totals.values("sub_budget__slug", "budget_product__name").annotate(**amount_sums())


@dataclass(frozen=True)
class GrantProduct:
    """A base-grant product, öre: its cost, what lowers it (zero or negative), its income, and where they come from."""

    budget_product_id: int
    name: str
    cost: Amounts
    use_of_equity: Amounts
    sources: Sources
    deduction: Amounts
    income: Amounts


def gather_grant_products(found: list[SqlRow]) -> list[GrantProduct]:
    """Return the base grant's products in order, with stored totals, from the rows of GRANT_PRODUCTS."""
    return [
        _grant_product(key, name, [row[2:] for row in rows])
        for (key, name), rows in groupby(found, key=lambda row: row[:2])
    ]


def _grant_product(key: int, name: str, totals: list[SqlRow]) -> GrantProduct:
    known = [(kind, tuple(total)) for kind, *total in totals if kind is not None]

    def of(*kinds: str) -> Amounts:
        return sum_amounts(_amounts(total) for kind, total in known if kind in kinds)

    sources = weakest_by_year(_sources(total) for _kind, total in known)
    equity, deduction = of(CostKind.USE_OF_EQUITY), of(CostKind.DEDUCTION)
    return GrantProduct(key, name, of(*COSTS), equity, sources, deduction, of(*INCOMES))


def load_earlier_revenue(earlier: Budget | None) -> dict[str, int] | None:
    """Return the year before's revenue by category, öre: stored, or as published when there is nothing else."""
    if earlier is None:
        return None
    if earlier.status == Budget.Status.PUBLISHED_FIGURES:
        printed = load_published(earlier.edition, "revenue_by_category")
        return {row: ore for row, ore in in_ore(printed).items() if row != "TOTAL"}
    return {category: amounts[0] for category, amounts in load_totals_by_category(earlier).items()}
