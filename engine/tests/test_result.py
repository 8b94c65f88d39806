"""Rule 3, the result forecast. The worked table is that of docs/algorithms/result.md: Budget 2026 to the öre."""

import random

from hypothesis import given
from hypothesis import strategies as st

from engine.money import round_to_tkr
from engine.result import OPERATING, RESULT_ROWS, CostKind, result_rows, result_sources, sum_amounts
from engine.years import Amounts

TOTALS_2026: dict[CostKind, Amounts] = {
    CostKind.PERSONNEL: (1_212_560_000, 1_248_900_000, 1_286_349_000),
    CostKind.STAFF_TIME: (2_593_240_000, 2_671_037_300, 2_751_168_100),
    CostKind.SERVER_OPERATION: (118_340_000, 118_339_800, 118_340_100),
    CostKind.DIRECT_COST: (4_296_990_100, 4_455_152_800, 4_525_872_700),
    CostKind.DEPRECIATION: (3_131_170_000, 3_228_210_000, 3_299_270_000),
    CostKind.INTEREST: (254_970_000, 263_230_000, 268_970_000),
    CostKind.USE_OF_EQUITY: (-300_000_000, 0, 0),
}
PUBLISHED_2026 = {
    "operating_revenue": (113_073, 119_849, 122_500),
    "operating_costs": (-82_211, -84_934, -86_817),
    "depreciation": (-31_312, -32_282, -32_993),
    "operating_result": (-450, 2_632, 2_690),
    "financial_costs": (-2_550, -2_632, -2_690),
    "result_after_financial_items": (-3_000, 0, 0),
    "net_result": (-3_000, 0, 0),
}
ORE = st.integers(-(10**15), 10**15)
TOTALS = st.dictionaries(st.sampled_from(CostKind), st.tuples(ORE, ORE, ORE))


def test_the_cost_lines_of_2026_give_the_published_result() -> None:
    shown = {row: tuple(map(round_to_tkr, amounts)) for row, amounts in result_rows(TOTALS_2026).items()}
    assert shown == PUBLISHED_2026


def test_rows_come_in_the_order_of_the_income_statement() -> None:
    assert tuple(result_rows({})) == RESULT_ROWS
    assert set(result_rows({}).values()) == {(0, 0, 0)}


def test_operating_kinds_are_all_but_depreciation_interest_and_use_of_equity() -> None:
    assert {"personnel", "staff_time", "server_operation", "direct_cost"} == OPERATING


@given(TOTALS)
def test_the_net_result_is_the_use_of_equity(totals: dict[CostKind, Amounts]) -> None:
    assert result_rows(totals)["net_result"] == totals.get(CostKind.USE_OF_EQUITY, (0, 0, 0))


@given(TOTALS, st.randoms(use_true_random=False))
def test_the_order_of_cost_kinds_does_not_matter(totals: dict[CostKind, Amounts], order: random.Random) -> None:
    shuffled = list(totals.items())
    order.shuffle(shuffled)
    assert result_rows(dict(shuffled)) == result_rows(totals)


@given(TOTALS)
def test_every_subtotal_is_the_true_sum_of_its_rows(totals: dict[CostKind, Amounts]) -> None:
    rows = result_rows(totals)
    assert rows["operating_result"] == sum_amounts(rows[row] for row in RESULT_ROWS[:3])
    assert rows["net_result"] == sum_amounts([rows["operating_result"], rows["financial_costs"]])


def test_each_row_of_the_result_is_as_sure_as_the_cost_kinds_it_is_made_of() -> None:
    sure, guessed = ("entered",) * 3, ("entered", "entered", "assumed")
    kinds = {CostKind.DIRECT_COST: sure, CostKind.DEPRECIATION: guessed}
    sources = result_sources(kinds)
    assert list(sources) == list(RESULT_ROWS)
    assert sources["operating_costs"] == sure
    assert sources["depreciation"] == sources["operating_revenue"] == sources["net_result"] == guessed
    assert sources["financial_costs"] == ("calculated",) * 3
