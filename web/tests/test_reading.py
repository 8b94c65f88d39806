"""Numbers as people type them: every form that is read, every one that is refused, and that advice is itself taken."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from engine.money import MAX_ORE
from web.fields import NumberField
from web.formulas import parse_exact, parse_sum
from web.reading import AMOUNT, NumberError, Scale, clean, parse_ore, read

LANGUAGES = ("sv", "en")
QUANTITY = NumberField(max_digits=14, decimal_places=4).scale
RATE = NumberField(max_digits=6, decimal_places=3).scale
PERCENT = NumberField(decimal_places=1, min_value=0, max_value=1000).scale
WEIGHT = NumberField(max_digits=14, decimal_places=4, min_value=0).scale
COUNT = NumberField(min_value=0, max_value=32767).scale
SCALES = (AMOUNT, QUANTITY, RATE, PERCENT, WEIGHT, COUNT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1 234,5", 123_450),
        ("1234.5", 123_450),
        ("1234,50", 123_450),
        ("1\u00a0234,5", 123_450),
        ("1\u2009234,5", 123_450),
        ("1\u202f234,5", 123_450),
        ("\u22121 234,5", -123_450),
        ("-1 234,5", -123_450),
        ("- 5", -500),
        ("+445", 44_500),
        ("0", 0),
        ("-0", 0),
        ("0,05", 5),
        ("0.050", 5),
        ("12 tkr", 1_200_000),
        ("12tkr", 1_200_000),
        ("1,5 TKR", 150_000),
        ("12\u202ftkr", 1_200_000),
        ("1,5 mkr", 150_000_000),
        ("1 234,50 SEK", 123_450),
        ("1,23456 tkr", 123_456),
        ("990 000 kr", 99_000_000),
        ("  7  ", 700),
        ("1 234 567", 123_456_700),
        ("1234567", 123_456_700),
        ("10 000 000 000 000", MAX_ORE),
        ("1 234.500", 123_450),
    ],
)
def test_kronor_are_read_in_every_form_people_type(text: str, ore: int, language: str) -> None:
    assert parse_ore(text, language=language) == ore


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "\u200b", "1.234", "-1.234", "1.234 tkr", "1.234,5", "1,234.5", "1.234.567", "1,234,567", "12 34", "1  234",
        "1 2345", "1234 567", "1e5", "NaN", "Infinity", "abc", "1,5 mnkr", "tkr", ",5", "5,", "1,2,3", "--5", "5-",
        "1_000", "\u0661\u0662", "0,001", "1,234567 tkr", "10 000 000 000 000,01", "-10 000 000 000 001", "9" * 500,
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str, language: str) -> None:
    with pytest.raises(NumberError):
        parse_ore(text, language=language)


@pytest.mark.parametrize(
    ("text", "scale", "language", "said"),
    [
        ("1.234", AMOUNT, "sv", "1.234 can be read with thousands or with decimals. Write 1\u202f234 or 1,23."),
        ("12,500", AMOUNT, "sv", "12,500 can be read with thousands or with decimals. Write 12\u202f500 or 12,50."),
        ("12,500", AMOUNT, "en", "12,500 can be read with thousands or with decimals. Write 12\u202f500 or 12.50."),
        ("1.234 tkr", AMOUNT, "sv", "1.234 tkr can be read with thousands or with decimals. Write 1\u202f234 tkr or 1,234 tkr."),
        ("1.234", QUANTITY, "sv", "1.234 can be read with thousands or with decimals. Write 1\u202f234 or 1,234."),
        ("1.234", QUANTITY, "en", "1.234 can be read with thousands or with decimals. Write 1\u202f234 or 1.2340."),
        ("1.234", PERCENT, "sv", "1.234 can be read with thousands or with decimals. Write 1,2."),
        ("12.000", COUNT, "sv", "12.000 can be read with thousands or with decimals. Write 12\u202f000 or 12."),
        ("-1.234,5", AMOUNT, "sv", "-1.234,5 has characters between its thousands. Write \u22121\u202f234,50."),
        ("(1 234,50)", AMOUNT, "sv", "(1 234,50) may be meant as a negative number. Write \u22121\u202f234,50."),
        ("1 234,50-", AMOUNT, "sv", "1 234,50- may be meant as a negative number. Write \u22121\u202f234,50."),
        ("12 34", AMOUNT, "sv", "12 34 has spaces in the wrong places. Write 1\u202f234."),
        ("0,005", AMOUNT, "sv", "0,005 has too many decimals: at most 2 fit. Write 0,01."),
        ("2,5", COUNT, "sv", "2,5 is not a whole number. Write 3."),
        ("1001", PERCENT, "sv", "1001 is too large. Write at most 1\u202f000."),
        ("-1", PERCENT, "sv", "-1 is too small. Write at least 0."),
        ("abc", PERCENT, "sv", "abc is not a number. Write digits, for example 12,5."),
        ("1E+06", AMOUNT, "sv", "1E+06 is shortened and may lack digits. Write all digits."),
        ("\u202e1500", AMOUNT, "sv", "1500 has hidden characters that can reorder its digits. Write it again."),
    ],
)  # fmt: skip
def test_refusal_says_what_is_wrong_and_what_to_write(text: str, scale: Scale, language: str, said: str) -> None:
    with override("en"), pytest.raises(NumberError) as refused:
        read(text, scale, language=language)
    assert str(refused.value) == said


def test_accountants_negative_is_never_read_as_positive() -> None:
    for text in ("(1 234,50)", "1 234,50-", "(5) kr", "5 kr-", "(5 tkr)", "5 \u2013"):
        with pytest.raises(NumberError) as refused:
            parse_ore(text)
        assert parse_ore(*refused.value.advice) < 0


# What people and spreadsheets write: digits and marks in groups that may be wrong, with what may stand around them.
GROUPS = st.lists(st.text("0123456789", min_size=1, max_size=4), min_size=1, max_size=4)
WRITTEN = st.builds(
    lambda before, groups, marks, after, unit: (
        before + "".join(map("".join, zip(groups, marks, strict=False))) + after + unit
    ),
    st.sampled_from(["", "-", "\u2013", "+", "(", "=", "\u200b", "\u202d"]),
    GROUPS,
    st.tuples(*[st.sampled_from(["", ",", ".", " ", "\u2002"])] * 4),
    st.sampled_from(["", "-", ")", "\u202c", "*2", "E+06", "%"]),
    st.sampled_from(["", " kr", "tkr", " mkr", ":-", " SEK"]),
)


def meanings(text: str) -> set[Fraction]:
    """All that the digits of a text can mean: with each mark as the decimal one, or with none; whatever the sign."""
    digits = re.sub("[^0-9.,]", "", text.split("E")[0])
    whole = re.sub("[.,]", "", digits)
    found = {Fraction(int(whole or "0"))}
    for mark in re.finditer("[.,]", digits):
        after = re.sub("[.,]", "", digits[mark.end() :])
        found.add(Fraction(int(whole or "0"), 10 ** len(after)))
    return found


@given(WRITTEN, st.sampled_from(SCALES), st.sampled_from(LANGUAGES))
def test_every_way_that_a_refusal_names_is_taken_for_what_it_says(text: str, scale: Scale, language: str) -> None:
    with override(language):
        try:
            read(text, scale)
        except NumberError as refused:
            for way in refused.advice:
                assert way in str(refused)
                value = read(way, scale)
                factor = 10 ** ({"t": 3, "m": 6}.get(way[-3:][0], 0) if way.endswith("kr") else 0)
                bare = clean(re.sub("[A-Za-z]", "", way)).replace(" ", "").replace(",", ".")
                assert value == Fraction(bare) * factor


@given(WRITTEN, st.sampled_from(LANGUAGES))
def test_what_can_be_read_in_two_ways_is_advised_in_both_and_nothing_else(text: str, language: str) -> None:
    try:
        read(text, QUANTITY, language=language)
    except NumberError as refused:
        if len(refused.advice) == 2:
            advised = {abs(read(way, QUANTITY, language=language)) for way in refused.advice}
            assert advised <= meanings(text)


@given(st.text("0123456789., ", min_size=1, max_size=9), st.sampled_from(LANGUAGES))
def test_number_in_a_sum_is_read_as_it_is_alone(text: str, language: str) -> None:
    """But for the decimals: only the sum is rounded."""
    number = text.strip(" .,")
    for scale in (AMOUNT, QUANTITY):
        alone = in_sum = None
        try:
            alone = read(number, scale, language=language)
        except NumberError as refused:
            if "decimal" in str(refused):
                continue
        try:
            is_amount = scale is AMOUNT
            in_sum = (
                Fraction(parse_sum(f"={number}", language=language), 100)
                if is_amount
                else Fraction(parse_exact(f"={number}", scale, language=language))
            )
        except NumberError:
            pass
        assert alone == in_sum


@given(st.integers(0, 10**9), st.lists(st.sampled_from("\u200b\u200e\u202d\u2060\ufeff"), min_size=12, max_size=12))
def test_number_means_what_is_seen(number: int, hidden: list[str]) -> None:
    text = "".join(map("".join, zip(str(number), hidden, strict=False)))
    assert parse_ore(text) == number * 100


@pytest.mark.parametrize("text", ["1e5", "abc", "12 34", "0,001", "9" * 30])
def test_a_refusal_names_what_was_typed(text: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_ore(text)
    assert text in str(refused.value)


def test_a_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(NumberError) as refused:
        parse_ore("x" * 500)
    assert len(str(refused.value)) < 200


@given(st.text(max_size=30))
def test_no_text_makes_reading_fail_in_another_way(text: str) -> None:
    try:
        parse_ore(text)
    except NumberError as error:
        assert str(error)
