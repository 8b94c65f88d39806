"""A figure is as sure as its weakest part. The worked table is that of docs/algorithms/provenance.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.provenance import DOUBTFUL, ORDER, Source, settle, weakest, weakest_by_year

SOURCES = st.sampled_from(ORDER)
PARTS = st.lists(SOURCES, min_size=1, max_size=6)
YEARS = st.tuples(SOURCES, SOURCES, SOURCES)


def test_the_order_is_published_entered_calculated_derived_copied_assumed_not_known() -> None:
    assert ORDER == ("published", "imported", "entered", "calculated", "derived", "copied", "assumed", "unknown")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["published", "published"], "published"),
        (["published", "entered"], "entered"),
        (["imported", "entered"], "entered"),
        (["entered", "derived", "calculated"], "derived"),
        (["derived", "copied"], "copied"),
        (["published", "copied", "assumed"], "assumed"),
        (["assumed", "unknown"], "unknown"),
        ([], "calculated"),
    ],
)
def test_a_sum_is_as_sure_as_its_weakest_part(parts: list[str], expected: str) -> None:
    assert weakest(parts) == expected


@given(PARTS)
def test_the_order_of_the_parts_and_their_number_do_not_matter(parts: list[str]) -> None:
    assert weakest(parts) == weakest(reversed(parts)) == weakest(parts + parts)
    assert weakest(parts) in parts


@given(PARTS, PARTS)
def test_a_sum_of_sums_is_as_sure_as_the_sum_of_all_parts(some: list[str], others: list[str]) -> None:
    assert weakest([weakest(some), weakest(others)]) == weakest(some + others)


@given(PARTS, SOURCES)
def test_another_part_never_makes_a_figure_surer(parts: list[str], more: str) -> None:
    assert ORDER.index(weakest([*parts, more])) >= ORDER.index(weakest(parts))


@given(st.lists(YEARS, max_size=5))
def test_each_year_has_its_own_source(rows: list[tuple[str, str, str]]) -> None:
    assert weakest_by_year(rows) == tuple(weakest(row[year] for row in rows) for year in range(3))


def test_an_unknown_word_is_told_with_the_words_there_are() -> None:
    with pytest.raises(ValueError, match=r"guessed.*known are published"):
        weakest(["published", "guessed"])


def test_what_nobody_stands_up_for_is_doubtful() -> None:
    assert {Source.COPIED, Source.ASSUMED, Source.UNKNOWN} == DOUBTFUL


@pytest.mark.parametrize(
    ("ore", "printed", "expected"),
    [
        (158_549_999, 1585, "published"),
        (158_550_000, 1585, "assumed"),
        (-300_000_000, -3000, "published"),
        (0, 0, "published"),
        (158_549_999, None, "assumed"),
        (None, 1585, "assumed"),
    ],
)
def test_a_figure_that_comes_to_what_is_printed_is_published(
    ore: int | None, printed: int | None, expected: str
) -> None:
    assert settle("assumed", ore, printed) == expected
