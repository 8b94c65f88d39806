"""Rule 2, years and index. The worked tables are those of docs/algorithms/years.md."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.indexing import Rate, find_index
from engine.years import PLAN_LENGTH, copy_forward, plan_years

ORE = st.integers(-(10**15), 10**15)
RATES = [
    Rate("personnel", 2029, date(2025, 10, 1), Decimal("2.5")),
    Rate("personnel", 2029, date(2026, 3, 1), Decimal(3)),
    Rate("personnel", 2029, date(2026, 9, 1), Decimal("3.5")),
    Rate("personnel", 2030, date(2025, 1, 1), Decimal(9)),
    Rate("direct_cost", 2029, date(2025, 1, 1), Decimal(2)),
]


def test_a_budget_has_a_fiscal_year_and_two_plan_years() -> None:
    assert plan_years(2026) == (2026, 2027, 2028)
    assert len(plan_years(2026)) == PLAN_LENGTH


def test_copy_forward_takes_the_plan_years_and_indexes_the_last() -> None:
    director = (158_560_000, 163_300_000, 168_249_000)
    assert copy_forward(director, Decimal("1.03")) == (163_300_000, 168_249_000, 173_296_470)


def test_copy_forward_rounds_the_last_year_once() -> None:
    assert copy_forward((0, 0, 50), Decimal("1.03")) == (0, 50, 52)
    assert copy_forward((0, 0, -50), Decimal("1.03")) == (0, -50, -52)


@given(ORE, ORE, ORE)
def test_without_an_index_the_last_year_is_repeated(first: int, second: int, third: int) -> None:
    assert copy_forward((first, second, third), Fraction(1)) == (second, third, third)


def test_the_latest_rate_valid_on_the_day_counts() -> None:
    assert find_index(RATES, "personnel", 2029, date(2026, 8, 31)) == Fraction(103, 100)
    assert find_index(RATES, "personnel", 2029, date(2026, 9, 1)) == Fraction(1035, 1000)
    assert find_index(RATES[::-1], "personnel", 2029, date(2026, 8, 31)) == Fraction(103, 100)


def test_without_a_valid_rate_nothing_is_indexed() -> None:
    assert find_index(RATES, "personnel", 2029, date(2025, 9, 30)) == 1
    assert find_index(RATES, "interest", 2029, date(2026, 9, 1)) == 1
    assert find_index([], "personnel", 2029, date(2026, 9, 1)) == 1
