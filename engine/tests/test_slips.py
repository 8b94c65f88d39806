"""Slips of a thousand: the shared table of cases, which the grid's script is held to as well, and properties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.money import MAX_ORE
from engine.slips import is_slip, mend_slip

CASES = json.loads(Path(__file__).with_name("slip_cases.json").read_text())
AMOUNTS = st.integers(-MAX_ORE, MAX_ORE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_slip_of_a_thousand_is_told_from_a_change(case: dict[str, Any]) -> None:
    before, after = case["before"], case["after"]
    assert is_slip(before, after) is case["is_slip"]
    if case["is_slip"]:
        assert mend_slip(before, after) == case["mended"]


@given(AMOUNTS, AMOUNTS)
def test_slip_is_one_in_both_directions_and_whatever_the_signs(before: int, after: int) -> None:
    # A small one that no other unit can hold was meant as it is, which only the way down to it can tell.
    assume(1000 * min(abs(before), abs(after)) <= MAX_ORE)
    assert is_slip(before, after) == is_slip(after, before) == is_slip(-before, after)


@given(st.integers(-MAX_ORE // 2000, MAX_ORE // 2000).filter(bool), st.integers(500, 2000))
def test_every_whole_factor_of_the_band_is_near(before: int, factor: int) -> None:
    assert is_slip(before, before * factor)


@given(st.integers(1, MAX_ORE), st.integers(400, 2500), st.sampled_from([1, -1]), st.booleans())
def test_mended_amount_is_no_slip_and_within_the_limits(small: int, factor: int, sign: int, is_larger: bool) -> None:
    before, after = (small, sign * small * factor) if is_larger else (small * factor, sign * small)
    if is_slip(before, after):
        mended = mend_slip(before, after)
        assert not is_slip(before, mended)
        assert abs(mended) <= MAX_ORE
        assert is_larger == (abs(after) > abs(mended))


@given(AMOUNTS)
def test_zero_is_no_factor(amount: int) -> None:
    assert not is_slip(0, amount)
    assert not is_slip(amount, 0)
