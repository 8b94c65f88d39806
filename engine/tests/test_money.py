"""Rule 1, money. The worked tables are those of docs/algorithms/money.md."""

from decimal import Decimal
from fractions import Fraction
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import (
    ORE_PER_TKR,
    AllocationError,
    Exact,
    allocate,
    multiply,
    percent,
    round_ore,
    round_to_tkr,
)

AMOUNTS = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(st.integers(0, 10**6) | st.fractions(0, 10**4, max_denominator=997), min_size=1, max_size=30).filter(
    lambda weights: max(weights) > 0
)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Decimal("2.5"), 3),
        (Decimal("-2.49"), -2),
        (Decimal("0.4999999999999999999999999999999999"), 0),
        (7, 7),
    ],
)
def test_halves_are_rounded_away_from_zero(value: Exact, rounded: int) -> None:
    assert round_ore(value) == rounded


def test_a_binary_fraction_is_refused() -> None:
    with pytest.raises(TypeError):
        round_ore(cast(Exact, 0.1))


@pytest.mark.parametrize(("ore", "tkr"), [(50_000, 1), (49_999, 0), (-50_000, -1), (2_048_749_000, 20_487)])
def test_tkr_is_rounded_half_away_from_zero(ore: int, tkr: int) -> None:
    assert round_to_tkr(ore) == tkr


def test_a_shown_total_is_rounded_from_the_true_total() -> None:
    parts = [4_859_200, 2_648_800, 2_648_800]  # 48.592, 26.488 and 26.488 tkr
    assert [round_to_tkr(part) for part in parts] == [49, 26, 26]
    assert round_to_tkr(sum(parts)) == 102


@given(st.lists(AMOUNTS, min_size=1, max_size=30))
def test_a_shown_total_differs_from_shown_parts_by_less_than_rounding_allows(parts: list[int]) -> None:
    difference = round_to_tkr(sum(parts)) - sum(round_to_tkr(part) for part in parts)
    assert 2 * abs(difference) <= len(parts) + 1


@given(AMOUNTS)
def test_rounding_moves_an_amount_by_half_a_tkr_at_most(ore: int) -> None:
    assert 2 * abs(round_to_tkr(ore) * ORE_PER_TKR - ore) <= ORE_PER_TKR
    assert round_to_tkr(-ore) == -round_to_tkr(ore)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10_000, [1, 1, 1], [3_334, 3_333, 3_333]),
        (-10_000, [1, 1, 1], [-3_334, -3_333, -3_333]),
        (100, [Decimal("0.5"), Fraction(1, 4), Fraction(1, 4)], [50, 25, 25]),
        (5, [0, 3, 3, 2], [0, 2, 2, 1]),
        (1, [1, 2], [0, 1]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_an_amount_is_split_by_largest_remainder(total: int, weights: list[Exact], parts: list[int]) -> None:
    assert allocate(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1]])
def test_weights_that_cannot_split_are_refused(weights: list[Exact]) -> None:
    with pytest.raises(AllocationError):
        allocate(100, weights)


@given(AMOUNTS, WEIGHTS)
def test_parts_add_up_to_the_total(total: int, weights: list[Exact]) -> None:
    assert sum(allocate(total, weights)) == total


@given(AMOUNTS, WEIGHTS)
def test_a_part_is_within_one_ore_of_its_share(total: int, weights: list[Exact]) -> None:
    whole = sum(Fraction(weight) for weight in weights)
    for part, weight in zip(allocate(total, weights), weights, strict=True):
        assert abs(part - total * Fraction(weight) / whole) < 1


@given(AMOUNTS, WEIGHTS)
def test_a_negative_total_is_split_as_the_positive(total: int, weights: list[Exact]) -> None:
    assert allocate(-total, weights) == [-part for part in allocate(total, weights)]


@given(AMOUNTS, WEIGHTS)
def test_the_set_of_parts_does_not_depend_on_the_order_of_weights(total: int, weights: list[Exact]) -> None:
    assert sorted(allocate(total, weights)) == sorted(allocate(total, weights[::-1]))


@given(AMOUNTS, WEIGHTS, st.integers(1, 1000))
def test_only_the_proportions_of_weights_matter(total: int, weights: list[Exact], factor: int) -> None:
    assert allocate(total, weights) == allocate(total, [Fraction(weight) * factor for weight in weights])


def test_a_percentage_has_one_decimal() -> None:
    assert percent(-3_000, 113_073) == Decimal("-2.7")
    assert str(percent(0, 5)) == "0.0"
    assert str(percent(1, 8)) == "12.5"
    assert str(percent(1, 2_000)) == "0.1"
    assert percent(1, 0) is None


def test_quantity_times_price_is_rounded_once() -> None:
    assert multiply(Decimal("2.5"), 333) == 833
    assert multiply(Decimal("0.0001"), 4_999) == 0
    assert multiply(-3, 1_050) == -3_150
