"""Rule 12, reconciliation. The worked tables are those of docs/algorithms/reconcile.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import ORE_PER_TKR, round_to_tkr
from engine.reconcile import RELATIONS, Figure, Outcome, Relation, classify, compare_computed, compare_published

ORE = st.integers(-(10**12), 10**12)


def figure(table: str, row: str, tkr: int, edition: str = "budget:2026", column: str = "") -> Figure:
    return Figure(table, row, column or edition, edition, tkr)


def differences(figures: list[Figure]) -> list[tuple[str, str, int, int]]:
    found = compare_published(figures)
    return [(one.table, one.row, one.difference_tkr, one.parts) for one in found if one.difference_tkr]


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
    (found,) = compare_published([*shown, total])
    assert classify(found.difference_tkr, found.parts, explained=False) is not Outcome.UNEXPLAINED


def test_the_published_result_of_2026_agrees_with_itself() -> None:
    found = compare_published(RESULT_2026)
    assert [one.row for one in found] == ["operating_result", "result_after_financial_items", "net_result"]
    assert differences(RESULT_2026) == []


def test_the_sub_budgets_of_2026_add_up_to_the_revenue_but_for_rounding() -> None:
    figures = RESULT_2026 + [figure(f"sub_budget/{slug}", "TOTAL", tkr) for slug, tkr in SUB_BUDGETS_2026.items()]
    assert differences(figures) == [("result_budget", "operating_revenue", -1, 13)]
    assert classify(-1, 13, explained=False) is Outcome.ROUNDING


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
    assert len(compare_published(figures)) == 2


def test_the_printed_debt_of_2026_spans_two_years() -> None:
    found = {one.row: one for one in compare_published(LOANS)}
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
    assert compare_published(RESULT_2026[1:]) == compare_published(RESULT_2026)[1:]
    assert compare_published([figure("investments", "TOTAL", 5)]) == []
    assert compare_published([figure("loan_forecast", "closing_debt", 5)]) == []


def test_a_computed_figure_is_rounded_from_true_ore_and_leaves_nothing_to_rounding() -> None:
    key = ("result_budget", "operating_result", "budget:2026")
    (found,) = compare_computed(RESULT_2026, {key: -45_030_000})
    assert (found.computed_tkr, found.difference_tkr, found.parts) == (-450, 0, 0)
    (found,) = compare_computed(RESULT_2026, {key: -45_050_000})
    assert classify(found.difference_tkr, found.parts, explained=False) is Outcome.UNEXPLAINED


def test_every_relation_is_declared_once_and_sums_something() -> None:
    assert len(set(RELATIONS)) == len(RELATIONS)
    assert all(isinstance(relation, Relation) and relation.parts for relation in RELATIONS)
    assert {sign for relation in RELATIONS for sign, _, _ in relation.parts} == {1, -1}
