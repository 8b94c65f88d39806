"""Rule 2, the index: dated planning rates per cost kind and year; the newest one valid on the day counts."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Rate(NamedTuple):
    """A planning rate: `percent` (3 means three per cent) for a cost kind and year, known from `valid_from`."""

    cost_kind: str
    year: int
    valid_from: date
    percent: Decimal


def find_index(rates: Iterable[Rate], cost_kind: str, year: int, on: date) -> Fraction:
    """Return 1 + percent / 100 of the latest rate for that kind and year valid on `on`, or 1 if none (rule 2)."""
    valid = [rate for rate in rates if (rate.cost_kind, rate.year) == (cost_kind, year) and rate.valid_from <= on]
    if not valid:
        return Fraction(1)
    return index_of(max(valid, key=lambda rate: rate.valid_from).percent)


def index_of(percent: Decimal) -> Fraction:
    """Return what an amount is multiplied by to rise by `percent` (3 means three per cent)."""
    return 1 + Fraction(percent) / 100
