"""Rule 3, the base grant. The worked table is that of docs/algorithms/grant.md."""

from hypothesis import given
from hypothesis import strategies as st

from engine.grant import GrantLine, GrantRow, grant_rows
from engine.money import round_to_tkr
from engine.provenance import ORDER, weakest_by_year
from engine.result import sum_amounts
from engine.years import Amounts

ZERO: Amounts = (0, 0, 0)
DEDUCTION = "Avdrag nyttjande av eget kapital"
LINES_2026 = [
    GrantLine("Förbundsdirektör 100%", (158_560_000, 163_300_000, 168_249_000), ZERO),
    GrantLine("Förbundssekreterare 50%", (47_000_000, 48_400_000, 49_800_000), ZERO),
    GrantLine("Ekonomiansvarig 100%", (105_800_000, 108_900_000, 112_200_000), ZERO),
    GrantLine("Ekonomiassistent 100%", (72_600_000, 74_800_000, 77_000_000), ZERO),
    GrantLine("Säkerhetsansvar 40%", (42_200_000, 43_500_000, 44_800_000), ZERO),
    GrantLine("Konsolideringsprojekt 100%", ZERO, ZERO),
    GrantLine("Personalorganisation", (431_500_000, 444_400_000, 457_800_000), ZERO),
    GrantLine("Beredskap", (69_300_000, 71_400_000, 73_500_000), ZERO),
    GrantLine("Revision", (50_000_000, 50_000_000, 50_000_000), ZERO),
    GrantLine("Hyra och el Teknikringen 9", (239_600_000, 241_600_000, 243_600_000), ZERO),
    GrantLine("Central IT-miljö, exkl personal", (846_589_000, 925_949_000, 963_149_000), ZERO),
    GrantLine("Central IT-miljö, personal", (285_600_000, 294_200_000, 303_000_000), ZERO),
    GrantLine(DEDUCTION, ZERO, (-300_000_000, 0, 0)),
]
ORE = st.integers(-(10**15), 10**15)
AMOUNTS = st.tuples(ORE, ORE, ORE)
SOURCES = st.sampled_from(ORDER)
YEARS = st.tuples(SOURCES, SOURCES, SOURCES)
LINES = st.lists(st.builds(GrantLine, st.text(max_size=3), AMOUNTS, AMOUNTS, YEARS), max_size=10)


def shown(row: GrantRow) -> tuple[int, int, int]:
    first, second, third = row.amounts
    return round_to_tkr(first), round_to_tkr(second), round_to_tkr(third)


def test_the_cost_lines_of_2026_give_the_published_base_grant() -> None:
    total_cost, base_grant = grant_rows(LINES_2026)[-2:]
    assert shown(total_cost) == (23_487, 24_664, 25_431)
    assert shown(base_grant) == (20_487, 24_664, 25_431)


def test_there_is_a_row_for_each_product_and_one_for_the_use_of_equity() -> None:
    rows = grant_rows(LINES_2026)
    assert [row.row for row in rows] == ["product"] * 12 + ["use_of_equity", "total_cost", "base_grant"]
    assert rows[12] == GrantRow("use_of_equity", DEDUCTION, (-300_000_000, 0, 0))
    assert rows[5] == GrantRow("product", "Konsolideringsprojekt 100%", ZERO)


def test_a_product_with_both_has_both_rows() -> None:
    rows = grant_rows([GrantLine("A", (5, 0, 0), (0, -2, 0))])
    assert [row.row for row in rows] == ["product", "use_of_equity", "total_cost", "base_grant"]
    assert rows[-1].amounts == (5, -2, 0)


@given(LINES)
def test_the_rows_add_up_to_the_base_grant(lines: list[GrantLine]) -> None:
    *rows, total_cost, base_grant = grant_rows(lines)
    assert sum_amounts(row.amounts for row in rows) == base_grant.amounts
    assert sum_amounts(row.amounts for row in rows if row.row == "product") == total_cost.amounts


@given(LINES)
def test_the_order_of_products_does_not_change_the_totals(lines: list[GrantLine]) -> None:
    assert grant_rows(lines[::-1])[-2:] == grant_rows(lines)[-2:]


@given(LINES)
def test_the_base_grant_is_as_sure_as_its_weakest_product(lines: list[GrantLine]) -> None:
    rows = grant_rows(lines)
    own = [line.sources for line in lines if any(line.cost + line.use_of_equity)]
    assert rows[-1].sources == rows[-2].sources == weakest_by_year(own)
