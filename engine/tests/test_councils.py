"""Rule 8, a framework's way through the councils. The worked table is that of docs/algorithms/councils.md."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.councils import Wait, Way, earliest_in_force, expect, find_out_of_order, find_wait, latest_notice, list_last
from engine.framework import (
    CouncilDecision,
    Membership,
    gained_force_on,
    in_force_from,
    is_guarantee_old,
    last_day_of_appeal,
)

SENT, TODAY = date(2026, 4, 2), date(2026, 5, 12)
WAYS = {
    "Ödeshög": Way(SENT, decided_on=date(2026, 4, 20), announced_on=date(2026, 4, 23), needs_signature=True, signed_on=date(2026, 5, 6)),
    "Boxholm": Way(SENT, decided_on=date(2026, 4, 27), announced_on=date(2026, 4, 28), needs_signature=True, signed_on=date(2026, 5, 7)),
    "Ydre": Way(SENT, decided_on=date(2026, 4, 27), announced_on=date(2026, 4, 30), needs_signature=True),
    "Åtvidaberg": Way(SENT, planned_on=date(2026, 5, 20), planned_notice_on=date(2026, 5, 23), needs_signature=True),
    "Vimmerby": Way(SENT, planned_on=date(2026, 5, 25), planned_notice_on=date(2026, 5, 29), needs_signature=True),
}  # fmt: skip
# council, legal force as known or planned, what it waits for
WORKED = [
    ("Ödeshög", date(2026, 5, 16), Wait.APPEAL_TIME),
    ("Boxholm", date(2026, 5, 20), Wait.APPEAL_TIME),
    ("Ydre", date(2026, 5, 22), Wait.SIGNATURE),
    ("Åtvidaberg", date(2026, 6, 16), Wait.DECISION),
    ("Vimmerby", date(2026, 6, 23), Wait.DECISION),
]
MEMBERS = [Membership(name, None, None) for name in WAYS]
DATES = st.dates(date(2025, 1, 1), date(2028, 12, 31))
MAYBE = st.none() | DATES
ANY_WAY = st.builds(Way, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, st.booleans(), MAYBE, st.booleans(), MAYBE)


@pytest.mark.parametrize(("council", "force", "wait"), WORKED)
def test_each_council_has_a_day_and_something_next(council: str, force: date, wait: Wait) -> None:
    assert expect(WAYS[council], TODAY).force_on == force
    assert find_wait(WAYS[council], TODAY) == wait


def test_the_last_council_decides_the_day_and_a_later_notice_moves_it() -> None:
    earliest = earliest_in_force(WAYS, MEMBERS, TODAY)
    assert earliest == date(2026, 6, 23)
    assert list_last({name: expect(way, TODAY).force_on for name, way in WAYS.items()}, earliest) == ["Vimmerby"]
    assert latest_notice(earliest) == date(2026, 6, 1)
    moved = {**WAYS, "Vimmerby": WAYS["Vimmerby"]._replace(planned_notice_on=date(2026, 6, 2))}
    assert earliest_in_force(moved, MEMBERS, TODAY) == date(2026, 6, 24)


def test_a_plan_that_has_passed_is_late_and_can_be_kept_today_at_the_earliest() -> None:
    late = date(2026, 6, 1)
    assert find_wait(WAYS["Vimmerby"], late) == Wait.LATE_DECISION
    assert expect(WAYS["Vimmerby"], late).decided_on == late == expect(WAYS["Vimmerby"], late).announced_on


def test_nothing_is_expected_without_a_plan_or_of_an_appealed_decision() -> None:
    assert earliest_in_force({**WAYS, "Ydre": Way(SENT)}, MEMBERS, TODAY) is None
    appealed = WAYS["Ydre"]._replace(is_appealed=True)
    assert expect(appealed, TODAY).force_on is None and find_wait(appealed, TODAY) == Wait.COURT
    assert find_wait(Way(), TODAY) == Wait.SENDING
    assert find_wait(Way(SENT, decided_on=SENT), TODAY) == Wait.NOTICE
    ended = WAYS["Boxholm"]
    assert (
        find_wait(ended, date(2026, 5, 19)) == Wait.APPEAL_TIME and find_wait(ended, date(2026, 5, 20)) == Wait.NOTHING
    )


def test_a_member_that_joins_later_is_no_condition() -> None:
    joined = [*MEMBERS, Membership("Kinda", date(2028, 1, 1), None)]
    assert earliest_in_force(WAYS, joined, TODAY) == date(2026, 6, 23)


def test_days_that_run_backwards_are_named() -> None:
    assert find_out_of_order([("a", date(2026, 1, 2)), ("b", None), ("c", date(2026, 1, 1))]) == "c"
    assert find_out_of_order([("a", None), ("b", date(2026, 1, 1)), ("c", date(2026, 1, 1))]) is None


@pytest.mark.parametrize(
    ("raised", "is_old"), [(date(2035, 2, 24), False), (date(2035, 2, 25), True), (date(2026, 1, 1), False)]
)
def test_a_guarantee_is_old_after_ten_years(raised: date, is_old: bool) -> None:
    assert is_guarantee_old(date(2025, 2, 24), raised) == is_old
    assert not is_guarantee_old(date(2024, 2, 29), date(2034, 2, 28)) and is_guarantee_old(
        date(2024, 2, 29), date(2034, 3, 1)
    )


@given(ANY_WAY, DATES)
def test_what_is_known_is_expected_as_it_is_and_what_is_not_is_no_earlier_than_today(way: Way, on: date) -> None:
    found = expect(way, on)
    assert way.decided_on is None or found.decided_on == way.decided_on
    assert way.announced_on is None or found.announced_on == way.announced_on
    if not way.has_decided and found.decided_on is not None:
        assert found.decided_on >= on and found.decided_on >= (way.planned_on or on)
    known = gained_force_on(CouncilDecision("", way.announced_on, way.legal_force_on, way.is_appealed))
    assert known is None or found.force_on == known


@given(ANY_WAY, DATES)
def test_nothing_waits_exactly_when_it_is_in_force_and_signed(way: Way, on: date) -> None:
    force = gained_force_on(CouncilDecision("", way.announced_on, way.legal_force_on, way.is_appealed))
    is_done = force is not None and force <= on and (not way.needs_signature or way.signed_on is not None)
    assert (find_wait(way, on) == Wait.NOTHING) == is_done


@given(st.dictionaries(st.sampled_from(sorted(WAYS)), ANY_WAY), DATES)
def test_when_all_days_are_known_the_earliest_is_when_it_is_in_force(ways: dict[str, Way], on: date) -> None:
    decisions = [
        CouncilDecision(key, way.announced_on, way.legal_force_on, way.is_appealed) for key, way in ways.items()
    ]
    known = in_force_from(decisions, MEMBERS)
    assert known is None or earliest_in_force(ways, MEMBERS, on) == known


@given(DATES)
def test_the_latest_notice_keeps_the_day_and_one_more_day_does_not(notice: date) -> None:
    force = last_day_of_appeal(notice) + timedelta(days=1)
    last = latest_notice(force)
    assert last >= notice and last_day_of_appeal(last) + timedelta(days=1) == force
    assert last_day_of_appeal(last + timedelta(days=1)) + timedelta(days=1) > force
