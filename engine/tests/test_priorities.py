"""What a limit pays for, by priority."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.priorities import find_line, fund

amounts = st.lists(st.one_of(st.none(), st.integers(0, 10**9)), max_size=12)


def test_line_falls_before_the_first_that_does_not_fit() -> None:
    rows = fund([("laptops", 1_140), ("switches", 500), ("screens", 400), ("cables", 10)], 1_700)
    assert [(row.item, row.total, row.is_paid) for row in rows] == [
        ("laptops", 1_140, True), ("switches", 1_640, True), ("screens", 2_040, False), ("cables", 2_050, False),
    ]  # fmt: skip
    assert find_line(rows) == 2


def test_what_comes_after_an_unknown_amount_cannot_be_judged_until_the_limit_is_used() -> None:
    rows = fund([("a", 100), ("b", None), ("c", 100), ("d", 900)], 500)
    assert [row.is_paid for row in rows] == [True, None, None, False]


@given(amounts, st.integers(0, 10**10))
def test_what_is_paid_for_fits_and_a_higher_limit_pays_for_no_less(ores: list[int | None], limit: int) -> None:
    rows = fund(enumerate(ores), limit)
    assert sum(row.ore or 0 for row in rows[: find_line(rows)]) <= limit
    assert [row.is_paid is False for row in rows] == sorted(row.is_paid is False for row in rows)
    assert find_line(fund(enumerate(ores), limit + 10**6)) >= find_line(rows)
