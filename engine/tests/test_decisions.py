"""Rule 9, decisions, with the worked example of docs/algorithms/decisions.md."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import (
    Condition,
    Standing,
    announce_by,
    find_open,
    find_standing,
    in_force_from,
    is_announced_in_time,
    legal_force_on,
    notice_by,
)

NOTICED = date(2026, 4, 2)
FORCE = date(2026, 4, 24)
COUNCILS = [
    Condition("Boxholm", date(2026, 5, 19)),
    Condition("Vimmerby", date(2026, 6, 16)),
    Condition("Ydre", None),
]
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def stand(on: date, **values: object) -> Standing:
    given_values = {
        "is_planned": False, "needs_force": True, "own": FORCE, "conditions": [], "superseded_from": [], **values
    }  # fmt: skip
    return find_standing(on=on, **given_values)  # type: ignore[arg-type]


def test_decision_gains_legal_force_the_day_after_three_weeks_from_the_notice_or_on_the_day_entered() -> None:
    assert legal_force_on(NOTICED, None) == FORCE
    assert legal_force_on(NOTICED, date(2026, 6, 1)) == date(2026, 6, 1)
    assert legal_force_on(None, None) is None
    assert legal_force_on(NOTICED, None, is_appealed=True) is None
    assert legal_force_on(NOTICED, date(2026, 6, 1), is_appealed=True) == date(2026, 6, 1)


def test_meeting_that_sets_the_budget_is_announced_seven_days_before() -> None:
    assert announce_by(date(2026, 12, 18)) == date(2026, 12, 11)
    assert is_announced_in_time(date(2026, 12, 18), date(2026, 12, 11))
    assert not is_announced_in_time(date(2026, 12, 18), date(2026, 12, 12))


def test_notice_is_up_by_the_second_day_after_the_minutes_are_approved() -> None:
    assert notice_by(date(2026, 3, 31)) == date(2026, 4, 2)


def test_decision_without_conditions_may_be_appealed_until_it_is_in_force() -> None:
    assert stand(FORCE - timedelta(days=1)) == Standing.APPEALABLE
    assert stand(FORCE) == Standing.IN_FORCE
    assert stand(FORCE, own=None) == Standing.UNKNOWN


def test_decision_waits_for_each_council_and_is_in_force_with_the_last() -> None:
    assert stand(date(2026, 7, 1), conditions=COUNCILS) == Standing.WAITS
    assert [found.council for found in find_open(COUNCILS, date(2026, 6, 1))] == ["Vimmerby", "Ydre"]
    met = [*COUNCILS[:2], Condition("Ydre", date(2026, 6, 30))]
    assert in_force_from(FORCE, met) == date(2026, 6, 30)
    assert stand(date(2026, 6, 30), conditions=met) == Standing.IN_FORCE


def test_own_legal_force_need_not_be_known_when_the_conditions_come_after_it() -> None:
    assert in_force_from(None, COUNCILS[:2]) == date(2026, 6, 16)
    assert stand(date(2026, 6, 16), own=None, conditions=COUNCILS[:2]) == Standing.IN_FORCE


def test_decision_is_superseded_only_when_the_later_one_is_in_force() -> None:
    later = date(2026, 9, 1)
    assert stand(later - timedelta(days=1), superseded_from=[None, later]) == Standing.IN_FORCE
    assert stand(later, superseded_from=[None, later]) == Standing.SUPERSEDED


def test_planned_decision_is_planned_and_information_needs_no_force() -> None:
    assert stand(FORCE, is_planned=True, superseded_from=[FORCE]) == Standing.PLANNED
    assert stand(FORCE, needs_force=False, own=None) == Standing.NOTED


@given(own=st.none() | DAYS, days=st.lists(st.none() | DAYS, max_size=6), on=DAYS)
def test_decision_is_in_force_on_a_day_exactly_when_nothing_is_open_and_its_day_has_come(
    own: date | None, days: list[date | None], on: date
) -> None:
    conditions = [Condition(str(number), day) for number, day in enumerate(days)]
    start = in_force_from(own, conditions)
    is_in_force = stand(on, own=own, conditions=conditions) == Standing.IN_FORCE
    assert is_in_force == (start is not None and start <= on)
    assert start is None or not find_open(conditions, start)
