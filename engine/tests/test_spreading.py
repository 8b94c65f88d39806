"""A new sum spread on lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import AllocationError
from engine.spreading import Spread, spread

ORE = st.integers(-(10**13), 10**13)
LINES = st.lists(ORE, min_size=1, max_size=30)


@given(LINES, ORE, st.sampled_from(Spread))
def test_parts_add_up_to_the_new_sum(amounts: list[int], total: int, how: Spread) -> None:
    if how == Spread.PROPORTION and not any(amounts):
        with pytest.raises(AllocationError):
            spread(amounts, total, how)
        return
    assert sum(spread(amounts, total, how)) == total


@given(LINES, st.sampled_from([Spread.PROPORTION, Spread.CHANGE]))
def test_same_sum_changes_nothing(amounts: list[int], how: Spread) -> None:
    if any(amounts):
        assert spread(amounts, sum(amounts), how) == amounts


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any), st.integers(0, 10**10))
def test_proportion_keeps_each_share_to_the_ore_and_leaves_zero(amounts: list[int], total: int) -> None:
    after = spread(amounts, total, Spread.PROPORTION)
    whole = sum(amounts)
    for before, now in zip(amounts, after, strict=True):
        assert abs(now * whole - total * before) < whole
        assert before or not now


def test_worked_example() -> None:
    assert spread([100_00, 200_00, 0], 330_00, Spread.PROPORTION) == [110_00, 220_00, 0]
    assert spread([100_00, 200_00, 0], 330_00, Spread.CHANGE) == [110_00, 210_00, 10_00]
    assert spread([100_00, 200_00, 0], 100_00, Spread.ALIKE) == [33_34, 33_33, 33_33]
    assert spread([100_00, -50_00], 80_00, Spread.PROPORTION) == [120_00, -40_00]


def test_no_lines_take_no_sum() -> None:
    with pytest.raises(AllocationError):
        spread([], 1, Spread.CHANGE)
