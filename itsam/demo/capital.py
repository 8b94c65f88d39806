"""The demo's products that carry an asset class's depreciation and interest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct
from investments.models import AssetClass, ProductClass
from itsam.demo.lines import BudgetRows
from itsam.demo.reader import Reader, Row
from itsam.demo.staff import ProductName
from records.models import Provenance


@dataclass(frozen=True)
class CarrierRow:
    """A product that carries a class; an empty class is what pays for none."""

    asset_class: str
    product: ProductName
    weight: Decimal
    provenance: str


def read_carriers(reader: Reader, budget: BudgetRows) -> list[CarrierRow]:
    """Read and check them."""
    names = {(product.sub_budget, product.name) for product in budget.products if product.category}
    classes = ["", *(row.text("asset_class") for row in reader.rows("investments.csv", "asset_class"))]
    columns = ("asset_class", "sub_budget", "product", "weight", "provenance")
    rows = reader.rows("product_classes.csv", *columns, key=("asset_class", "sub_budget", "product"))
    return [_carrier(row, names, classes) for row in rows]


def _carrier(row: Row, names: set[ProductName], classes: list[str]) -> CarrierRow:
    product = (row.text("sub_budget"), row.text("product"))
    if product not in names:
        row.fail("product", _("There is no such product in the sub-budget."))
    part = row.text("asset_class", required=False)
    if part not in classes:
        row.fail("asset_class", "")
    return CarrierRow(part, product, row.decimal("weight"), row.known("provenance", Provenance.values))


def create_carriers(budget: Budget, rows: list[CarrierRow]) -> None:
    """Write them into a budget that has its products."""
    found = BudgetProduct.objects.filter(budget=budget).select_related("sub_budget")
    products = {(product.sub_budget.slug, product.name): product for product in found}
    classes = {row.slug: row for row in AssetClass.objects.all()}
    ProductClass.objects.bulk_create(
        ProductClass(
            budget=budget,
            budget_product=products[row.product],
            asset_class=classes.get(row.asset_class),
            weight=row.weight,
            provenance=row.provenance,
        )
        for row in rows
    )
