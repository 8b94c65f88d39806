"""The demo's Budget 2026: sub-budgets, products and cost lines, the lines by COPY."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from budgets.models import Budget, BudgetProduct, CostLine, RevenueCategory, SubBudget
from engine.result import CostKind
from engine.years import Amounts
from itsam.demo.reader import Reader, Row
from itsam.demo.texts import TEXTS
from objects.models import GovernanceObject, Product
from records.models import Provenance

BASE_GRANT = "grundanslag"
ORE = 100
LINE_TEXTS = {
    CostKind.PERSONNEL: "Personal",
    CostKind.STAFF_TIME: "Itsamtid",
    CostKind.SERVER_OPERATION: "Serverdrift",
    CostKind.DIRECT_COST: "Direkta kostnader",
    CostKind.DEPRECIATION: "Avskrivning",
    CostKind.INTEREST: "Ränta",
    CostKind.USE_OF_EQUITY: "Nyttjande av eget kapital",
    CostKind.DEDUCTION: "Avdrag",
    CostKind.EQUIPMENT_SALES: "Försäljning av uttjänta enheter",
    CostKind.GRANTS: "Bidrag",
    CostKind.FINANCIAL_INCOME: "Finansiell intäkt",
}


@dataclass(frozen=True)
class ProductRow:
    """A product of the document; the category is empty when it is not in the budget."""

    sub_budget: str
    name: str
    category: str
    provenance: str


@dataclass(frozen=True)
class LineRow:
    """A cost line; amounts in öre."""

    product: tuple[str, str]
    cost_kind: str
    amounts: Amounts
    provenance: str


@dataclass(frozen=True)
class BudgetRows:
    """Checked rows, ready to write."""

    products: list[ProductRow]
    lines: list[LineRow]


def read_budget_rows(reader: Reader) -> BudgetRows:
    """Reads and checks products and lines; a line of a product that is not in the budget is a problem."""
    objects = {row.cells["code"] for row in reader.rows("objects.csv", "code")} | {BASE_GRANT}
    rows = reader.rows(
        "products.csv", "sub_budget", "product", "revenue_category", "provenance", key=("sub_budget", "product")
    )
    products = [_product(row, objects) for row in rows]
    names = {(product.sub_budget, product.name) for product in products if product.category}
    columns = ("sub_budget", "product", "cost_kind", "sek_2026", "sek_2027", "sek_2028", "provenance")
    return BudgetRows(products, [_line(row, objects, names) for row in reader.rows("cost_lines.csv", *columns)])


def _product(row: Row, objects: set[str]) -> ProductRow:
    category = row.text("revenue_category", required=False)
    if category:
        row.known("revenue_category", RevenueCategory.values)
    is_assumed = row.text("provenance").startswith("assumed")
    provenance = Provenance.ASSUMED if is_assumed else Provenance.PUBLISHED
    return ProductRow(row.known("sub_budget", objects), row.text("product"), category, provenance)


def _line(row: Row, objects: set[str], names: set[tuple[str, str]]) -> LineRow:
    product = (row.known("sub_budget", objects), row.text("product"))
    if product not in names:
        row.known("product", {name for sub_budget, name in names if sub_budget == product[0]})
    first, second, third = (row.required_whole(f"sek_{year}") * ORE for year in (2026, 2027, 2028))
    kinds = [kind.value for kind in CostKind]
    return LineRow(
        product, row.known("cost_kind", kinds), (first, second, third), row.known("provenance", Provenance.values)
    )


def create_budget_rows(budget: Budget, rows: BudgetRows) -> None:
    """Writes sub-budgets, products and lines of a draft."""
    sub_budgets = _create_sub_budgets(budget)
    products = _create_products(budget, sub_budgets, rows.products)
    _copy_in(
        CostLine(
            budget=budget,
            budget_product=products[line.product],
            text=LINE_TEXTS[CostKind(line.cost_kind)],
            cost_kind=line.cost_kind,
            amount_1_ore=line.amounts[0],
            amount_2_ore=line.amounts[1],
            amount_3_ore=line.amounts[2],
            position=position,
            provenance=line.provenance,
        )
        for position, line in enumerate(rows.lines, 1)
    )


def _copy_in(lines: Iterable[CostLine]) -> None:
    """Writes lines with all that they have, by COPY."""
    fields: list[Any] = [field for field in CostLine._meta.concrete_fields if not field.primary_key]
    columns = sql.SQL(", ").join([sql.Identifier(field.column) for field in fields])
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(
        table=sql.Identifier(CostLine._meta.db_table), columns=columns
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line in lines:
            copy.write_row([field.get_db_prep_save(field.pre_save(line, True), connection) for field in fields])


def _create_sub_budgets(budget: Budget) -> dict[str, SubBudget]:
    text_sv, text_en = TEXTS[BASE_GRANT]
    base_grant = SubBudget(
        budget=budget, slug=BASE_GRANT, name_sv="Grundanslag", name_en="Base grant", text_sv=text_sv, text_en=text_en
    )
    others = [
        SubBudget(
            budget=budget,
            slug=o.slug,
            name_sv=o.name_sv,
            name_en=o.name_en,
            governance_object=o,
            position=o.position,
        )
        for o in GovernanceObject.objects.filter(has_own_budget=True)
    ]
    return {sub_budget.slug: sub_budget for sub_budget in SubBudget.objects.bulk_create([base_grant, *others])}


def _create_products(
    budget: Budget, sub_budgets: dict[str, SubBudget], rows: list[ProductRow]
) -> dict[tuple[str, str], BudgetProduct]:
    lasting = [Product(name=row.name, governance_object=sub_budgets[row.sub_budget].governance_object) for row in rows]
    Product.objects.bulk_create(lasting)
    in_budget = [
        BudgetProduct(
            budget=budget,
            sub_budget=sub_budgets[row.sub_budget],
            product=product,
            name=row.name,
            category=row.category,
            provenance=row.provenance,
            position=position,
        )
        for position, (row, product) in enumerate(zip(rows, lasting, strict=True), 1)
        if row.category
    ]
    return {(p.sub_budget.slug, p.name): p for p in BudgetProduct.objects.bulk_create(in_budget)}
