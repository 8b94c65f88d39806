"""Rule 3, the grant forecast: the base grant to charge is its products' cost less deductions, use of equity and income."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.provenance import Source, Sources, weakest_by_year
from engine.result import sum_amounts
from engine.years import Amounts

NOTHING: Sources = (Source.CALCULATED, Source.CALCULATED, Source.CALCULATED)


class GrantLine(NamedTuple):
    """A product of the base grant, öre: its cost; deductions and use of equity, zero or negative; income, zero or positive.

    `sources` is where all of them come from.
    """

    product: str
    cost: Amounts
    use_of_equity: Amounts
    sources: Sources = NOTHING
    deduction: Amounts = (0, 0, 0)
    income: Amounts = (0, 0, 0)

    @property
    def lowered(self) -> dict[str, Amounts]:
        """What lowers the base grant, by row; zero or negative."""
        first, second, third = self.income
        return {
            "deduction": self.deduction,
            "use_of_equity": self.use_of_equity,
            "income": (-first, -second, -third),
        }

    def __bool__(self) -> bool:
        return any(self.cost + self.use_of_equity + self.deduction + self.income)


class GrantRow(NamedTuple):
    """A row of the forecast in öre: 'product', or one of what lowers it, then the sums (no product).

    What lowers is 'deduction', 'use_of_equity' or 'income', and negative; the sums are 'total_cost' and 'base_grant'.
    """

    row: str
    product: str | None
    amounts: Amounts
    sources: Sources = NOTHING


def grant_rows(lines: Sequence[GrantLine]) -> list[GrantRow]:
    """Return the base grant's rows in the lines' order, then total_cost and base_grant (rule 3). Nothing is rounded.

    base_grant = total_cost + deductions + use_of_equity − income. A product without any keeps its row of zeros.
    """
    total = sum_amounts(line.cost for line in lines)
    lowered = [amounts for line in lines for amounts in line.lowered.values()]
    rows = [row for line in lines for row in _rows_of(line)]
    # A product without any amount adds nothing, so it weakens nothing.
    sources = weakest_by_year(line.sources for line in lines if line)
    rows.append(GrantRow("total_cost", None, total, sources))
    rows.append(GrantRow("base_grant", None, sum_amounts([total, *lowered]), sources))
    return rows


def _rows_of(line: GrantLine) -> Iterator[GrantRow]:
    if any(line.cost) or not line:
        yield GrantRow("product", line.product, line.cost, line.sources)
    for row, amounts in line.lowered.items():
        if any(amounts):
            yield GrantRow(row, line.product, amounts, line.sources)
