"""The days on which a time limit may end (law 1930:173)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.working_days import find_easter, is_working_day, next_working_day

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(("year", "easter"), [
    (2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)),
    (2038, date(2038, 4, 25)), (2049, date(2049, 4, 18)), (2076, date(2076, 4, 19)),
])  # fmt: skip
def test_easter_is_the_almanacs(year: int, easter: date) -> None:
    assert find_easter(year) == easter


@pytest.mark.parametrize("day", [
    date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14),
    date(2025, 6, 6), date(2026, 6, 19), date(2026, 6, 20), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31),
    date(2026, 11, 28), date(2026, 11, 29), date(2026, 5, 24), date(2026, 10, 31),
])  # fmt: skip
def test_no_time_limit_ends_on_a_weekend_a_holiday_or_one_of_three_eves(day: date) -> None:
    assert not is_working_day(day)
    assert next_working_day(day) > day


@pytest.mark.parametrize("day", [date(2026, 4, 2), date(2026, 5, 15), date(2026, 6, 22), date(2026, 12, 23)])
def test_a_time_limit_may_end_on_any_other_weekday(day: date) -> None:
    assert next_working_day(day) == day


@given(DAYS)
def test_the_next_working_day_is_the_first_one_and_at_most_five_days_away(day: date) -> None:
    found = next_working_day(day)
    assert is_working_day(found) and timedelta(0) <= found - day <= timedelta(days=5)
    assert not any(is_working_day(day + timedelta(days=step)) for step in range((found - day).days))
