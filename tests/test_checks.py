"""The checks of the tests themselves find what they are there for."""

from __future__ import annotations

import pytest

from tests.checks import find_faults

UNREAD = """
@pytest.mark.parametrize(("typed", "{name}"), TABLE)
def test_bad_cell_is_told(typed: str, {name}: str) -> None:
    assert refuse(typed)
"""
NAMED = """
every = pytest.mark.parametrize("number, variant", TABLE)

@every
def test_page_is_read(variant: str) -> None:
    assert read(variant)
"""


@pytest.mark.parametrize("name", ["words", "_words"])
def test_parameter_that_nothing_reads_is_found_whatever_its_name(name: str) -> None:
    assert find_faults(UNREAD.format(name=name)) == [(3, f"test_bad_cell_is_told never reads its parameter {name}")]


def test_parameter_of_a_mark_with_a_name_of_its_own_is_found() -> None:
    assert find_faults(NAMED) == [(5, "test_page_is_read never reads its parameter number")]


def test_parameters_that_are_read_and_fixtures_are_let_be() -> None:
    source = (
        '@pytest.mark.parametrize("words", TABLE)\ndef test_it(committed: str, words: str) -> None:\n    assert words'
    )
    assert find_faults(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "TODAY = timezone.localdate()",
        "class Case:\n    day = date.today()",
        '@pytest.mark.parametrize("day", [timezone.now()])\ndef test_it(day):\n    assert day',
        "def test_it(day=datetime.datetime.now(UTC)):\n    pass",
        "later = lambda day=date.today(): day",
    ],
)
def test_clock_that_is_read_at_import_is_found(source: str) -> None:
    ((_line, words),) = find_faults(source)
    assert words.endswith("is computed when the module is imported")


@pytest.mark.parametrize(
    "source", ["def today():\n    return date.today()", "today = lambda: timezone.now()", "TODAY = timezone.localdate"]
)
def test_clock_that_is_read_when_asked_is_let_be(source: str) -> None:
    assert find_faults(source) == []
