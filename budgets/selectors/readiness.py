"""What to look at before a sub-budget is submitted, from its sheet: no query of its own."""

from __future__ import annotations

from collections.abc import Collection

from budgets.models import Budget
from budgets.selectors.sheets import Sheet, SheetLine, SheetProduct
from engine.readiness import Finding, ReadyLine, ReadyProduct, find_warnings
from records.models import Provenance


def list_findings(sheet: Sheet, budget: Budget, *, unnamed: Collection[str]) -> list[Finding]:
    """Return what to look at, in the page's order. The sheet must hold all lines, not those of one cost kind.

    `unnamed` is what the grid calls a line that nobody has named yet.
    """
    products = (_read_product(row, unnamed) for row in sheet.products)
    return find_warnings(products, jump_percent=budget.jump_percent, earlier=sheet.earlier)


def _read_product(row: SheetProduct, unnamed: Collection[str]) -> ReadyProduct:
    lines = [_read_line(line, unnamed) for line in row.lines]
    return ReadyProduct(str(row.product.lineage), row.product.name, lines, row.earlier)


def _read_line(row: SheetLine, unnamed: Collection[str]) -> ReadyLine:
    line = row.line
    return ReadyLine(
        str(line.lineage),
        "" if line.text in unnamed else line.text,
        line.cost_kind,
        row.amounts,
        row.earlier,
        line.note,
        is_assumed=line.provenance == Provenance.ASSUMED,
        is_copied=row.is_copied,
    )
