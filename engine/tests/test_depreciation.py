"""Rule 8, depreciation. The worked table is that of docs/algorithms/depreciation.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.depreciation import (
    MONTHS,
    Asset,
    Disposal,
    Impairment,
    count_months,
    depreciate,
    depreciation_plan,
    split_evenly,
    spread,
)
from engine.money import allocate

SYSTEM = Asset(1_234_567_89, 5, 2026, 4, residual=100_000_00)


@st.composite
def assets(draw: st.DrawFn) -> Asset:
    cost, life, month = draw(st.integers(0, 10**13)), draw(st.integers(1, 12)), draw(st.integers(1, 12))
    asset = Asset(cost, life, 2026, month, draw(st.integers(0, cost)))
    start = count_months(2026, month)
    ends = sorted(draw(st.sets(st.integers(start, start + life * MONTHS - 1), max_size=3)))
    impairments: list[Impairment] = []
    for end in ends:
        worth = cost_left(asset._replace(impairments=impairments), end)
        impairments.append(Impairment(end // MONTHS, end % MONTHS + 1, draw(st.integers(0, worth))))
    asset = asset._replace(impairments=impairments)
    if draw(st.booleans()):
        least = ends[-1] + 1 if ends else start
        sold = draw(st.integers(least, start + life * MONTHS + 20))
        asset = asset._replace(disposal=Disposal(sold // MONTHS, sold % MONTHS + 1, draw(st.integers(0, 10**13))))
    return asset


def cost_left(asset: Asset, end: int) -> int:
    """The book value at the end of a month."""
    course = depreciate(asset)
    gone = sum(ore for month, ore in {**course.months}.items() if month <= end)
    return asset.cost - gone - sum(ore for month, ore in course.impairments.items() if month <= end)


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


def test_an_asset_is_impaired_and_sold_to_the_ore() -> None:
    planned = depreciate(SYSTEM)
    assert planned.years == {
        2026: 170_185_18, 2027: 226_913_58, 2028: 226_913_58, 2029: 226_913_58, 2030: 226_913_58, 2031: 56_728_39,
    }  # fmt: skip
    assert planned.book_value == 100_000_00
    sold = SYSTEM._replace(impairments=[Impairment(2028, 6, 400_000_00)], disposal=Disposal(2029, 10, 150_000_00))
    course = depreciate(sold)
    assert course.years == {2026: 170_185_18, 2027: 226_913_58, 2028: 168_002_27, 2029: 81_818_19}
    assert course.impaired == {2028: 324_012_31}
    assert [cost_left(sold, count_months(year, 12)) for year in (2026, 2027, 2028)] == [
        1_064_382_71, 837_469_13, 345_454_55,
    ]  # fmt: skip
    assert (course.book_value, course.result_of_sale) == (263_636_36, -113_636_36)
    first_half = [course.months[count_months(2028, month)] for month in range(1, 7)]
    assert (first_half, course.months[count_months(2028, 7)]) == ([18_909_47] * 6, 9_090_91)
    assert SYSTEM.cost == sum(course.years.values()) + 324_012_31 + course.book_value


def test_an_asset_that_is_worth_less_than_its_residual_value_is_not_depreciated_any_more() -> None:
    course = depreciate(SYSTEM._replace(impairments=[Impairment(2027, 12, 60_000_00)]))
    assert (course.years[2028], course.book_value) == (0, 60_000_00)


@pytest.mark.parametrize(
    "asset",
    [
        SYSTEM._replace(residual=-1),
        SYSTEM._replace(residual=SYSTEM.cost + 1),
        SYSTEM._replace(disposal=Disposal(2026, 3, 0)),
        SYSTEM._replace(disposal=Disposal(2027, 13, 0)),
        SYSTEM._replace(impairments=[Impairment(2026, 3, 0)]),
        SYSTEM._replace(impairments=[Impairment(2031, 4, 0)]),
        SYSTEM._replace(impairments=[Impairment(2028, 6, 900_000_00)]),
        SYSTEM._replace(impairments=[Impairment(2028, 6, 2), Impairment(2028, 5, 1)]),
        SYSTEM._replace(impairments=[Impairment(2028, 6, 2)], disposal=Disposal(2028, 6, 1)),
    ],
)
def test_what_cannot_happen_to_an_asset_is_refused(asset: Asset) -> None:
    with pytest.raises(ValueError):
        depreciate(asset)


@given(assets())
def test_cost_is_depreciation_impairment_and_what_is_left(asset: Asset) -> None:
    course = depreciate(asset)
    assert asset.cost == sum(course.months.values()) + sum(course.impairments.values()) + course.book_value
    assert min([*course.months.values(), *course.impairments.values(), course.book_value], default=0) >= 0
    assert sum(course.years.values()) == sum(course.months.values())


@given(assets())
def test_months_of_an_untouched_asset_are_parts_of_its_years_by_allocate(asset: Asset) -> None:
    untouched = depreciate(asset._replace(impairments=(), disposal=None))
    assert untouched.years == depreciation_plan(asset.cost - asset.residual, asset.life_years, asset.year, asset.month)
    for year, ore in untouched.years.items():
        months = [part for month, part in untouched.months.items() if month // MONTHS == year]
        assert months == allocate(ore, [1] * len(months))


@given(st.integers(0, 10**15), st.integers(1, 60))
def test_even_parts_are_those_of_allocate(amount: int, count: int) -> None:
    assert split_evenly(amount, count) == allocate(amount, [1] * count)
