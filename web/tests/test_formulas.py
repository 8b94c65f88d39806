"""Sums typed in a cell: what they come to, and every way they can be wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.fields import NumberField
from web.formulas import parse_exact, parse_sum, work_out
from web.reading import NumberError

QUANTITY = NumberField(max_digits=14, decimal_places=4).scale

SUMS = [
    ("=12*4500", 5_400_000),
    ("=12*4 500", 5_400_000),
    ("= 12 × 4\u00a0500 ", 5_400_000),
    ("=1/3", 33),
    ("=2/3", 67),
    ("=−2/3", -67),
    ("=0,5*3", 150),
    ("=1 234,5+0,5", 123_500),
    ("=(1+2)*(3-4)", -300),
    ("=2-3-4", -500),
    ("=12/3/2", 200),
    ("=1+2*3", 700),
    ("=--5", 500),
    ("=((7))", 700),
    ("1 234,5", 123_450),
]


@pytest.mark.parametrize(("typed", "ore"), SUMS)
def test_sum_is_worked_out_to_the_ore(typed: str, ore: int) -> None:
    assert parse_sum(typed, language="sv") == ore


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("=", "="), ("= ", "="), ("=1+", "=1+"), ("=*2", "=*2"), ("=(1", "(1"), ("=1)", "1)"), ("=()", "=()"),
        ("=1/0", "=1/0"), ("=1/(2-2)", "1/(2-2)"), ("=2 3.4.5", ""), ("=1.234*2", "1.234"), ("=A1+1", "A"),
        ("=SUM(1;2)", "S"), ("=2**9", "2**9"), ("=9 9 9", "9 9 9"), ("=2(3)", "2(3)"), ("=__import__('os')", "_"),
        ("=10000000000000*10", ""), ("=" + "9" * 60, ""), ("=" + "(" * 30 + "1" + ")" * 30, ""), ("=" + "1+" * 200 + "1", ""),
        ("=" + "*".join(["99999999999999999999"] * 9), ""),
    ],
)  # fmt: skip
def test_wrong_sum_is_refused_with_words(typed: str, named: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_sum(typed, language="sv")
    assert named in str(caught.value)
    assert len(str(caught.value)) > 15


def test_refused_parts_of_an_ore_are_told_with_the_decimals_that_the_unit_allows() -> None:
    with pytest.raises(NumberError, match=r"1,234567 tkr.* 5 "):
        parse_sum("1,234567 tkr", language="sv")


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("=12,500*2", "12,500"),
        ("=1000*1,025", "1,025"),
        ("=1+1.234", "1.234"),
        ("=2*12 34", "12 34"),
        ("=1.234,5*2", "1.234,5"),
    ],
)
def test_every_way_to_write_a_part_of_a_sum_is_taken_in_its_place(typed: str, part: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_sum(typed, language="sv")
    assert str(refused.value).startswith(part)
    assert refused.value.advice
    for way in refused.value.advice:
        parse_sum(typed.replace(part, way), language="sv")


EXPRESSIONS = st.recursive(
    st.integers(0, 10**6).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda parts: f"({parts[0]}{parts[1]}{parts[2]})"
    ),
    max_leaves=6,
)


@given(EXPRESSIONS)
def test_sum_is_what_arithmetic_says(text: str) -> None:
    def expected(typed: str) -> Fraction | None:
        numbers = "".join(f"F({part})" if part.isdigit() else part for part in _parts(typed))
        try:
            return Fraction(eval(numbers, {"__builtins__": {}, "F": Fraction}))
        except ZeroDivisionError:
            return None

    value = expected(text)
    if value is None or abs(value) > 10**40 or value.denominator > 10**40:
        with pytest.raises(NumberError):
            work_out(f"={text}", has_third=True, language="sv")
    else:
        assert work_out(f"={text}", has_third=True, language="sv") == value


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for mark in text:
        if mark.isdigit() and parts and parts[-1].isdigit():
            parts[-1] += mark
        else:
            parts.append(mark)
    return parts


@given(st.text(alphabet="0123456789+-*/()., =ABkrt\u00a0\u2212×÷e", max_size=30))
def test_anything_typed_is_a_number_or_a_message(text: str) -> None:
    try:
        parse_sum(text, language="sv")
        parse_exact(text, QUANTITY, language="sv")
    except NumberError as error:
        assert str(error)
