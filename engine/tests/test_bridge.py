"""The worked example of docs/algorithms/bridge.md, and that a bridge always arrives."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bridge import (
    RESULT_STEPS,
    Verdict,
    build_bridge,
    is_within_bound,
    judge_result,
    result_bound,
    split_moved,
)

KR = 100
AMOUNTS = st.integers(min_value=-(10**15), max_value=10**15)
ROWS = st.fixed_dictionaries(dict.fromkeys(RESULT_STEPS, AMOUNTS))
BUDGET_2026 = dict(zip(RESULT_STEPS, (11_307_270_100, -8_221_130_100, -3_131_170_000, -254_970_000), strict=True))
BUDGET_2027 = dict(zip(RESULT_STEPS, (11_984_869_900, -8_493_429_900, -3_228_210_000, -263_230_000), strict=True))


def test_worked_example_goes_from_the_result_of_2026_to_that_of_2027() -> None:
    steps = build_bridge(sum(BUDGET_2026.values()), BUDGET_2026, BUDGET_2027)
    assert [step.row for step in steps] == list(RESULT_STEPS)
    assert [step.amount // KR for step in steps] == [6_775_998, -2_722_998, -970_400, -82_600]
    assert [step.end // KR for step in steps] == [3_775_998, 1_053_000, 82_600, 0]


@given(ROWS, ROWS)
def test_steps_add_up_to_the_difference(before: dict[str, int], after: dict[str, int]) -> None:
    steps = build_bridge(sum(before.values()), before, after)
    assert steps[-1].end == sum(after.values())
    assert all(earlier.end == later.start for earlier, later in pairwise(steps))


def test_row_that_a_year_lacks_is_zero_in_it() -> None:
    assert [step.amount for step in build_bridge(0, {"a": 5}, {"b": 7}, ["a", "b"])] == [-5, 7]


def test_bounds_are_those_of_the_worked_example() -> None:
    assert result_bound(BUDGET_2027["operating_revenue"]) == 179_773_049
    assert result_bound(BUDGET_2026["operating_revenue"]) == 169_609_052
    assert not is_within_bound(-3_000_000 * KR, BUDGET_2026["operating_revenue"])


def test_result_on_the_bound_is_within_and_one_ore_beyond_is_not() -> None:
    assert is_within_bound(150, 10_000)
    assert is_within_bound(-150, 10_000)
    assert not is_within_bound(-151, 10_000)


def test_without_revenue_only_a_zero_result_is_within() -> None:
    assert is_within_bound(0, 0)
    assert not is_within_bound(1, 0)


@pytest.mark.parametrize(
    ("result", "revenue", "decided", "verdict"),
    [
        (-3_808_000, 110_633_000, 4_000_000, Verdict.EXCEPTED),
        (-3_000_000, 113_073_000, 3_000_000, Verdict.EXCEPTED),
        (-3_000_000, 113_073_000, 0, Verdict.BEYOND),
        (-5_700_000, 113_073_000, 3_000_000, Verdict.BEYOND),
        (0, 119_849_000, 0, Verdict.WITHIN),
        (1_700_000, 119_849_000, 3_000_000, Verdict.WITHIN),
    ],
)
def test_the_exception_for_use_of_equity_covers_the_decided_amount_only(
    result: int, revenue: int, decided: int, verdict: Verdict
) -> None:
    assert judge_result(result * KR, revenue * KR, decided * KR) == verdict


@given(AMOUNTS, AMOUNTS, st.integers(min_value=0, max_value=10**15))
def test_what_is_within_without_the_exception_stays_within(result: int, revenue: int, decided: int) -> None:
    assert (judge_result(result, revenue, decided) == Verdict.WITHIN) == is_within_bound(result, revenue)


def test_moved_cost_is_told_apart_from_other_change_and_sums_to_zero() -> None:
    before, after = {"grant": 1000, "school": 300, "gone": 50}, {"grant": 900, "school": 420, "new": 10}
    steps = split_moved(before, after, [("grant", "school", 150), ("gone", "grant", 50), ("school", "school", 7)])
    assert [(step.place, step.moved, step.other) for step in steps] == [
        ("grant", -100, 0), ("school", 150, -30), ("new", 0, 10), ("gone", -50, 0),
    ]  # fmt: skip
    assert sum(step.moved for step in steps) == 0
    assert all(step.before + step.moved + step.other == step.after for step in steps)


def test_place_that_is_only_moved_to_is_told() -> None:
    assert split_moved({"a": 5}, {"a": 5}, [("a", "b", 2)])[1] == ("b", 0, 2, 0)
