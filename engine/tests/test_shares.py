"""Rule 7, planned shares and monthly instalments. The worked tables are those of docs/algorithms/shares.md."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import AllocationError, allocate
from engine.shares import YEAR, rest_part, split_amounts, sum_vat
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
    assert [rest_part(10_000_003, 0, YEAR, month) for month in YEAR] == [833_334] * 7 + [833_333] * 5
    assert [rest_part(-25, 0, YEAR, month) for month in YEAR] == [-3] + [-2] * 11


def test_a_year_that_was_raised_when_five_months_were_invoiced_is_billed_in_full_over_the_seven_left() -> None:
    left = YEAR[5:]
    parts = [rest_part(13_000_000, 5 * 833_334, left, month) for month in left]
    assert parts == [1_261_905] * 2 + [1_261_904] * 5
    assert sum(parts) + 5 * 833_334 == 13_000_000


def test_a_year_that_fell_below_what_is_invoiced_is_paid_back_over_the_months_left() -> None:
    assert [rest_part(100, 401, (11, 12), month) for month in (11, 12)] == [-151, -150]


def test_vat_is_rounded_once_for_each_rate() -> None:
    assert sum_vat([(1, Decimal(25)), (1, Decimal("25.00"))]) == 1
    assert sum_vat([(1_002, Decimal(25)), (-100, Decimal(25)), (1_010, Decimal(6)), (999, 0)]) == 226 + 61
    assert sum_vat([]) == 0


@pytest.mark.parametrize("month", [0, 13, -1, 3])
def test_month_that_is_not_left_is_refused(month: int) -> None:
    with pytest.raises(ValueError, match="month"):
        rest_part(100, 0, (4, 5, 12), month)


def test_key_without_weights_is_refused() -> None:
    with pytest.raises(AllocationError):
        split_amounts((1, 1, 1), [])


@given(YEARS, WEIGHTS)
def test_customers_add_up_to_the_product_each_year(amounts: Amounts, weights: list[Decimal]) -> None:
    parts = split_amounts(amounts, weights)
    assert tuple(sum(part[year] for part in parts) for year in range(3)) == amounts
    assert all(part == (0, 0, 0) for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(AMOUNTS, AMOUNTS, st.sets(st.sampled_from(YEAR), min_size=1).map(sorted))
def test_a_month_is_its_part_of_the_rest_by_allocate(year_ore: int, invoiced: int, left: list[int]) -> None:
    months = [rest_part(year_ore, invoiced, left, month) for month in left]
    assert months == allocate(year_ore - invoiced, [1] * len(left))


@given(AMOUNTS, st.lists(AMOUNTS, max_size=2), st.permutations(YEAR))
def test_months_billed_in_any_order_and_from_any_revision_add_up_to_the_last_one(
    year_ore: int, revisions: list[int], order: list[int]
) -> None:
    amounts, invoiced = [year_ore, *revisions], 0
    for place, month in enumerate(order):
        latest = amounts[min(place // 4, len(amounts) - 1)]
        invoiced += rest_part(latest, invoiced, sorted(order[place:]), month)
    assert invoiced == amounts[-1]


@given(AMOUNTS, st.permutations(YEAR))
def test_the_order_of_billing_changes_no_month(year_ore: int, order: list[int]) -> None:
    invoiced, billed = 0, {}
    for place, month in enumerate(order):
        billed[month] = rest_part(year_ore, invoiced, sorted(order[place:]), month)
        invoiced += billed[month]
    assert [billed[month] for month in YEAR] == allocate(year_ore, [1] * len(YEAR))


@given(st.lists(AMOUNTS, min_size=1, max_size=6), WEIGHTS)
def test_twelve_months_of_all_customers_are_the_budget_by_product_and_customer(
    revenues: list[int], weights: list[Decimal]
) -> None:
    planned = {product: split_amounts((revenue, 0, 0), weights) for product, revenue in enumerate(revenues)}
    invoiced = {
        (product, customer): sum(rest_part(part[0], 0, YEAR, month) for month in YEAR)
        for product, parts in planned.items()
        for customer, part in enumerate(parts)
    }
    for product, revenue in enumerate(revenues):
        assert sum(invoiced[product, customer] for customer in range(len(weights))) - revenue == 0
    for customer in range(len(weights)):
        expected = sum(parts[customer][0] for parts in planned.values())
        assert sum(invoiced[product, customer] for product in planned) - expected == 0
    assert sum(invoiced.values()) == sum(revenues)
