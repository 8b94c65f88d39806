"""Rule 3, the result forecast. The worked table is that of docs/algorithms/result.md: Budget 2026 to the öre."""

import random

from hypothesis import given
from hypothesis import strategies as st

from engine.money import round_to_tkr
from engine.result import (
    INCOMES,
    MEANINGS,
    OPERATING,
    RESULT_ROWS,
    CostKind,
    Side,
    counted,
    customers_pay,
    is_income,
    result_rows,
    result_sources,
    sum_amounts,
)
from engine.years import Amounts

TOTALS_2026: dict[CostKind, Amounts] = {
    CostKind.PERSONNEL: (1_212_560_000, 1_248_900_000, 1_286_349_000),
    CostKind.STAFF_TIME: (2_593_240_000, 2_671_037_300, 2_751_168_100),
    CostKind.SERVER_OPERATION: (118_340_000, 118_339_800, 118_340_100),
    CostKind.DIRECT_COST: (4_296_990_100, 4_455_152_800, 4_525_872_700),
    CostKind.DEPRECIATION: (3_131_170_000, 3_228_210_000, 3_299_270_000),
    CostKind.INTEREST: (254_970_000, 263_230_000, 268_970_000),
    CostKind.USE_OF_EQUITY: (-300_000_000, 0, 0),
    CostKind.EQUIPMENT_SALES: (56_500_000, 85_900_000, 67_500_000),
}
PUBLISHED_2026 = {
    "customers": (112_508, 118_990, 121_825),
    "income": (565, 859, 675),
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


def test_operating_kinds_are_all_costs_but_depreciation_and_interest_less_deductions() -> None:
    assert {"personnel", "staff_time", "server_operation", "direct_cost", "deduction"} == OPERATING


@given(TOTALS)
def test_the_net_result_is_the_use_of_equity(totals: dict[CostKind, Amounts]) -> None:
    assert result_rows(totals)["net_result"] == totals.get(CostKind.USE_OF_EQUITY, (0, 0, 0))


@given(TOTALS, st.randoms(use_true_random=False))
def test_the_order_of_cost_kinds_does_not_matter(totals: dict[CostKind, Amounts], order: random.Random) -> None:
    shuffled = list(totals.items())
    order.shuffle(shuffled)
    assert result_rows(dict(shuffled)) == result_rows(totals)


@given(TOTALS)
def test_revenue_is_what_customers_pay_and_income(totals: dict[CostKind, Amounts]) -> None:
    rows = result_rows(totals)
    assert rows["operating_revenue"] == sum_amounts([rows["customers"], rows["income"]])


@given(TOTALS, st.sampled_from(sorted(INCOMES)), st.tuples(ORE, ORE, ORE))
def test_more_income_moves_what_customers_pay_and_nothing_else(
    totals: dict[CostKind, Amounts], kind: CostKind, more: Amounts
) -> None:
    earned = {**totals, kind: sum_amounts([totals.get(kind, (0, 0, 0)), more])}
    before, after = result_rows(totals), result_rows(earned)
    assert {row for row in RESULT_ROWS if before[row] != after[row]} <= {"customers", "income"}
    assert after["income"] == sum_amounts([before["income"], more])
    assert before["customers"] == sum_amounts([after["customers"], more])


@given(TOTALS, st.tuples(ORE, ORE, ORE))
def test_a_deduction_lowers_revenue_and_costs_and_leaves_the_result(
    totals: dict[CostKind, Amounts], less: Amounts
) -> None:
    deducted = {**totals, CostKind.DEDUCTION: sum_amounts([totals.get(CostKind.DEDUCTION, (0, 0, 0)), less])}
    before, after = result_rows(totals), result_rows(deducted)
    assert after["operating_revenue"] == sum_amounts([before["operating_revenue"], less])
    assert after["net_result"] == before["net_result"]


@given(st.lists(st.tuples(st.sampled_from(CostKind), st.tuples(ORE, ORE, ORE))))
def test_customers_pay_what_is_counted_less_what_is_earned(lines: list[tuple[CostKind, Amounts]]) -> None:
    cost = sum_amounts(counted(kind, amounts) for kind, amounts in lines)
    earned = sum_amounts(amounts for kind, amounts in lines if is_income(kind))
    assert sum_amounts([customers_pay(lines), earned]) == cost


def test_the_sale_of_used_equipment_costs_its_customers_nothing() -> None:
    sold = (56_500_000, 85_900_000, 67_500_000)
    lines = [(CostKind.DIRECT_COST, sold), (CostKind.EQUIPMENT_SALES, sold)]
    assert customers_pay(lines) == (0, 0, 0)
    assert sum_amounts(counted(*line) for line in lines) == sold


def test_every_kind_has_a_meaning_and_its_sign_is_that_of_its_side() -> None:
    assert set(MEANINGS) == set(CostKind)
    signs = {Side.COST: 0, Side.REDUCTION: -1, Side.INCOME: 1}
    assert all(meaning.sign == signs[meaning.side] for meaning in MEANINGS.values())


@given(TOTALS)
def test_every_subtotal_is_the_true_sum_of_its_rows(totals: dict[CostKind, Amounts]) -> None:
    rows = result_rows(totals)
    assert rows["operating_result"] == sum_amounts(rows[row] for row in RESULT_ROWS[2:5])
    assert rows["net_result"] == sum_amounts([rows["operating_result"], rows["financial_costs"]])


def test_each_row_of_the_result_is_as_sure_as_the_cost_kinds_it_is_made_of() -> None:
    sure, guessed = ("entered",) * 3, ("entered", "entered", "assumed")
    kinds = {CostKind.DIRECT_COST: sure, CostKind.DEPRECIATION: guessed}
    sources = result_sources(kinds)
    assert list(sources) == list(RESULT_ROWS)
    assert sources["operating_costs"] == sure
    assert sources["depreciation"] == sources["operating_revenue"] == sources["net_result"] == guessed
    assert sources["financial_costs"] == ("calculated",) * 3
