"""Rule 8, the borrowing framework. The worked table is that of docs/algorithms/loans.md."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.framework import (
    CouncilDecision,
    Framework,
    Membership,
    framework_at,
    gained_force_on,
    headroom,
    in_force_from,
    last_day_of_appeal,
    members_on,
)
from engine.working_days import next_working_day

COUNCILS = ("Boxholm", "Vimmerby", "Ydre", "Åtvidaberg", "Ödeshög")
MEMBERS = [Membership(name, None, None) for name in COUNCILS]
# council, notice, last day of appeal, legal force
WORKED = [
    ("Boxholm", date(2026, 4, 28), date(2026, 5, 19), date(2026, 5, 20)),
    ("Vimmerby", date(2026, 5, 29), date(2026, 6, 22), date(2026, 6, 23)),
    ("Ydre", date(2026, 4, 30), date(2026, 5, 21), date(2026, 5, 22)),
    ("Åtvidaberg", date(2026, 5, 23), date(2026, 6, 15), date(2026, 6, 16)),
    ("Ödeshög", date(2026, 4, 23), date(2026, 5, 15), date(2026, 5, 16)),
]
DECISIONS = [CouncilDecision(council, notice, None) for council, notice, _appeal, _force in WORKED]
IN_FORCE = date(2026, 6, 23)
DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))
MAYBE = st.none() | DATES


@pytest.mark.parametrize(("council", "notice", "appeal", "force"), WORKED)
def test_a_decision_gains_force_the_day_after_the_last_day_of_appeal(
    council: str, notice: date, appeal: date, force: date
) -> None:
    assert last_day_of_appeal(notice) == appeal
    assert gained_force_on(CouncilDecision(council, notice, None)) == force


def test_an_entered_date_of_force_counts_before_the_computed_one() -> None:
    assert gained_force_on(CouncilDecision("Ydre", date(2026, 5, 5), date(2026, 6, 30))) == date(2026, 6, 30)
    assert gained_force_on(CouncilDecision("Ydre", None, None)) is None


def test_an_appealed_decision_counts_only_by_an_entered_day() -> None:
    assert gained_force_on(CouncilDecision("Ydre", date(2026, 5, 5), None, is_appealed=True)) is None
    assert gained_force_on(CouncilDecision("Ydre", date(2026, 5, 5), IN_FORCE, is_appealed=True)) == IN_FORCE
    appealed = [decision._replace(is_appealed=decision.municipality == "Ydre") for decision in DECISIONS]
    assert in_force_from(appealed, MEMBERS) is None


def test_a_framework_is_in_force_with_the_last_council() -> None:
    assert in_force_from(DECISIONS, MEMBERS) == IN_FORCE


def test_a_framework_is_not_in_force_while_a_council_is_missing() -> None:
    assert in_force_from(DECISIONS[:-1], MEMBERS) is None
    assert in_force_from([*DECISIONS[:-1], CouncilDecision("Ödeshög", None, None)], MEMBERS) is None
    assert in_force_from([], []) is None


def test_a_member_to_come_is_no_condition_and_its_joining_ends_no_framework() -> None:
    joining = Membership("Tranås", date(2028, 1, 1), None)
    assert in_force_from(DECISIONS, [*MEMBERS, joining]) == IN_FORCE
    assert in_force_from(DECISIONS[:-1], [*MEMBERS, joining]) is None


def test_who_is_a_member_when_the_last_council_decides_is_a_condition() -> None:
    assert in_force_from(DECISIONS, [*MEMBERS, Membership("Tranås", date(2026, 6, 1), None)]) is None


def test_a_member_is_a_condition_until_it_has_left() -> None:
    kinda = Membership("Kinda", None, date(2026, 12, 31))
    assert in_force_from(DECISIONS, [*MEMBERS, kinda]) == date(2027, 1, 1)
    assert in_force_from(DECISIONS, [*MEMBERS, kinda._replace(to_on=date(2024, 12, 31))]) == IN_FORCE
    decided = [*DECISIONS, CouncilDecision("Kinda", date(2026, 9, 1), None)]
    assert in_force_from(decided, [*MEMBERS, kinda]) == date(2026, 9, 23)


def test_the_first_and_the_last_day_are_of_the_membership() -> None:
    row = Membership("Kinda", date(2020, 1, 1), date(2024, 12, 31))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    assert [members_on([row], day) for day in days] == [[], ["Kinda"], ["Kinda"], []]


def test_the_old_framework_applies_until_the_new_one_is_in_force() -> None:
    frameworks = [
        Framework(13_000_000_000, in_force_from(DECISIONS, MEMBERS)),
        Framework(8_000_000_000, date(2025, 3, 1)),
        Framework(99_000_000_000, None),
    ]
    assert framework_at(frameworks, date(2026, 6, 22)) == 8_000_000_000
    assert framework_at(frameworks, date(2026, 6, 23)) == 13_000_000_000
    assert framework_at(frameworks, date(2025, 2, 28)) is None


def test_headroom_is_negative_when_broken_and_unknown_without_a_framework() -> None:
    assert headroom(8_000_000_000, 6_763_400_000) == 1_236_600_000
    assert headroom(5, 7) == -2
    assert headroom(None, 7) is None


@given(st.lists(DATES, min_size=5, max_size=5), st.permutations(range(5)))
def test_a_framework_is_in_force_only_after_the_last_council(days: list[date], order: list[int]) -> None:
    decisions = [CouncilDecision(council, day, None) for council, day in zip(COUNCILS, days, strict=True)]
    start = in_force_from([decisions[index] for index in order], MEMBERS)
    assert start == next_working_day(max(days) + timedelta(days=21)) + timedelta(days=1)
    assert framework_at([Framework(1, start)], start - timedelta(days=1)) is None
    assert framework_at([Framework(1, start)], start) == 1


@given(st.lists(st.tuples(MAYBE, MAYBE, MAYBE), min_size=1, max_size=5))
def test_a_framework_is_in_force_on_the_first_day_that_every_member_of_that_day_has_decided(
    rows: list[tuple[date | None, date | None, date | None]],
) -> None:
    decisions = [CouncilDecision(str(place), None, force) for place, (force, _from, _to) in enumerate(rows)]
    members = [Membership(str(place), since, until) for place, (_force, since, until) in enumerate(rows)]
    gained = {decision.municipality: decision.legal_force_on for decision in decisions}

    def is_whole(day: date) -> bool:
        councils = [gained[name] for name in members_on(members, day)]
        return bool(councils) and all(force is not None and force <= day for force in councils)

    first, last = date(2023, 12, 31), date(2031, 1, 2)
    expected = next(
        (day for day in (first + timedelta(days=n) for n in range((last - first).days)) if is_whole(day)), None
    )
    assert in_force_from(decisions, members) == expected
