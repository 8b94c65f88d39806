"""Copies a budget in SQL, every row keeping its lineage. Rule 2: copy forward shifts the years and indexes the last."""

from datetime import date

from django.db import connection, transaction

from budgets.models import Budget, IndexRate
from budgets.services.totals import execute
from engine.indexing import Rate, find_index
from engine.result import CostKind
from records.services import change

# The lines are sorted, and every trigger is handed them; on disk that takes a fourth of the time again.
KEEP_IN_MEMORY = "SET LOCAL work_mem = '64MB'"

# A draft reads its objects' texts from the objects; only the base grant's are its own.
COPY_SUB_BUDGETS = """
    INSERT INTO budgets_subbudget (budget_id, lineage, slug, name_sv, name_en, governance_object_id, status, position,
        text_sv, text_en, purpose_sv, purpose_en, scope_sv, scope_en, changes_sv)
    SELECT %(target)s, lineage, slug, name_sv, name_en, governance_object_id, 'draft', position,
        CASE WHEN governance_object_id IS NULL THEN text_sv ELSE '' END,
        CASE WHEN governance_object_id IS NULL THEN text_en ELSE '' END,
        CASE WHEN governance_object_id IS NULL THEN purpose_sv ELSE '' END,
        CASE WHEN governance_object_id IS NULL THEN purpose_en ELSE '' END,
        CASE WHEN governance_object_id IS NULL THEN scope_sv ELSE '' END,
        CASE WHEN governance_object_id IS NULL THEN scope_en ELSE '' END,
        CASE WHEN %(is_same_year)s THEN changes_sv ELSE '' END
    FROM budgets_subbudget WHERE budget_id = %(source)s"""

COPY_KEYS = """
    INSERT INTO budgets_allocationkey (budget_id, lineage, slug, name_sv, name_en, basis, counted_on, provenance)
    SELECT %(target)s, lineage, slug, name_sv, name_en, basis, counted_on, provenance
    FROM budgets_allocationkey WHERE budget_id = %(source)s"""

COPY_WEIGHTS = """
    INSERT INTO budgets_keyweight (key_id, customer_id, weight)
    SELECT new.id, w.customer_id, w.weight
    FROM budgets_keyweight AS w
    JOIN budgets_allocationkey AS old ON old.id = w.key_id AND old.budget_id = %(source)s
    JOIN budgets_allocationkey AS new ON new.budget_id = %(target)s AND new.lineage = old.lineage"""

COPY_PRODUCTS = """
    INSERT INTO budgets_budgetproduct (budget_id, sub_budget_id, product_id, lineage, name, category, vat_percent, position, provenance,
        allocation_key_id)
    SELECT %(target)s, new.id, p.product_id, p.lineage, p.name, p.category, p.vat_percent, p.position, p.provenance, new_key.id
    FROM budgets_budgetproduct AS p
    JOIN budgets_subbudget AS old ON old.id = p.sub_budget_id
    JOIN budgets_subbudget AS new ON new.budget_id = %(target)s AND new.lineage = old.lineage
    LEFT JOIN budgets_allocationkey AS old_key ON old_key.id = p.allocation_key_id
    LEFT JOIN budgets_allocationkey AS new_key ON new_key.budget_id = %(target)s AND new_key.lineage = old_key.lineage
    WHERE p.budget_id = %(source)s"""

PRODUCT_PAIRS = """
    SELECT old.id, new.id FROM budgets_budgetproduct AS old
    JOIN budgets_budgetproduct AS new ON new.budget_id = %(target)s AND new.lineage = old.lineage
    WHERE old.budget_id = %(source)s"""

# The products' pairs are given as values: of rows just written the planner expects one, and reads the lines by product.
# In the order of the products, a product's lines lie together: its page reads fewer blocks, its key is checked sooner.
# round() of numeric rounds half away from zero, as money.round_ore does; a test holds the two together.
LINES = """
    INSERT INTO budgets_costline (budget_id, budget_product_id, lineage, text, cost_kind, amount_1_ore, amount_2_ore,
        amount_3_ore, quantity, unit_price_ore, governance_object_id, note, position, provenance)
    SELECT %(target)s, p.new_id, l.lineage, l.text, l.cost_kind, {amounts}, l.governance_object_id, l.note, l.position,
        CASE l.provenance WHEN 'calculated' THEN 'entered' ELSE l.provenance END
    FROM budgets_costline AS l
    JOIN unnest(%(old)s::bigint[], %(new)s::bigint[]) AS p (old_id, new_id) ON p.old_id = l.budget_product_id{index}
    WHERE l.budget_id = %(source)s
    ORDER BY p.new_id, l.position, l.id"""
