"""Numbers of organisations, by hand and by every slip of one digit."""

from __future__ import annotations

import pytest

from engine.identifiers import read_bankgiro, read_gln, read_organisation_number


@pytest.mark.parametrize("typed", ["2120000787", "212000-0787", " 212000 0787 "])
def test_organisation_number_is_read_with_hyphen_and_spaces(typed: str) -> None:
    assert read_organisation_number(typed) == "2120000787"


@pytest.mark.parametrize("typed", ["", "212000078", "21200007870", "212000078x", "²120000787", "٢120000787"])
def test_what_is_no_organisation_number_is_refused(typed: str) -> None:
    assert read_organisation_number(typed) is None


def test_every_slip_of_one_digit_is_found() -> None:
    numbers = {"2120000787": read_organisation_number, "7300009055098": read_gln, "50501055": read_bankgiro}
    for number, read in numbers.items():
        assert read(number) == number
        for place, right in enumerate(number):
            for wrong in set("0123456789") - {right}:
                assert read(number[:place] + wrong + number[place + 1 :]) is None


@pytest.mark.parametrize(("typed", "digits"), [("5050-1055", "50501055"), ("999-9004", "9999004"), ("505010", None)])
def test_bankgiro_has_seven_or_eight_digits(typed: str, digits: str | None) -> None:
    assert read_bankgiro(typed) == digits


@pytest.mark.parametrize("typed", ["", "730000905509", "73000090550980", "730000905509x"])
def test_what_is_no_gln_is_refused(typed: str) -> None:
    assert read_gln(typed) is None
