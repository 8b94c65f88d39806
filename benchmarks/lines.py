"""Databases with a draft budget of many lines beside the demo.

Seven products a sub-budget, as the demo has. Cost kinds come from a hash of the line's number, so they are independent
of its sub-budget, and a sub-budget's lines lie scattered over the whole table, the worst case for summing one.
"""

from __future__ import annotations

from django.utils import timezone

from benchmarks import servers
from budgets.models import Budget, BudgetProduct, RevenueCategory, SubBudget
from budgets.services.copying import copy_rows, list_copied, load_indexes
from engine.result import REDUCTIONS, CostKind
from investments.services.loans import borrow_in_last_year
from objects.models import GovernanceObject, Product
from records.reasons import Reason
from records.services import change

PRODUCTS_PER_SUB_BUDGET = 7
SLUG = "many-lines"
BY = "benchmarks"
SCATTER = 7919  # a prime, so that its multiples visit every product before they repeat

INSERT_LINES = """
    INSERT INTO budgets_costline
        (budget_id, budget_product_id, text, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore, note, position, provenance)
    SELECT {budget}, ({products})[1 + (n * {scatter}) % {count}], 'Line ' || n, kind,
        sign * (n % 99991) * 100, sign * (n % 99989) * 100, sign * (n % 99971) * 100, '', n / {count}, 'entered'
    FROM generate_series(0::bigint, {lines} - 1) AS n,
        LATERAL (SELECT ({kinds})[1 + (hashint8extended(n, 7) & 1048575) % {kind_count}] AS kind) AS k,
        LATERAL (SELECT CASE WHEN kind = ANY ({reductions}) THEN -1 ELSE 1 END AS sign) AS s"""


def make_database(lines: int, *, per_sub_budget: int = 1000) -> str:
    """The demo and a draft budget of `lines` lines, not yet rolled up; made once a run. Returns its name."""
    name = f"lines_{lines}_{per_sub_budget}"
    if name not in _made:
        servers.make_empty_database(name, servers.with_demo())
        servers.use(name)
        _make_budget(name, lines, lines // per_sub_budget)
        _made.add(name)
    servers.use(name)
    return name


_made: set[str] = set()


def find_many_lines() -> Budget:
    """The budget with many lines of the database in use."""
    return Budget.objects.get(slug=SLUG)


def _make_budget(name: str, lines: int, sub_budgets: int) -> None:
    with change(by=BY, reason=Reason.DEMO):
        based_on = Budget.objects.get(slug="budget-2026")
        budget = Budget.objects.create(slug=SLUG, name="Many lines", fiscal_year=2027, based_on=based_on)
        products = _make_products(budget, _make_sub_budgets(budget, sub_budgets))
        of_investments = [model for model in list_copied() if model._meta.app_label == "investments"]
        copy_rows(based_on, budget, of_investments, indexes=load_indexes(budget.years[2], timezone.localdate()))
        borrow_in_last_year(based_on, budget, by=BY)
    statement = INSERT_LINES.format(
        budget=budget.pk,
        products=f"ARRAY{[product.pk for product in products]}::bigint[]",
        kinds=f"ARRAY{[kind.value for kind in CostKind]}",
        kind_count=len(CostKind),
        reductions=f"ARRAY{sorted(kind.value for kind in REDUCTIONS)}",
        scatter=SCATTER,
        count=len(products),
        lines=lines,
    )
    # Without triggers, which would take minutes; what they would have counted is counted at the start.
    servers.as_admin(name, "SET session_replication_role = replica", statement, "RESET session_replication_role",
                     "VACUUM ANALYZE")  # fmt: skip


def _make_sub_budgets(budget: Budget, count: int) -> list[SubBudget]:
    """The base grant and one for each of `count` - 1 new objects."""
    objects = GovernanceObject.objects.bulk_create(
        GovernanceObject(
            slug=f"object-{n}", name_sv=f"Objekt {n}", name_en=f"Object {n}", kind="support", position=100 + n
        )
        for n in range(1, count)
    )
    return SubBudget.objects.bulk_create(
        SubBudget(budget=budget, slug=f"sub-budget-{n}", name_sv=f"Delbudget {n}", name_en=f"Sub-budget {n}", position=n,
                  governance_object=governance_object)
        for n, governance_object in enumerate([None, *objects])
    )  # fmt: skip


def _make_products(budget: Budget, sub_budgets: list[SubBudget]) -> list[BudgetProduct]:
    homes = [(sub_budget, n) for sub_budget in sub_budgets for n in range(PRODUCTS_PER_SUB_BUDGET)]
    products = Product.objects.bulk_create(
        Product(name=f"Benchmark product {n}", governance_object=sub_budget.governance_object)
        for sub_budget, n in homes
    )
    return BudgetProduct.objects.bulk_create(
        BudgetProduct(
            budget=budget, sub_budget=sub_budget, product=product, name=product.name, position=n,
            category=RevenueCategory.ALLOCATED if sub_budget.governance_object_id else RevenueCategory.BASE_GRANT,
        )
        for (sub_budget, n), product in zip(homes, products, strict=True)
    )  # fmt: skip
