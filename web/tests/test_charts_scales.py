"""Where things lie in a chart: ticks, stacked parts, places, lines of a label and texts that make room for each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.charts.letters import measure, spread, wrap
from web.charts.scales import Scale, cover, fit_bands, list_ticks, stack

AMOUNTS = st.integers(-(10**15), 10**15)
WORDS = st.text("aåmWil Ö-/7", max_size=60)


@given(st.lists(AMOUNTS), st.integers(1, 9), st.sampled_from([1, 100, 100_000]))
def test_ticks_are_round_evenly_apart_and_cover_the_data(amounts: list[int], at_most: int, least: int) -> None:
    low, high = cover(amounts)
    ticks = list_ticks(low, high, at_most=at_most, least=least)
    (step,) = {after - before for before, after in pairwise(ticks)}
    assert str(step // least).rstrip("0") in {"1", "2", "5"}
    assert step % least == 0
    assert all(tick % step == 0 for tick in ticks)
    assert ticks[0] <= low < high <= ticks[-1]
    assert 0 in ticks
    assert ticks[1] > low
    assert ticks[-2] < high
    assert len(ticks) <= at_most + 2


def test_ticks_of_the_debt_are_whole_tens_of_millions() -> None:
    assert list_ticks(0, 77_321) == [0, 20_000, 40_000, 60_000, 80_000]


@given(st.lists(AMOUNTS))
def test_stacked_parts_touch_and_add_up_on_each_side_of_zero(amounts: list[int]) -> None:
    parts = stack(amounts)
    assert [end - start for start, end in parts] == amounts
    for side in (
        [part for part, amount in zip(parts, amounts, strict=True) if amount >= 0],
        [part for part, amount in zip(parts, amounts, strict=True) if amount < 0],
    ):
        assert all(before[1] == after[0] for before, after in pairwise(side))
        assert not side or side[0][0] == 0
    ends = [end for _start, end in parts]
    assert max([0, *ends]) == sum(amount for amount in amounts if amount > 0)
    assert min([0, *ends]) == sum(amount for amount in amounts if amount < 0)


@given(st.lists(AMOUNTS), AMOUNTS)
def test_every_amount_of_the_data_is_inside_the_scale(amounts: list[int], extra: int) -> None:
    low, high = cover([*amounts, extra])
    scale = Scale(low, high, 188, 20)
    assert (scale(low), scale(high)) == (188, 20)
    assert all(20 <= scale(amount) <= 188 for amount in (*amounts, extra, 0))


def test_scale_of_equal_amounts_has_a_length() -> None:
    assert cover([]) == (0, 1)
    assert cover([7, 7], from_zero=False) == (7, 8)


@given(st.integers(0, 40), st.floats(50, 900), st.floats(0, 200), st.floats(0, 200))
def test_places_fit_beside_what_stands_at_the_ends(number: int, width: float, left: float, right: float) -> None:
    if left + right >= width:
        left = right = 0
    bands = fit_bands(number, width, left, right)
    if number:
        first, last = bands.middle(0), bands.middle(number - 1)
        assert bands.step > 0
        assert first - max(left, bands.step / 2) >= -0.001
        assert last + max(right, bands.step / 2) <= width + 0.001


def test_places_without_texts_at_the_ends_take_the_whole_width() -> None:
    bands = fit_bands(4, 460)
    assert [bands.middle(place) for place in range(4)] == [57.5, 172.5, 287.5, 402.5]


@given(WORDS, st.integers(40, 200))
def test_wrapped_label_fits_and_nothing_of_it_is_lost(label: str, width: int) -> None:
    lines = wrap(label, width, 13)
    assert all(measure(line, 13) <= width for line in lines)
    assert "".join(lines).replace(" ", "").replace("-", "") == label.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Nät", ["Nät"]),
        ("Ekonomi och upphandling/inköp", ["Ekonomi och", "upphandling/inköp"]),
        ("Användar-/efterfrågebaserade", ["Användar-/", "efterfrågebaserade"]),
        ("Hyperventilationskalkyleringsprogram", ["Hyperventilationskal-", "kyleringsprogram"]),
        ("", [""]),
    ],
)
def test_label_breaks_at_spaces_and_marks_and_in_a_word_only_when_it_must(label: str, lines: list[str]) -> None:
    assert wrap(label, 140, 13) == lines


@given(st.lists(st.floats(0, 200), max_size=9))
def test_texts_that_would_touch_make_room_in_their_order(wanted: list[float]) -> None:
    placed = spread(wanted, 15, 8, 192)
    in_order = [placed[index] for index in sorted(range(len(wanted)), key=lambda index: wanted[index])]
    assert all(after - before >= 14.999 for before, after in pairwise(in_order))
    assert all(7.999 <= place <= 192.001 for place in placed)


def test_texts_with_room_stay_where_they_belong() -> None:
    assert spread([100, 20, 60], 15, 0, 200) == [100, 20, 60]
    assert spread([100, 100], 15, 0, 200) == [92.5, 107.5]
