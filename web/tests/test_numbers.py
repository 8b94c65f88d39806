"""Numbers as people see them, and that what is shown can be typed back."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.money import MAX_ORE
from web.fields import NumberField
from web.numbers import (
    format_change,
    format_decimal,
    format_percent,
    format_quantity,
    format_sek,
    format_tkr,
)
from web.reading import parse_number, parse_ore

LANGUAGES = ("sv", "en")
QUANTITY = NumberField(max_digits=16, decimal_places=4).scale


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
        assert parse_number(format_decimal(quantity, language=language), QUANTITY, language=language) == quantity


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
@example(Decimal("1.2340"))
@example(Decimal("100.0000"))
def test_quantities_as_forms_show_them_can_be_typed_back(quantity: Decimal) -> None:
    for language in LANGUAGES:
        assert parse_number(format_quantity(quantity, language=language), QUANTITY, language=language) == quantity


@pytest.mark.parametrize(
    ("quantity", "swedish", "english"),
    [("1.2340", "1,234", "1.2340"), ("2.5000", "2,5", "2.5"), ("100.0000", "100", "100"), ("0", "0", "0")],
)
def test_quantity_is_shown_without_needless_zeros(quantity: str, swedish: str, english: str) -> None:
    shown = [format_quantity(Decimal(quantity), language=language) for language in ("sv", "en")]
    assert shown == [swedish, english]


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