COPY_LINES = LINES.format(
    amounts="l.amount_2_ore, l.amount_3_ore, round(l.amount_3_ore * i.index)::bigint, NULL, NULL",
    index="""
    JOIN unnest(%(kinds)s::text[], %(indexes)s::numeric[]) AS i (cost_kind, index) ON i.cost_kind = l.cost_kind""",
)
COPY_LINES_AS_THEY_ARE = LINES.format(
    amounts="l.amount_1_ore, l.amount_2_ore, l.amount_3_ore, l.quantity, l.unit_price_ore", index=""
)

# Recomputed from their sources, or nothing that goes on by itself: never indexed.
NEVER_INDEXED = frozenset({CostKind.DEPRECIATION, CostKind.INTEREST, CostKind.SERVER_OPERATION, CostKind.USE_OF_EQUITY})


def load_indexes(year: int, on: date) -> dict[str, str]:
    """The index of each cost kind for a year as exact decimal text, by the rates valid on a date."""
    rates = [
        Rate(rate.cost_kind, rate.year, rate.valid_from_on, rate.percent)
        for rate in IndexRate.objects.filter(year=year)
    ]
    exact = {kind.value: 1 if kind in NEVER_INDEXED else find_index(rates, kind.value, year, on) for kind in CostKind}
    # A percentage has three decimals, so five decimals hold its index exactly.
    return {
        kind: f"{int(index * 100_000) // 100_000}.{int(index * 100_000) % 100_000:05d}" for kind, index in exact.items()
    }


def copy_lines_forward(source: Budget, *, slug: str, name: str, kind: str, on: date, by: str) -> Budget:
    """A new draft for the year after `source`: its plan years become the first two, the last is indexed (rule 2).

    Quantities and unit prices concern the old first year only and are left out. Raises IntegrityError when the slug
    or name is taken.
    """
    with change(by=by, reason=f"copy forward of {source.slug}"), transaction.atomic():
        target = Budget.objects.create(
            slug=slug,
            name=name,
            kind=kind,
            fiscal_year=source.fiscal_year + 1,
            based_on=source,
            jump_percent=source.jump_percent,
        )
        indexes = load_indexes(target.years[2], on)
        _copy_rows(source, target, COPY_LINES, {"kinds": list(indexes), "indexes": list(indexes.values())})
    return target


def copy_as_revision(source: Budget, *, slug: str, name: str, by: str) -> Budget:
    """A new draft for the same year as an adopted budget, with everything as it is; adopted, it replaces `source`.

    Raises IntegrityError when the slug or name is taken, or when `source` is already being revised.
    """
    with change(by=by, reason=f"revision of {source.slug}"), transaction.atomic():
        target = Budget.objects.create(
            slug=slug,
            name=name,
            kind=Budget.Kind.REVISED,
            fiscal_year=source.fiscal_year,
            based_on=source,
            replaces=source,
            jump_percent=source.jump_percent,
        )
        _copy_rows(source, target, COPY_LINES_AS_THEY_ARE, {})
    return target


def _copy_rows(source: Budget, target: Budget, copy_lines: str, parameters: dict[str, list[str]]) -> None:
    """Copies what lies under a budget, the lines by `copy_lines`."""
    ids = {"source": source.pk, "target": target.pk}
    execute(KEEP_IN_MEMORY, {})
    execute(COPY_SUB_BUDGETS, {**ids, "is_same_year": source.fiscal_year == target.fiscal_year})
    execute(COPY_KEYS, ids)
    execute(COPY_WEIGHTS, ids)
    execute(COPY_PRODUCTS, ids)
    pairs = _fetch_product_pairs(ids)
    products = {"old": [old for old, _new in pairs], "new": [new for _old, new in pairs]}
    execute(copy_lines, {**ids, **products, **parameters})


def _fetch_product_pairs(ids: dict[str, int]) -> list[tuple[int, int]]:
    """The keys of each product in the source and in the copy."""
    with connection.cursor() as cursor:
        cursor.execute(PRODUCT_PAIRS, ids)
        found: list[tuple[int, int]] = cursor.fetchall()
    return found
