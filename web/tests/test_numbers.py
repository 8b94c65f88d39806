"""Numbers as people type and read them: docs say which forms; every one of them is here."""

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from engine.money import MAX_ORE
from web.numbers import (
    NumberError,
    format_change,
    format_decimal,
    format_percent,
    format_quantity,
    format_sek,
    format_tkr,
    parse_decimal,
    parse_ore,
)

LANGUAGES = ("sv", "en")


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
        "", "   ", "1.234", "-1.234", "1.234 tkr", "1.234,5", "1,234.5", "1.234.567", "1,234,567", "12 34", "1  234",
        "1 2345", "1234 567", "1e5", "NaN", "Infinity", "abc", "1,5 mnkr", "tkr", ",5", "5,", "1,2,3", "--5", "5-",
        "1_000", "\u0661\u0662", "0,001", "1,234567 tkr", "10 000 000 000 000,01", "-10 000 000 000 001", "9" * 500,
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str, language: str) -> None:
    with pytest.raises(NumberError):
        parse_ore(text, language=language)


def test_an_ambiguous_number_is_refused_with_both_readings() -> None:
    with override("en"), pytest.raises(NumberError) as refused:
        parse_ore("1.234", language="sv")
    assert str(refused.value) == "1.234 can mean both 1\u202f234 and 1,234. Write 1\u202f234 or 1,234."


def test_the_remedy_for_an_ambiguous_number_is_itself_accepted() -> None:
    assert parse_decimal("1,234", language="sv") == Decimal("1.234")
    assert parse_decimal("1.2340", language="en") == Decimal("1.234")
    assert parse_decimal("1\u202f234", language="sv") == 1234


def test_a_comma_between_thousands_is_ambiguous_in_english_only() -> None:
    assert parse_ore("1,234 tkr", language="sv") == 123_400
    with pytest.raises(NumberError):
        parse_ore("1,234 tkr", language="en")


def test_two_kinds_of_marks_are_refused_with_the_clear_form() -> None:
    with override("en"), pytest.raises(NumberError) as refused:
        parse_ore("-1.234,5", language="sv")
    assert str(refused.value) == "-1.234,5 is not clear. Write thousands with a space: \u22121\u202f234,5."


@pytest.mark.parametrize("text", ["1e5", "abc", "12 34", "0,001", "9" * 30])
def test_a_refusal_names_what_was_typed(text: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_ore(text)
    assert text in str(refused.value)


def test_a_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(NumberError) as refused:
        parse_ore("x" * 500)
    assert len(str(refused.value)) < 200


@given(st.integers(-MAX_ORE, MAX_ORE), st.sampled_from(LANGUAGES))
def test_what_is_shown_in_kronor_can_be_typed_back(ore: int, language: str) -> None:
    assert parse_ore(format_sek(ore, language=language), language=language) == ore
    assert parse_ore(format_sek(ore, decimals=2, language=language) + " kr", language=language) == ore


@given(st.integers(-(10**10), 10**10), st.sampled_from(LANGUAGES))
def test_what_is_shown_in_tkr_can_be_typed_back(tkr: int, language: str) -> None:
    assert parse_ore(f"{format_tkr(tkr * 100_000)} tkr", language=language) == tkr * 100_000


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_quantities_can_be_typed_back(quantity: Decimal) -> None:
    for language in LANGUAGES:
        assert parse_decimal(format_decimal(quantity, language=language), language=language) == quantity


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
@example(Decimal("1.2340"))
@example(Decimal("100.0000"))
def test_quantities_as_forms_show_them_can_be_typed_back(quantity: Decimal) -> None:
    for language in LANGUAGES:
        assert parse_decimal(format_quantity(quantity, language=language), language=language) == quantity


@pytest.mark.parametrize(
    ("quantity", "swedish", "english"),
    [("1.2340", "1,234", "1.2340"), ("2.5000", "2,5", "2.5"), ("100.0000", "100", "100"), ("0", "0", "0")],
)
def test_quantity_is_shown_without_needless_zeros(quantity: str, swedish: str, english: str) -> None:
    shown = [format_quantity(Decimal(quantity), language=language) for language in ("sv", "en")]
    assert shown == [swedish, english]


@given(st.text(max_size=30))
def test_no_text_makes_reading_fail_in_another_way(text: str) -> None:
    try:
        parse_ore(text)
    except NumberError as error:
        assert str(error)


def test_numbers_are_shown_with_narrow_spaces_and_a_true_minus() -> None:
    assert format_tkr(11_984_900_000) == "119\u202f849"
    assert format_tkr(-45_050_000) == "\u2212451"
    assert format_tkr(-49_999) == "0"
    assert format_sek(123_450, language="sv") == "1\u202f234,50"
    assert format_sek(123_450, language="en") == "1\u202f234.50"
    assert format_sek(99_000_000) == "990\u202f000"
    assert format_sek(-150, decimals=0) == "\u22122"
    assert format_change(677_600_000) == "+6\u202f776"
    assert format_change(-45_000_000) == "\u2212450"
    assert format_change(49_999) == "0"
    assert format_percent(Decimal("6"), language="sv", signed=True) == "+6,0"
    assert format_percent(Decimal("-2.65"), language="en") == "\u22122.7"
    assert format_percent(Decimal("-0.04"), language="sv", signed=True) == "0,0"


def test_what_is_missing_is_a_dash() -> None:
    assert [format_tkr(None), format_sek(None), format_change(None), format_percent(None)] == ["–"] * 4
