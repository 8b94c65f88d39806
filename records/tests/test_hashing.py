"""Hashes of history: one form for each value, and every change is found at its event."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from records.chain.hashing import (
    MARK_BYTES,
    START,
    PartHasher,
    canonical_json,
    find_first_difference,
    hash_day,
    hash_event,
    join_runs,
    split_runs,
    write_value,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
Numbered = tuple[int, list[str | None]]
ROWS = st.lists(st.lists(st.none() | st.text(), min_size=2, max_size=2), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [None, True]}, '{"a":[null,true],"b":1}'),
        ("å “x”\n", '"å “x”\\n"'),
        (Decimal("1.5000"), '"1.5"'),
        (Decimal("100"), '"100"'),
        (Decimal("-0.00"), '"0"'),
        (Decimal("1E+3"), '"1000"'),
        (date(2026, 11, 22), '"2026-11-22"'),
        (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), '"2026-11-22T09:00:00.000000Z"'),
        (datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=1))), '"2026-11-22T09:00:00.000000Z"'),
        (UUID(int=10), '"00000000-0000-0000-0000-00000000000a"'),
    ],
)
def test_value_has_one_form(value: object, written: str) -> None:
    assert canonical_json(value) == written


@pytest.mark.parametrize("value", [1.5, float("nan"), Decimal("NaN"), {1: "x"}, b"x", datetime(2026, 1, 1), object()])  # noqa: DTZ001
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@given(VALUES)
def test_order_of_keys_makes_no_difference(value: object) -> None:
    def turn(part: object) -> object:
        if isinstance(part, dict):
            return {key: turn(part[key]) for key in reversed(list(part))}
        return [turn(item) for item in part] if isinstance(part, list) else part

    assert canonical_json(turn(value)) == canonical_json(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers(0, 6))
def test_zeros_at_the_end_of_a_number_make_no_difference(value: Decimal, zeros: int) -> None:
    assume(abs(value) < 10**15)
    longer = Decimal(f"{value:f}" + "0" * zeros)
    assert write_value(longer) == write_value(value)
    assert Decimal(write_value(value)) == value


@given(st.lists(st.integers(-50, 50), unique=True))
def test_runs_hold_the_same_numbers(numbers: list[int]) -> None:
    assert list(split_runs(join_runs(sorted(numbers)))) == sorted(numbers)


def part_of(rows: list[tuple[int, list[str | None]]], *, after: int = 0, last: int = 99) -> str:
    hasher = PartHasher("lines", ["a", "b"], after)
    for number, values in rows:
        hasher.add(number, values)
    return hasher.finish(last)


@given(ROWS, st.data())
def test_every_change_of_a_part_changes_its_hash_and_is_found(
    rows: list[list[str | None]], data: st.DataObject
) -> None:
    sealed: list[Numbered] = list(enumerate(rows, start=1))
    place = data.draw(st.integers(0, len(rows) - 1))
    number = place + 1
    changes: dict[str, tuple[list[Numbered], int]] = {
        "removed": (sealed[:place] + sealed[place + 1 :], number),
        "altered": (sealed[:place] + [(number, [*sealed[place][1], "x"])] + sealed[place + 1 :], number),
        "added": ([*sealed, (len(rows) + 1, ["x", "y"])], len(rows) + 1),
    }
    marks = [(n, hash_event(values)[:MARK_BYTES]) for n, values in sealed]
    assert find_first_difference(marks, marks) is None
    for what, (changed, where) in changes.items():
        found = [(n, hash_event(values)[:MARK_BYTES]) for n, values in changed]
        assert part_of(changed) != part_of(sealed)
        assert find_first_difference(marks, found) == (what, where)


def test_range_table_and_columns_are_hashed_too() -> None:
    rows: list[tuple[int, list[str | None]]] = [(1, ["x", None])]
    assert len({part_of(rows), part_of(rows, after=-1), part_of(rows, last=100)}) == 3
    assert PartHasher("lines", ["a", "b"], 0).finish(1) != PartHasher("lines", ["b", "a"], 0).finish(1)
    assert PartHasher("lines", ["a"], 0).finish(1) != PartHasher("other", ["a"], 0).finish(1)
    assert hash_event(["1", None]) != hash_event(["1", "None"])


def test_day_follows_the_one_before() -> None:
    first = hash_day(START, {"day": date(2026, 11, 22), "tables": {}})
    assert len(first) == 64
    assert hash_day(first, {"day": date(2026, 11, 22), "tables": {}}) != first
    assert hash_day(START, {"tables": {}, "day": date(2026, 11, 22)}) == first
