"""The year clock: days that follow from others (docs/algorithms/year-clock.md)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import (
    StepState,
    accounts_by,
    add_months,
    announce_meeting_by,
    appeal_by,
    count_by_month,
    find_interim_end,
    find_phases,
    find_state,
    interim_by,
    post_minutes_by,
    review_guarantee_by,
)
from engine.working_days import is_working_day

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
TODAY = date(2026, 4, 15)


def test_the_worked_example_of_2026() -> None:
    assert accounts_by(2026) == date(2026, 4, 15)
    assert interim_by(find_interim_end(2026, None)) == date(2026, 10, 31)
    assert announce_meeting_by(date(2026, 6, 11)) == date(2026, 6, 4)
    assert post_minutes_by(date(2026, 6, 11)) == date(2026, 6, 13)
    assert appeal_by(date(2026, 3, 27)) == date(2026, 4, 17)
    assert appeal_by(date(2026, 6, 12)) == date(2026, 7, 3)
    assert review_guarantee_by(date(2016, 2, 29)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("end", "by"),
    [
        (date(2026, 8, 31), date(2026, 10, 31)),
        (date(2026, 6, 30), date(2026, 8, 31)),
        (date(2025, 12, 31), date(2026, 2, 28)),
        (date(2026, 7, 15), date(2026, 9, 15)),
    ],
)
def test_two_months_after_a_period_end_at_the_end_of_a_month(end: date, by: date) -> None:
    assert interim_by(end) == by


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, StepState.LATE), (0, StepState.NEXT), (30, StepState.NEXT), (31, StepState.LATER)],
)
def test_step_is_late_the_day_after_its_day_and_next_within_thirty(days: int, state: StepState) -> None:
    on = TODAY + timedelta(days=days)
    assert find_state(on, is_done=False, today=TODAY) == state
    assert find_state(on, is_done=True, today=TODAY) == StepState.DONE


def test_step_without_a_day_is_never_late() -> None:
    assert find_state(None, is_done=False, today=TODAY) == StepState.UNDATED


@given(noticed=DAYS)
def test_last_day_of_appeal_is_a_working_day_at_least_three_weeks_after_the_notice(noticed: date) -> None:
    by = appeal_by(noticed)
    assert by is not None
    assert is_working_day(by)
    assert by >= noticed + timedelta(days=21)


def test_appealed_decision_has_no_last_day_until_its_legal_force_is_entered() -> None:
    assert appeal_by(date(2026, 3, 27), is_appealed=True) is None
    assert appeal_by(None) is None


@given(day=DAYS, months=st.integers(0, 240))
def test_months_later_is_in_the_month_that_many_later(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months


def test_steps_are_counted_in_their_month_of_the_year_only() -> None:
    days = [(date(2026, 4, 20), "next"), (date(2026, 4, 2), "late"), (date(2027, 4, 2), "later")]
    months = count_by_month(days, 2026)
    assert months[3] == ["late", "next"]
    assert sum(map(len, months)) == 2


def test_phase_runs_from_its_first_step_to_its_last_of_the_year() -> None:
    days = [
        (date(2026, 4, 24), "submit"), (date(2026, 2, 2), "started"), (date(2026, 5, 8), "approve_one"),
        (date(2026, 6, 11), "meeting"), (date(2027, 7, 3), "appeal"), (date(2026, 4, 15), "accounts"),
    ]  # fmt: skip
    assert find_phases(days, 2026) == [("conditions", 2, 2), ("sub_budgets", 4, 5), ("decision", 6, 6)]
