"""The days that anything kept may lie on, and what is asked about a day before it is kept.

Two kinds of bounds: what is typed lies near today (`web.days`), and whatever is stored, by whichever door, lies within
FIRST_DAY and LAST_DAY, which the database holds too and which never move.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
# A day of a fiscal year's work lies in that year or, for what prepares it, in the year before.
YEARS_BEFORE = 1
# What is entered long after it was decided is rare, and a slip of a year is not.
LONG_AGO = timedelta(days=365)


class Doubt(StrEnum):
    """Why a day is asked about."""

    PASSED = "passed"
    LONG_AGO = "long_ago"
    OTHER_YEAR = "other_year"
    BACKWARDS = "backwards"


def is_kept(day: date) -> bool:
    """Return whether a day may be stored at all."""
    return FIRST_DAY <= day <= LAST_DAY


def doubt_coming(day: date, *, today: date) -> Doubt | None:
    """Return the doubt about a day by which something is to be done: one that has passed."""
    return Doubt.PASSED if day < today else None


def doubt_done(day: date, *, today: date) -> Doubt | None:
    """Return the doubt about a day on which something was done: one more than a year ago."""
    return Doubt.LONG_AGO if today - day > LONG_AGO else None


def doubt_year(day: date, *, fiscal_year: int) -> Doubt | None:
    """Return the doubt about a day in the work with a budget: one neither in its year nor in the year before."""
    return None if fiscal_year - YEARS_BEFORE <= day.year <= fiscal_year else Doubt.OTHER_YEAR


def doubt_order(day: date, *, before: date | None) -> Doubt | None:
    """Return the doubt about a day that comes after another by nature, and lies before it."""
    return Doubt.BACKWARDS if before is not None and day < before else None
