"""Rule 8, depreciation. The worked table is that of docs/algorithms/depreciation.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.depreciation import depreciation_plan, spread


def test_a_computer_bought_in_july_is_written_off_over_five_calendar_years() -> None:
    plan = depreciation_plan(1_000_000, life_years=4, year=2026)
    assert plan == {2026: 125_000, 2027: 250_000, 2028: 250_000, 2029: 250_000, 2030: 125_000}


def test_the_last_year_takes_the_rest() -> None:
    assert depreciation_plan(1_000, life_years=3, year=2026, month=1) == {2026: 333, 2027: 333, 2028: 334}
    assert depreciation_plan(2_000, life_years=3, year=2026, month=1) == {2026: 667, 2027: 667, 2028: 666}


def test_the_month_of_use_counts() -> None:
    assert depreciation_plan(1_200, life_years=1, year=2026, month=12) == {2026: 100, 2027: 1_100}


def test_the_rest_is_never_negative() -> None:
    assert spread(3, [1] * 5) == [1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("cost", "life_years", "month"), [(-1, 3, 7), (1, 0, 7), (1, 0, 1), (1, -1, 7), (1, 3, 0), (1, 3, 13)]
)
def test_what_cannot_be_depreciated_is_refused(cost: int, life_years: int, month: int) -> None:
    with pytest.raises(ValueError):
        depreciation_plan(cost, life_years, 2026, month)


@given(st.integers(0, 10**15), st.integers(1, 50), st.integers(1, 12))
def test_depreciation_adds_up_to_the_cost(cost: int, life_years: int, month: int) -> None:
    plan = depreciation_plan(cost, life_years, 2026, month)
    assert sum(plan.values()) == cost
    assert min(plan.values()) >= 0
    assert list(plan) == list(range(2026, 2026 + life_years + (month > 1)))


@given(st.integers(0, 10**15), st.integers(1, 50), st.integers(1, 12))
def test_full_years_are_equal(cost: int, life_years: int, month: int) -> None:
    full = list(depreciation_plan(cost + 10**6, life_years, 2026, month).values())[1:-1]
    assert len(set(full)) <= 1
