"""Rule 12, reconciliation: published figures against each other and against the computed ones.

The trick: what must agree is data (RELATIONS, the accounting identities between the tables); what happens to differ
is nowhere in the code. An edition says which figure it is: two printings of one figure have the same edition.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from engine.money import round_to_tkr
from engine.result import RESULT_ROWS

Key = tuple[str, str, str]
"""Table, row, edition."""


class Outcome(StrEnum):
    """What a comparison came to."""

    EXACT = "exact"
    ROUNDING = "rounding"
    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"


class Figure(NamedTuple):
    """A published figure in tkr as printed; an unprinted one (empty, "x") has no Figure, which is not zero.

    `edition` is kind and year, 'budget:2026': it must be equal wherever the same figure is printed, and end in the year.
    """

    table: str
    row: str
    column: str
    edition: str
    tkr: int


class Relation(NamedTuple):
    """A total (table, row) and its parts (sign, table, row), of the same edition.

    Row '*' is every row of the table whose code does not start with TOTAL. Table 'x/*' is every table under x; in a
    total it makes the relation hold for each such table, and the same 'x/*' among its parts is then that very table.
    `across_editions`: the parts of all years, from the latest in which the first part is printed, to the total's.
    """

    total: tuple[str, str]
    parts: tuple[tuple[int, str, str], ...]
    across_editions: bool = False


class Comparison(NamedTuple):
    """A published figure and what it should be, in tkr; difference = published − computed.

    `parts` is how many printed parts were summed; 0 means computed from true amounts.
    """

    table: str
    row: str
    column: str
    published_tkr: int
    computed_tkr: int
    difference_tkr: int
    parts: int


def _sum_of(table: str, row: str, *parts: str) -> Relation:
    """A row that is the sum of rows of its own table; '-' before a row subtracts it."""
    signed = ((-1 if part.startswith("-") else 1, table, part.removeprefix("-")) for part in parts)
    return Relation((table, row), tuple(signed))


def _same(table: str, row: str, other: str, other_row: str, sign: int = 1) -> Relation:
    """A figure printed twice, possibly with the opposite sign."""
    return Relation((table, row), ((sign, other, other_row),))


SUB_BUDGETS = "sub_budget/*"
BASE_GRANT = "sub_budget/grundanslag"

_TOTALS = (
    _sum_of(SUB_BUDGETS, "TOTAL", "*"),
    _sum_of("revenue_by_category", "TOTAL", "*"),
    _sum_of("influenceable_costs", "TOTAL", "*"),
    _sum_of("personnel_costs", "TOTAL", "salary", "holiday_pay", "employer_contributions", "pension", "insurance"),
    _sum_of("personnel_costs", "TOTAL_LABOUR", "TOTAL", "hired_staff"),
    _sum_of("investments", "TOTAL", "*"),
    _sum_of("finance_leases", "TOTAL_LEASE", "*"),
)

_RESULT_CHAIN = (
    _sum_of("result_budget", "operating_result", "operating_revenue", "operating_costs", "depreciation"),
    _sum_of("result_budget", "result_after_financial_items", "operating_result", "financial_costs"),
    _sum_of("result_budget", "net_result", "result_after_financial_items"),
    _sum_of("annual_accounts", "operating_result", "operating_revenue", "operating_costs", "depreciation"),
    _sum_of(
        "annual_accounts", "result_after_financial_items", "operating_result", "financial_income", "financial_costs"
    ),
    _sum_of("annual_accounts", "net_result", "result_after_financial_items"),
    *(_same("annual_accounts", row, "result_budget", row) for row in RESULT_ROWS),
)

_REVENUE = (
    _same("result_budget", "operating_revenue", "revenue_by_category", "TOTAL"),
    Relation(("result_budget", "operating_revenue"), ((1, SUB_BUDGETS, "TOTAL"),)),
    _same("revenue_by_category", "base_grant", BASE_GRANT, "TOTAL"),
    _same("revenue_by_category", "equipment_sales", "sub_budget/klient", "Datorer försäljning uttjänta enheter"),
    _same("influenceable_costs", "premises", BASE_GRANT, "Hyra och el Teknikringen 9"),
    _same("influenceable_costs", "audit", BASE_GRANT, "Revision"),
    _same(BASE_GRANT, "Avdrag nyttjande av eget kapital", "result_budget", "net_result"),
)

_MOVEMENTS = ("opening_debt", "borrowing_investments", "borrowing_use_of_equity", "amortisation")

_LOANS = (
    _sum_of("loan_forecast", "closing_debt", *_MOVEMENTS)._replace(across_editions=True),
    _sum_of("loan_forecast", "headroom", "borrowing_framework", "-closing_debt"),
    _same("loan_forecast", "borrowing_investments", "investments", "TOTAL"),
    _same("loan_forecast", "borrowing_use_of_equity", "result_budget", "net_result", sign=-1),
)

RELATIONS: tuple[Relation, ...] = (*_TOTALS, *_RESULT_CHAIN, *_REVENUE, *_LOANS)


def classify(difference_tkr: int, parts: int, explained: bool) -> Outcome:
    """Say what a difference is (rule 12): rounding when |difference| < (parts + 1) / 2 tkr and parts were summed."""
    if difference_tkr == 0:
        return Outcome.EXACT
    if parts >= 1 and 2 * abs(difference_tkr) < parts + 1:
        return Outcome.ROUNDING
    return Outcome.EXPLAINED if explained else Outcome.UNEXPLAINED


def compare_computed(figures: Sequence[Figure], computed: Mapping[Key, int]) -> list[Comparison]:
    """Compare each figure with the true öre of its (table, row, edition), rounded to tkr here and only here (rule 12).

    Figures that nothing was computed for are left out.
    """
    keyed = ((figure, (figure.table, figure.row, figure.edition)) for figure in figures)
    return [_comparison(figure, round_to_tkr(computed[key]), 0) for figure, key in keyed if key in computed]


def compare_published(figures: Sequence[Figure], relations: Sequence[Relation] = RELATIONS) -> list[Comparison]:
    """Compare published figures with each other (rule 12), one comparison for each relation and edition.

    Left out where the total, a named part, or every part is not printed. A figure printed twice in one table's row
    counts once, and its later printings are compared with the first, last in the list.
    """
    first: dict[Key, Figure] = {}
    reprints: list[Comparison] = []
    for figure in figures:
        printed = first.setdefault((figure.table, figure.row, figure.edition), figure)
        if printed is not figure:
            reprints.append(_comparison(figure, printed.tkr, 1))
    once = list(first.values())
    return [found for relation in relations for found in _compare_relation(relation, once)] + reprints


def _compare_relation(relation: Relation, figures: Sequence[Figure]) -> Iterator[Comparison]:
    for total in figures:
        if _is_row(total, *relation.total):
            parts = _find_parts(relation, total, figures)
            if parts:
                yield _comparison(total, sum(parts), len(parts))


def _find_parts(relation: Relation, total: Figure, figures: Sequence[Figure]) -> list[int]:
    """Return the signed tkr of the printed parts; none when a named part is missing."""
    parts = [(sign, total.table if table == relation.total[0] else table, row) for sign, table, row in relation.parts]
    if relation.across_editions:
        eligible = _figures_of_span(parts[0], total, figures)
    else:
        eligible = [figure for figure in figures if figure.edition == total.edition]
    found: list[int] = []
    for sign, table, row in parts:
        printed = [sign * figure.tkr for figure in eligible if _is_row(figure, table, row)]
        if not printed and "*" not in (row, table[-1]):
            return []
        found += printed
    return found


def _figures_of_span(opening: tuple[int, str, str], total: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures from the latest year in which `opening` is printed, to the total's year."""
    until = _year(total)
    starts = [_year(figure) for figure in figures if _is_row(figure, *opening[1:]) and _year(figure) <= until]
    return [figure for figure in figures if starts and max(starts) <= _year(figure) <= until]


def _year(figure: Figure) -> str:
    return figure.edition.rpartition(":")[2]


def _is_row(figure: Figure, table: str, row: str) -> bool:
    in_table = figure.table.startswith(table[:-1]) if table.endswith("/*") else figure.table == table
    in_row = not figure.row.startswith("TOTAL") if row == "*" else figure.row == row
    return in_table and in_row


def _comparison(published: Figure, computed: int, parts: int) -> Comparison:
    table, row, column, _, tkr = published
    return Comparison(table, row, column, tkr, computed, tkr - computed, parts)
