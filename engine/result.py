"""Rule 3, the result forecast: revenue equals full cost less use of equity, so the net result is the use of equity."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from engine.provenance import Sources, weakest_by_year
from engine.years import Amounts


class CostKind(StrEnum):
    """What kind of cost a cost line is. Use of equity is no cost: a negative amount that lowers the base grant."""

    PERSONNEL = "personnel"
    STAFF_TIME = "staff_time"
    SERVER_OPERATION = "server_operation"
    DIRECT_COST = "direct_cost"
    DEPRECIATION = "depreciation"
    INTEREST = "interest"
    USE_OF_EQUITY = "use_of_equity"


OPERATING: frozenset[CostKind] = frozenset(CostKind) - {
    CostKind.DEPRECIATION,
    CostKind.INTEREST,
    CostKind.USE_OF_EQUITY,
}

RESULT_ROWS = (
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


def result_rows(totals: Mapping[CostKind, Amounts]) -> dict[str, Amounts]:
    """Return the income statement in öre, a row for each of RESULT_ROWS in order (rule 3).

    `totals` is all sub-budgets' sum per cost kind, costs positive and use of equity negative; a missing kind is zero.
    Costs come out negative. Nothing is rounded.
    """
    revenue = sum_amounts(totals.values())
    costs = _negate(sum_amounts(totals[kind] for kind in totals if kind in OPERATING))
    depreciation = _negate(totals.get(CostKind.DEPRECIATION, (0, 0, 0)))
    interest = _negate(totals.get(CostKind.INTEREST, (0, 0, 0)))
    operating = sum_amounts([revenue, costs, depreciation])
    net = sum_amounts([operating, interest])
    return dict(zip(RESULT_ROWS, (revenue, costs, depreciation, operating, interest, net, net), strict=True))


def result_sources(kinds: Mapping[CostKind, Sources]) -> dict[str, Sources]:
    """Return where each row of `result_rows` comes from: the weakest of the cost kinds it is made of."""
    everything = weakest_by_year(kinds.values())
    costs = weakest_by_year(sources for kind, sources in kinds.items() if kind in OPERATING)
    own = [
        weakest_by_year([kinds[kind]] if kind in kinds else []) for kind in (CostKind.DEPRECIATION, CostKind.INTEREST)
    ]
    rows = (everything, costs, own[0], everything, own[1], everything, everything)
    return dict(zip(RESULT_ROWS, rows, strict=True))


def _negate(amounts: Amounts) -> Amounts:
    return -amounts[0], -amounts[1], -amounts[2]
