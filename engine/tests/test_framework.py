"""Rule 8, the borrowing framework. The worked table is that of docs/algorithms/loans.md."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.framework import CouncilDecision, Framework, framework_at, gained_force_on, headroom, in_force_from

COUNCILS = ("Boxholm", "Vimmerby", "Ydre", "Åtvidaberg", "Ödeshög")
DECISIONS = [
    CouncilDecision("Boxholm", date(2026, 4, 28), None),
    CouncilDecision("Vimmerby", date(2026, 5, 26), None),
    CouncilDecision("Ydre", date(2026, 5, 5), date(2026, 6, 30)),
    CouncilDecision("Åtvidaberg", date(2026, 4, 30), None),
    CouncilDecision("Ödeshög", None, date(2026, 6, 1)),
]
DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def test_a_decision_gains_force_three_weeks_after_it_is_announced() -> None:
    assert gained_force_on(DECISIONS[0]) == date(2026, 5, 19)


def test_an_entered_date_of_force_counts_before_the_computed_one() -> None:
    assert gained_force_on(DECISIONS[2]) == date(2026, 6, 30)
    assert gained_force_on(CouncilDecision("Ydre", None, None)) is None


def test_a_framework_is_in_force_with_the_last_council() -> None:
    assert in_force_from(DECISIONS, COUNCILS) == date(2026, 6, 30)


def test_a_framework_is_not_in_force_while_a_council_is_missing() -> None:
    assert in_force_from(DECISIONS[:-1], COUNCILS) is None
    assert in_force_from([*DECISIONS[:-1], CouncilDecision("Ödeshög", None, None)], COUNCILS) is None
    assert in_force_from([], []) is None


def test_a_former_members_decision_does_not_count() -> None:
    assert in_force_from([*DECISIONS, CouncilDecision("Kinda", date(2027, 1, 1), None)], COUNCILS) == date(2026, 6, 30)


def test_the_old_framework_applies_until_the_new_one_is_in_force() -> None:
    frameworks = [
        Framework(13_000_000_000, in_force_from(DECISIONS, COUNCILS)),
        Framework(8_000_000_000, date(2025, 3, 1)),
        Framework(99_000_000_000, None),
    ]
    assert framework_at(frameworks, date(2026, 6, 29)) == 8_000_000_000
    assert framework_at(frameworks, date(2026, 6, 30)) == 13_000_000_000
    assert framework_at(frameworks, date(2025, 2, 28)) is None


def test_headroom_is_negative_when_broken_and_unknown_without_a_framework() -> None:
    assert headroom(8_000_000_000, 6_763_400_000) == 1_236_600_000
    assert headroom(5, 7) == -2
    assert headroom(None, 7) is None


@given(st.lists(DATES, min_size=5, max_size=5), st.permutations(range(5)))
def test_a_framework_is_in_force_only_after_the_last_council(days: list[date], order: list[int]) -> None:
    decisions = [CouncilDecision(council, day, None) for council, day in zip(COUNCILS, days, strict=True)]
    start = in_force_from([decisions[index] for index in order], COUNCILS)
    assert start == max(days) + timedelta(days=21)
    assert framework_at([Framework(1, start)], start - timedelta(days=1)) is None
    assert framework_at([Framework(1, start)], start) == 1
