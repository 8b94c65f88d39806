"""Rule 12, reconciliation. The worked tables are those of docs/algorithms/reconcile.md.

The relations are the tests' own: which figures a federation's tables tie together is its data, tested in forecasts.
"""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import ORE_PER_TKR, round_to_tkr
from engine.reconcile import (
    Comparison,
    Figure,
    Outcome,
    Part,
    Relation,
    Sign,
    classify,
    compare_computed,
    compare_published,
)

ORE = st.integers(-(10**12), 10**12)
TKR = st.integers(-(10**9), 10**9)


def figure(table: str, row: str, tkr: int, edition: str = "budget:2026", column: str = "") -> Figure:
    return Figure(table, row, column or edition, edition, tkr)


def adds_up(table: str, row: str, *parts: str) -> Relation:
    """A row that is the sum of rows of its own table."""
    return Relation((table, row), tuple(Part(1, table, part) for part in parts))


def is_same(table: str, row: str, other: str, other_row: str, sign: Sign = 1) -> Relation:
    """A figure printed in another table."""
    return Relation((table, row), (Part(sign, other, other_row),))


MOVEMENTS = ("opening_debt", "borrowing_investments", "borrowing_use_of_equity", "amortisation")
CLOSING_DEBT = adds_up("loan_forecast", "closing_debt", *MOVEMENTS)._replace(across_editions=True)
RELATIONS = (
    adds_up("sub_budget/*", "TOTAL", "*"),
    adds_up("investments", "TOTAL", "*"),
    adds_up("result_budget", "operating_result", "operating_revenue", "operating_costs", "depreciation"),
    adds_up("result_budget", "result_after_financial_items", "operating_result", "financial_costs"),
    adds_up("result_budget", "net_result", "result_after_financial_items"),
    is_same("annual_accounts", "operating_revenue", "result_budget", "operating_revenue"),
    is_same("annual_accounts", "net_result", "result_budget", "net_result"),
    Relation(("result_budget", "operating_revenue"), (Part(1, "sub_budget/*", "TOTAL"),)),
    CLOSING_DEBT,
    Relation(
        ("loan_forecast", "headroom"),
        (Part(1, "loan_forecast", "borrowing_framework"), Part(-1, "loan_forecast", "closing_debt")),
    ),
    is_same("loan_forecast", "borrowing_investments", "investments", "TOTAL"),
    is_same("loan_forecast", "borrowing_use_of_equity", "result_budget", "net_result", sign=-1),
)


def compare(figures: list[Figure]) -> list[Comparison]:
    return compare_published(figures, RELATIONS)


def differences(figures: list[Figure]) -> list[tuple[str, str, int, int]]:
    return [(one.table, one.row, one.difference_tkr, one.parts) for one in compare(figures) if one.difference_tkr]


RESULT_2026 = [
    figure("result_budget", row, tkr)
    for row, tkr in [
        ("operating_revenue", 113_073),
        ("operating_costs", -82_211),
        ("depreciation", -31_312),
        ("operating_result", -450),
        ("financial_costs", -2_550),
        ("result_after_financial_items", -3_000),
        ("net_result", -3_000),
    ]
]
SUB_BUDGETS_2026 = {
    "grundanslag": 20_487,
    "socialtjanst": 8_848,
    "utbildning": 3_266,
    "samhallsbyggnad": 1_092,
    "kultur-fritid": 94,
    "ekonomi-inkop": 724,
    "hr-lon": 7_182,
    "medborgartjanster": 4_483,
    "samarbetsplattform": 19_932,
    "informationssakerhet": 1_938,
    "nat": 7_906,
    "server": 296,
    "klient": 36_826,
}
LOANS = [
    figure("loan_forecast", "opening_debt", 58_662, "budget:2025"),
    figure("loan_forecast", "borrowing_investments", 20_642, "budget:2025"),
    figure("loan_forecast", "borrowing_use_of_equity", 4_000, "budget:2025"),
    figure("loan_forecast", "amortisation", -25_827, "budget:2025"),
    figure("loan_forecast", "borrowing_investments", 32_865),
    figure("loan_forecast", "borrowing_use_of_equity", 3_000),
    figure("loan_forecast", "amortisation", -25_708),
    figure("loan_forecast", "closing_debt", 67_634),
    figure("loan_forecast", "borrowing_framework", 80_000),
    figure("loan_forecast", "headroom", 12_366),
]


@pytest.mark.parametrize(
    ("difference", "parts", "explained", "outcome"),
    [
        (0, 0, False, Outcome.EXACT),
        (1, 0, False, Outcome.UNEXPLAINED),
        (1, 0, True, Outcome.EXPLAINED),
        (1, 1, False, Outcome.UNEXPLAINED),
        (-1, 2, False, Outcome.ROUNDING),
        (2, 3, True, Outcome.EXPLAINED),
        (2, 4, True, Outcome.ROUNDING),
        (-901, 1, False, Outcome.UNEXPLAINED),
    ],
)
def test_a_difference_is_rounding_only_when_parts_can_explain_it(
    difference: int, parts: int, explained: bool, outcome: Outcome
) -> None:
    assert classify(difference, parts, explained) is outcome


