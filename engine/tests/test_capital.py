"""Rule 8: what many assets cost by month is the sum of what each costs, and what products carry is all of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.capital import Owned, carry, depreciate_by_month, sum_years
from engine.depreciation import MONTHS, Asset, Disposal, Impairment, depreciate

FIRST, LAST = 2026, 2037
assets = st.builds(
    Asset,
    cost=st.integers(0, 10**9),
    life_years=st.integers(1, 8),
    year=st.integers(2020, 2030),
    month=st.integers(1, 12),
    residual=st.just(0),
    impairments=st.just(()),
    disposal=st.none(),
)
owned = st.lists(st.builds(Owned, part=st.sampled_from(["computers", "network"]), asset=assets), max_size=8)


@given(owned)
def test_depreciation_of_many_is_the_sum_of_each_month_of_each(rows: list[Owned]) -> None:
    found = depreciate_by_month(rows, FIRST, LAST)
    for part in {row.part for row in rows}:
        courses = [depreciate(row.asset).months for row in rows if row.part == part]
        months = range(FIRST * MONTHS, (LAST + 1) * MONTHS)
        assert found[part] == [sum(course.get(month, 0) for course in courses) for month in months]


@given(st.lists(assets, min_size=1, max_size=8))
def test_all_years_of_a_life_add_up_to_the_cost(rows: list[Asset]) -> None:
    months = depreciate_by_month([Owned("all", asset) for asset in rows], 2019, 2040)["all"]
    assert sum(sum_years(months)) == sum(asset.cost for asset in rows)


def test_120_laptops_from_march_are_depreciated_by_month_over_four_years() -> None:
    laptops = Owned("computers", Asset(cost=120 * 9_500_00, life_years=4, year=2027, month=3))
    months = depreciate_by_month([laptops], 2027, 2031)["computers"]
    assert sum_years(months) == [237_500_00, 285_000_00, 285_000_00, 285_000_00, 47_500_00]
    assert months[:4] == [0, 0, 23_750_00, 23_750_00]


def test_an_asset_that_is_impaired_and_sold_is_depreciated_as_alone() -> None:
    asset = Asset(
        1_234_567_89, 5, 2026, 4, 100_000_00, [Impairment(2028, 6, 400_000_00)], Disposal(2029, 10, 150_000_00)
    )
    months = depreciate_by_month([Owned("a", asset)], 2026, 2031)["a"]
    assert sum_years(months)[:4] == [170_185_18, 226_913_58, 168_002_27, 81_818_19]


def test_a_life_of_no_years_and_a_residual_beyond_the_cost_are_refused() -> None:
    with pytest.raises(ValueError, match="a life of 0 years"):
        depreciate_by_month([Owned("a", Asset(100, 0, 2026))], 2026, 2026)
    with pytest.raises(ValueError, match="residual value"):
        depreciate_by_month([Owned("a", Asset(100, 3, 2026, residual=101))], 2026, 2026)


@given(
    st.tuples(*[st.integers(-(10**9), 10**9)] * 3),
    st.dictionaries(st.integers(1, 20), st.integers(0, 50), min_size=1, max_size=6),
)
def test_products_carry_a_part_whole_or_not_at_all(amounts: tuple[int, int, int], weights: dict[int, int]) -> None:
    carried = carry(amounts, weights)
    if not any(weights.values()):
        assert carried == {}
    else:
        assert tuple(sum(row[year] for row in carried.values()) for year in range(3)) == amounts
        assert all(row == (0, 0, 0) for key, row in carried.items() if not weights[key])
