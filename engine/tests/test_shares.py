"""Rule 7, planned shares and monthly instalments. The worked tables are those of docs/algorithms/shares.md."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import AllocationError
from engine.shares import MONTHS, month_part, split_amounts, split_year, sum_vat
from engine.years import Amounts

AMOUNTS = st.integers(-(10**15), 10**15)
YEARS = st.tuples(AMOUNTS, AMOUNTS, AMOUNTS)
WEIGHTS = st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=12).filter(any)
INHABITANTS = [5_400, 11_300, 5_250, 15_300, 3_650]


def test_base_grant_and_its_use_of_equity_are_split_in_equal_parts() -> None:
    revision, equity = (50_000_000, 50_000_000, 50_000_000), (-300_000_001, 0, 0)
    assert split_amounts(revision, [1] * 5) == [(10_000_000, 10_000_000, 10_000_000)] * 5
    assert [part[0] for part in split_amounts(equity, [1] * 5)] == [
        -60_000_001,
        -60_000_000,
        -60_000_000,
        -60_000_000,
        -60_000_000,
    ]


def test_product_is_split_by_inhabitants() -> None:
    parts = split_amounts((142_900_000, 144_600_000, 147_500_000), INHABITANTS)
    assert [part[0] for part in parts] == [18_866_993, 39_480_929, 18_342_910, 53_456_479, 12_752_689]
    assert sum(part[0] for part in parts) == 142_900_000


def test_year_falls_into_equal_months_with_what_is_over_first() -> None:
    assert split_year(10_000_003) == [833_334] * 7 + [833_333] * 5
    assert split_year(-25) == [-3] + [-2] * 11
    assert (month_part(10_000_003, 7), month_part(10_000_003, 8)) == (833_334, 833_333)


def test_vat_is_rounded_once_for_each_rate() -> None:
    assert sum_vat([(1, Decimal(25)), (1, Decimal("25.00"))]) == 1
    assert sum_vat([(1_002, Decimal(25)), (-100, Decimal(25)), (1_010, Decimal(6)), (999, 0)]) == 226 + 61
    assert sum_vat([]) == 0


@pytest.mark.parametrize("month", [0, 13, -1])
def test_month_outside_the_year_is_refused(month: int) -> None:
    with pytest.raises(ValueError, match="month"):
        month_part(100, month)


def test_key_without_weights_is_refused() -> None:
    with pytest.raises(AllocationError):
        split_amounts((1, 1, 1), [])


@given(YEARS, WEIGHTS)
def test_customers_add_up_to_the_product_each_year(amounts: Amounts, weights: list[Decimal]) -> None:
    parts = split_amounts(amounts, weights)
    assert tuple(sum(part[year] for part in parts) for year in range(3)) == amounts
    assert all(part == (0, 0, 0) for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(AMOUNTS)
def test_months_add_up_to_the_year_and_differ_by_an_ore_at_most(year_ore: int) -> None:
    months = split_year(year_ore)
    assert len(months) == MONTHS and sum(months) == year_ore
    assert max(months) - min(months) <= 1
    assert [month_part(year_ore, month) for month in range(1, MONTHS + 1)] == months


@given(st.lists(AMOUNTS, min_size=1, max_size=6), WEIGHTS)
def test_twelve_months_of_all_customers_are_the_budget_by_product_and_customer(
    revenues: list[int], weights: list[Decimal]
) -> None:
    planned = {product: split_amounts((revenue, 0, 0), weights) for product, revenue in enumerate(revenues)}
    invoiced = {
        (product, customer): sum(month_part(part[0], month) for month in range(1, MONTHS + 1))
        for product, parts in planned.items()
        for customer, part in enumerate(parts)
    }
    for product, revenue in enumerate(revenues):
        assert sum(invoiced[product, customer] for customer in range(len(weights))) - revenue == 0
    for customer in range(len(weights)):
        expected = sum(parts[customer][0] for parts in planned.values())
        assert sum(invoiced[product, customer] for product in planned) - expected == 0
    assert sum(invoiced.values()) == sum(revenues)
