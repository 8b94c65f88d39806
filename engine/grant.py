"""Rule 3, the grant forecast: the base grant to charge is its products' cost less use of equity."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.provenance import Source, Sources, weakest_by_year
from engine.result import sum_amounts
from engine.years import Amounts

NOTHING: Sources = (Source.CALCULATED, Source.CALCULATED, Source.CALCULATED)


class GrantLine(NamedTuple):
    """A product of the base grant: its cost in öre, and its use of equity in öre, which is zero or negative.

    `sources` is where both come from.
    """

    product: str
    cost: Amounts
    use_of_equity: Amounts
    sources: Sources = NOTHING


class GrantRow(NamedTuple):
    """A row of the forecast in öre: 'product', 'use_of_equity', 'total_cost' or 'base_grant' (sums: no product)."""

    row: str
    product: str | None
    amounts: Amounts
    sources: Sources = NOTHING


def grant_rows(lines: Sequence[GrantLine]) -> list[GrantRow]:
    """Return the base grant's rows in the lines' order, then total_cost and base_grant (rule 3). Nothing is rounded.

    base_grant = total_cost + use_of_equity. A product with neither cost nor use of equity keeps its row of zeros.
    """
    total = sum_amounts(line.cost for line in lines)
    equity = sum_amounts(line.use_of_equity for line in lines)
    rows = [row for line in lines for row in _rows_of(line)]
    # A product without any amount adds nothing, so it weakens nothing.
    sources = weakest_by_year(line.sources for line in lines if any(line.cost) or any(line.use_of_equity))
    rows.append(GrantRow("total_cost", None, total, sources))
    rows.append(GrantRow("base_grant", None, sum_amounts([total, equity]), sources))
    return rows


def _rows_of(line: GrantLine) -> Iterator[GrantRow]:
    if any(line.cost) or not any(line.use_of_equity):
        yield GrantRow("product", line.product, line.cost, line.sources)
    if any(line.use_of_equity):
        yield GrantRow("use_of_equity", line.product, line.use_of_equity, line.sources)
