"""The demo's moved cost: what the budget document says was moved, as far as it says how much.

The server cost of 1 183 tkr has no amounts by product in the document, so each product's part is what it is calculated to take:
the parts come to what is published, and follow the pools' weights where these are solved anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, CostLine
from engine.result import CostKind
from engine.years import AMOUNTS, Amounts
from itsam.demo.lines import ORE, BudgetRows
from itsam.demo.reader import Reader, Row
from itsam.demo.staff import SEK, ProductName
from pricing.models import MovedCost
from records.models import Provenance

COLUMNS = ("from_sub_budget", "from_product", "to_sub_budget", "to_product", *SEK, "reason", "provenance")
SERVERS: ProductName = ("grundanslag", "Central IT-miljö, exkl personalresurs")
SERVER_REASON = "Serverkostnad omfördelas från den centrala IT-miljön (1 183 tkr för alla produkter)."


@dataclass(frozen=True)
class MoveRow:
    """A named move; amounts in öre."""

    start: ProductName
    end: ProductName
    amounts: Amounts
    reason: str
    provenance: str


def read_moves(reader: Reader, budget: BudgetRows) -> list[MoveRow]:
    """Read and check the moves that the document names with an amount."""
    names = {(product.sub_budget, product.name) for product in budget.products if product.category}
    key = ("from_sub_budget", "from_product", "to_sub_budget", "to_product")
    return [_move(row, names) for row in reader.rows("moved_costs.csv", *COLUMNS, key=key)]


def _move(row: Row, names: set[ProductName]) -> MoveRow:
    ends = [(row.text(f"{end}_sub_budget"), row.text(f"{end}_product")) for end in ("from", "to")]
    for end, name in zip(("from", "to"), ends, strict=True):
        if name not in names:
            row.fail(f"{end}_product", _("There is no such product in the sub-budget."))
    if ends[0] == ends[1]:
        row.fail("to_product", _("It moves to where it came from."))
    first, second, third = (row.required_whole(name, least=0) * ORE for name in SEK)
    reason = row.text("reason", longest=240)
    return MoveRow(ends[0], ends[1], (first, second, third), reason, row.known("provenance", Provenance.values))


def create_moves(budget: Budget, moves: list[MoveRow]) -> None:
    """Write the moves into a budget whose lines are calculated."""
    products = {
        (product.sub_budget.slug, product.name): product
        for product in BudgetProduct.objects.filter(budget=budget).select_related("sub_budget")
    }
    MovedCost.objects.bulk_create(
        MovedCost(
            budget=budget,
            from_product=products[move.start],
            to_product=products[move.end],
            reason=move.reason,
            provenance=move.provenance,
            **dict(zip(AMOUNTS, move.amounts, strict=True)),
        )
        for move in (*moves, *_list_server_moves(budget))
    )


def _list_server_moves(budget: Budget) -> list[MoveRow]:
    lines = CostLine.objects.filter(budget=budget, cost_kind=CostKind.SERVER_OPERATION).order_by("budget_product", "pk")
    return [
        MoveRow(
            SERVERS,
            (line.budget_product.sub_budget.slug, line.budget_product.name),
            line.amounts,
            SERVER_REASON,
            Provenance.ASSUMED,
        )
        for line in lines.select_related("budget_product__sub_budget")
    ]
