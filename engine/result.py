"""Rule 3, the result forecast: what kinds of lines there are, and what each means to revenue, cost and customers.

A product bears its full cost: its revenue is its cost less what lowers it. Its customers pay that less its income, so that
revenue is customers and income together, and the net result is the use of equity.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from engine.provenance import Sources, weakest_by_year
from engine.years import Amounts


class CostKind(StrEnum):
    """What kind of line a line is; what each kind means is told by MEANINGS."""

    PERSONNEL = "personnel"
    STAFF_TIME = "staff_time"
    SERVER_OPERATION = "server_operation"
    DIRECT_COST = "direct_cost"
    DEPRECIATION = "depreciation"
    INTEREST = "interest"
    USE_OF_EQUITY = "use_of_equity"
    DEDUCTION = "deduction"
    EQUIPMENT_SALES = "equipment_sales"
    GRANTS = "grants"
    FINANCIAL_INCOME = "financial_income"


class Side(StrEnum):
    """Whether a line is a cost, lowers what is to be charged (zero or negative) or is an income (zero or positive)."""

    COST = "cost"
    REDUCTION = "reduction"
    INCOME = "income"


class Meaning(NamedTuple):
    """A kind's side, the sign of its amounts (0 for either), and the row of the income statement that it stands in.

    Use of equity stands in none: it is what revenue lacks.
    """

    side: Side
    sign: int
    row: str


MEANINGS: Mapping[CostKind, Meaning] = {
    CostKind.PERSONNEL: Meaning(Side.COST, 0, "operating_costs"),
    CostKind.STAFF_TIME: Meaning(Side.COST, 0, "operating_costs"),
    CostKind.SERVER_OPERATION: Meaning(Side.COST, 0, "operating_costs"),
    CostKind.DIRECT_COST: Meaning(Side.COST, 0, "operating_costs"),
    CostKind.DEPRECIATION: Meaning(Side.COST, 0, "depreciation"),
    CostKind.INTEREST: Meaning(Side.COST, 0, "financial_costs"),
    CostKind.USE_OF_EQUITY: Meaning(Side.REDUCTION, -1, ""),
    CostKind.DEDUCTION: Meaning(Side.REDUCTION, -1, "operating_costs"),
    CostKind.EQUIPMENT_SALES: Meaning(Side.INCOME, 1, "income"),
    CostKind.GRANTS: Meaning(Side.INCOME, 1, "income"),
    CostKind.FINANCIAL_INCOME: Meaning(Side.INCOME, 1, "income"),
}


def _list_kinds(side: Side) -> frozenset[CostKind]:
    return frozenset(kind for kind, meaning in MEANINGS.items() if meaning.side == side)


COSTS, REDUCTIONS, INCOMES = (_list_kinds(side) for side in Side)
# What a product's revenue is the sum of; its customers pay that less its income.
COUNTED = COSTS | REDUCTIONS
OPERATING: frozenset[CostKind] = frozenset(
    kind for kind, meaning in MEANINGS.items() if meaning.row == "operating_costs"
)

RESULT_ROWS = (
    "customers",
    "income",
    "operating_revenue",
    "operating_costs",
    "depreciation",
    "operating_result",
    "financial_costs",
    "result_after_financial_items",
    "net_result",
)


def sum_amounts(parts: Iterable[Amounts]) -> Amounts:
    """Return the sum in öre, year by year; zeros when there are no parts."""
    first = second = third = 0
    for part in parts:
        first, second, third = first + part[0], second + part[1], third + part[2]
    return first, second, third


def subtract_amounts(whole: Amounts, part: Amounts) -> Amounts:
    """Return what is left of a whole without a part in öre, year by year."""
    return whole[0] - part[0], whole[1] - part[1], whole[2] - part[2]


def sign_of(kind: str) -> int:
    """Return the sign that the amounts of a kind of line have where they are not zero: 1, -1, or 0 for either.

    What is no kind has no sign: it is refused where it is stored.
    """
    return MEANINGS[CostKind(kind)].sign if kind in MEANINGS else 0


def is_income(kind: str) -> bool:
    """Return whether a kind of line is an income, which no cost and no revenue of a product counts."""
    return kind in INCOMES


def counted(kind: str, amounts: Amounts) -> Amounts:
    """Return what a line adds to its product's cost and revenue, öre: its amounts; nothing of an income."""
    return (0, 0, 0) if is_income(kind) else amounts


def charged(kind: str, amounts: Amounts) -> Amounts:
    """Return what a line adds to what its product's customers pay, öre: its amounts; less them for an income."""
    return _negate(amounts) if is_income(kind) else amounts


def customers_pay(lines: Iterable[tuple[str, Amounts]]) -> Amounts:
    """Return what the customers of a product pay, öre: its cost and what lowers it, less its income (rule 3).

    `lines` are kinds with amounts, of lines or of their sums. Negative where the income is larger than the cost.
    """
    return sum_amounts(charged(kind, amounts) for kind, amounts in lines)


def result_rows(totals: Mapping[CostKind, Amounts]) -> dict[str, Amounts]:
    """Return the income statement in öre, a row for each of RESULT_ROWS in order (rule 3).

    `totals` is all sub-budgets' sum per kind: costs and income positive, what lowers the charge negative; a missing kind
    is zero. Revenue is what customers pay and income together. Costs come out negative. Nothing is rounded.
    """
    customers = customers_pay(totals.items())
    income = _sum_row(totals, "income")
    revenue = sum_amounts([customers, income])
    costs, depreciation, interest = (
        _negate(_sum_row(totals, row)) for row in ("operating_costs", "depreciation", "financial_costs")
    )
    operating = sum_amounts([revenue, costs, depreciation])
    net = sum_amounts([operating, interest])
    rows = (customers, income, revenue, costs, depreciation, operating, interest, net, net)
    return dict(zip(RESULT_ROWS, rows, strict=True))


def _sum_row(totals: Mapping[CostKind, Amounts], row: str) -> Amounts:
    return sum_amounts(amounts for kind, amounts in totals.items() if MEANINGS[kind].row == row)


def result_sources(kinds: Mapping[CostKind, Sources]) -> dict[str, Sources]:
    """Return where each row of `result_rows` comes from: the weakest of the kinds it is made of.

    Revenue is made of what it counts; income is no part of it that could make it weaker.
    """

    def of(*rows: str) -> Sources:
        return weakest_by_year(sources for kind, sources in kinds.items() if MEANINGS[kind].row in rows)

    everything = weakest_by_year(sources for kind, sources in kinds.items() if kind in COUNTED)
    costs, depreciation, interest = of("operating_costs"), of("depreciation"), of("financial_costs")
    customers = weakest_by_year(kinds.values())
    rows = (customers, of("income"), everything, costs, depreciation, everything, interest, everything, everything)
    return dict(zip(RESULT_ROWS, rows, strict=True))


def _negate(amounts: Amounts) -> Amounts:
    return -amounts[0], -amounts[1], -amounts[2]