@given(st.lists(ORE, min_size=2, max_size=20))
def test_true_amounts_that_add_up_are_never_unexplained(parts: list[int]) -> None:
    # Ties (exactly half a tkr everywhere) can touch the bound, which rule 12 does not include.
    parts = [part + 1 if part % ORE_PER_TKR == ORE_PER_TKR // 2 else part for part in parts]
    shown = [figure("investments", f"r{index}", round_to_tkr(part)) for index, part in enumerate(parts)]
    total = figure("investments", "TOTAL", round_to_tkr(sum(parts)))
    (found,) = compare([*shown, total])
    assert classify(found.difference_tkr, found.parts, explained=False) is not Outcome.UNEXPLAINED


def test_the_published_result_of_2026_agrees_with_itself() -> None:
    found = compare(RESULT_2026)
    assert [one.row for one in found] == ["operating_result", "result_after_financial_items", "net_result"]
    assert differences(RESULT_2026) == []


def test_the_sub_budgets_of_2026_add_up_to_the_revenue_but_for_rounding() -> None:
    figures = RESULT_2026 + [figure(f"sub_budget/{slug}", "TOTAL", tkr) for slug, tkr in SUB_BUDGETS_2026.items()]
    assert differences(figures) == [("result_budget", "operating_revenue", -1, 13)]
    assert classify(-1, 13, explained=False) is Outcome.ROUNDING


def test_a_comparison_says_what_was_summed_in_the_totals_own_table() -> None:
    figures = [figure("sub_budget/server", "Teis", 299), figure("sub_budget/server", "TOTAL", 299)]
    (found,) = compare(figures)
    assert found.basis == (Part(1, "sub_budget/server", "*"),)
    (found,) = compare_computed(figures[:1], {("sub_budget/server", "Teis", "budget:2026"): 29_900_000})
    assert (found.parts, found.basis) == (0, ())


def test_each_sub_budget_is_compared_with_its_own_rows_only() -> None:
    figures = [
        figure("sub_budget/kultur-fritid", "Fri", 68, "plan:2027"),
        figure("sub_budget/kultur-fritid", "Princh", 26, "plan:2027"),
        figure("sub_budget/kultur-fritid", "TOTAL", 95, "plan:2027"),
        figure("sub_budget/server", "Teis", 299, "plan:2027"),
        figure("sub_budget/server", "TOTAL", 299, "plan:2027"),
        figure("sub_budget/server", "TOTAL", 302, "plan:2028"),
    ]
    assert differences(figures) == [("sub_budget/kultur-fritid", "TOTAL", 1, 2)]
    assert len(compare(figures)) == 2


def test_the_printed_debt_of_2026_spans_two_years() -> None:
    found = {one.row: one for one in compare(LOANS)}
    assert (found["closing_debt"].computed_tkr, found["closing_debt"].parts) == (67_634, 7)
    assert (found["headroom"].computed_tkr, found["headroom"].parts) == (12_366, 2)
    assert differences(LOANS) == []


def test_a_printed_debt_in_between_starts_the_span_anew() -> None:
    between = [
        figure("loan_forecast", "closing_debt", 57_477, "budget:2025"),
        figure("loan_forecast", "opening_debt", 57_478),
    ]
    assert differences([*LOANS, *between]) == [("loan_forecast", "closing_debt", -1, 4)]


def test_borrowing_is_compared_with_the_investment_budget_of_the_year() -> None:
    figures = [
        *LOANS,
        figure("investments", "TOTAL", 21_543, "budget:2025"),
        figure("investments", "TOTAL", 32_865),
        figure("result_budget", "net_result", -4_000, "budget:2025"),
        figure("result_budget", "net_result", -3_000),
    ]
    assert differences(figures) == [("loan_forecast", "borrowing_investments", -901, 1)]


def test_the_same_figure_in_two_tables_must_be_the_same() -> None:
    figures = [
        figure("annual_accounts", "operating_revenue", 108_541, "budget:2025", "budget_2025"),
        figure("result_budget", "operating_revenue", 108_391, "budget:2025", "Budget 2025"),
        figure("annual_accounts", "net_result", -3_808, "actual:2025"),
        figure("result_budget", "net_result", -4_000, "budget:2025"),
    ]
    assert differences(figures) == [("annual_accounts", "operating_revenue", 150, 1)]


def test_the_same_figure_printed_again_in_one_table_counts_once() -> None:
    figures = [
        figure("investments", "computers", 10),
        figure("investments", "TOTAL", 10),
        figure("investments", "computers", 12, column="reprinted"),
    ]
    assert differences(figures) == [("investments", "computers", 2, 1)]


def test_nothing_is_compared_when_a_named_part_is_not_printed() -> None:
    assert compare(RESULT_2026[1:]) == compare(RESULT_2026)[1:]
    assert compare([figure("investments", "TOTAL", 5)]) == []
    assert compare([figure("loan_forecast", "closing_debt", 5)]) == []


def test_a_computed_figure_is_rounded_from_true_ore_and_leaves_nothing_to_rounding() -> None:
    key = ("result_budget", "operating_result", "budget:2026")
    (found,) = compare_computed(RESULT_2026, {key: -45_030_000})
    assert (found.computed_tkr, found.difference_tkr, found.parts) == (-450, 0, 0)
    (found,) = compare_computed(RESULT_2026, {key: -45_050_000})
    assert classify(found.difference_tkr, found.parts, explained=False) is Outcome.UNEXPLAINED


# What holds for any relation and any figures


@given(TKR, st.integers(0, 100), st.booleans())
def test_rounding_is_a_difference_that_so_many_parts_can_make_and_nothing_else(
    difference: int, parts: int, explained: bool
) -> None:
    can_be_rounding = parts > 0 and abs(difference) < (parts + 1) / 2
    outcome = classify(difference, parts, explained)
    assert (outcome is Outcome.EXACT) is (difference == 0)
    assert (outcome is Outcome.ROUNDING) is (difference != 0 and can_be_rounding)
    assert outcome is not (Outcome.UNEXPLAINED if explained else Outcome.EXPLAINED)


@given(st.lists(st.tuples(st.sampled_from([1, -1]), TKR), min_size=1, max_size=8), TKR)
def test_a_total_is_its_parts_added_and_subtracted(parts: list[tuple[Sign, int]], total: int) -> None:
    relation = Relation(("a", "sum"), tuple(Part(sign, f"t{at}", "row") for at, (sign, _tkr) in enumerate(parts)))
    printed = [figure(f"t{at}", "row", tkr) for at, (_sign, tkr) in enumerate(parts)]
    (found,) = compare_published([figure("a", "sum", total), *printed], [relation])
    assert found.computed_tkr == sum(sign * tkr for sign, tkr in parts)
    assert found.difference_tkr == total - found.computed_tkr
    assert (found.parts, found.basis) == (len(parts), relation.parts)


@given(TKR, TKR)
def test_a_figure_printed_twice_is_exact_or_a_difference_that_rounding_never_explains(first: int, second: int) -> None:
    same = is_same("a", "row", "b", "row")
    between = compare_published([figure("a", "row", second), figure("b", "row", first)], [same])
    reprint = compare_published([figure("a", "row", first), figure("a", "row", second, column="again")], [])
    expected = Outcome.EXACT if first == second else Outcome.UNEXPLAINED
    for (found,) in (between, reprint):
        assert found.difference_tkr == second - first
        assert classify(found.difference_tkr, found.parts, explained=False) is expected


@given(st.permutations([*RESULT_2026, *LOANS]))
def test_the_order_of_the_figures_decides_nothing(figures: list[Figure]) -> None:
    assert sorted(compare(figures)) == sorted(compare([*RESULT_2026, *LOANS]))


@given(TKR, st.lists(st.tuples(TKR, TKR, TKR), min_size=1, max_size=5))
def test_a_debt_over_several_years_is_the_opening_one_and_every_movement(
    opening: int, years: list[tuple[int, int, int]]
) -> None:
    closing = list(accumulate((sum(movements) for movements in years), initial=opening))[1:]
    figures = [figure("loan_forecast", "opening_debt", opening, "budget:2025")]
    for year, movements in enumerate(years, start=2025):
        rows = zip(MOVEMENTS[1:], movements, strict=True)
        figures += [figure("loan_forecast", row, tkr, f"budget:{year}") for row, tkr in rows]
        figures.append(figure("loan_forecast", "closing_debt", closing[year - 2025], f"budget:{year}"))
    found = compare_published(figures, [CLOSING_DEBT])
    assert [(one.difference_tkr, one.parts) for one in found] == [(0, 1 + 3 * n) for n in range(1, len(years) + 1)]


@given(st.sets(st.sampled_from(["revenue", "costs", "depreciation"])))
def test_a_total_is_compared_only_when_every_named_part_is_printed(printed: set[str]) -> None:
    relation = adds_up("a", "result", "revenue", "costs", "depreciation")
    figures = [figure("a", "result", 0), *(figure("a", row, 0) for row in sorted(printed))]
    assert len(compare_published(figures, [relation])) == (len(printed) == 3)
