"""Rule 8, choice of hardware. The worked table is that of docs/algorithms/hardware.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hardware import Choice, buy

choices = st.builds(
    Choice,
    st.sampled_from(["computers", "phones"]),
    st.sampled_from(["Boxholm", "Ydre"]),
    st.integers(1, 10**5),
    st.integers(1, 10**7),
    st.integers(1, 12),
)


def test_ten_laptops_over_four_years_are_three_three_two_and_two() -> None:
    bought = buy([Choice("computers", "Ydre", 10, 9_500_00, 4)], range(2027, 2032))
    assert [(row.year, row.units) for row in bought] == [(2027, 3), (2028, 3), (2029, 2), (2030, 2), (2031, 3)]
    assert bought[0].amount == 28_500_00


@given(choices)
def test_every_unit_is_bought_once_a_life(row: Choice) -> None:
    bought = buy([row], range(2027, 2027 + row.life_years))
    assert sum(each.units for each in bought) == row.units
    assert sum(each.amount for each in bought) == row.units * row.unit_price
    twice = buy([row], range(2027, 2027 + 2 * row.life_years))
    assert sum(each.units for each in twice) == 2 * row.units


@given(st.lists(choices, max_size=5))
def test_rows_add_up_one_by_one(rows: list[Choice]) -> None:
    whole = buy(rows, range(2027, 2030))
    assert whole == [each for row in rows for each in buy([row], range(2027, 2030))]


def test_what_cannot_be_is_refused() -> None:
    for units, price, life in ((0, 1, 1), (1, 0, 1), (1, 1, 0)):
        with pytest.raises(ValueError, match="can't be"):
            buy([Choice("computers", "Ydre", units, price, life)], [2027])
