"""The numbers that organisations are known by: their check digits, and how they are written."""

from __future__ import annotations


def read_organisation_number(text: str) -> str | None:
    """Return an organisation number's ten digits, typed with or without hyphen and spaces; None when it is none.

    The last digit is the sum of the others, every second doubled, up to the next ten.
    """
    digits = _only_digits(text)
    return digits if digits is not None and len(digits) == 10 and _is_checked(digits) else None


def read_bankgiro(text: str) -> str | None:
    """Return a bankgiro's seven or eight digits, with the same check digit; None when it is none."""
    digits = _only_digits(text)
    return digits if digits is not None and len(digits) in (7, 8) and _is_checked(digits) else None


def read_gln(text: str) -> str | None:
    """Return the thirteen digits of a GLN, a place's number for electronic invoices; None when it is none.

    Every second digit counts three times, and all of them add up to a multiple of ten.
    """
    digits = _only_digits(text)
    if digits is None or len(digits) != 13:
        return None
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits if weighed % 10 == 0 else None


def hyphenate(number: str) -> str:
    """Return an organisation number or a bankgiro as people write it: a hyphen before the last four digits."""
    return f"{number[:-4]}-{number[-4:]}" if len(number) > 4 else number


def _is_checked(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _only_digits(text: str) -> str | None:
    digits = "".join(text.split()).replace("-", "")
    return digits if digits.isascii() and digits.isdecimal() else None
