"""The days that anything kept may lie on, and what is asked about a day before it is kept.

Two kinds of bounds: what is typed lies near today (`web.days`), and whatever is stored, by whichever door, lies within
FIRST_DAY and LAST_DAY, which the database holds too and which never move. What can't be true, as a notice put up before
its meeting, is refused where it is told of; what only is rare is asked about.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
# A day of a fiscal year's work lies in that year or, for what prepares it, in the year before.
YEARS_BEFORE = 1
# What is entered long after it was decided is rare, and a slip of a year is not.
LONG_AGO = timedelta(days=365)


class DayKind(StrEnum):
    """What a day is of: something that is to be done by it, or that was done on it."""

    COMING = "coming"
    DONE = "done"


class Doubt(StrEnum):
    """Why a day is asked about."""

    PASSED = "passed"
    LONG_AGO = "long_ago"
    OTHER_YEAR = "other_year"


def is_kept(day: date) -> bool:
    """Return whether a day may be stored at all."""
    return FIRST_DAY <= day <= LAST_DAY


def find_doubt(day: date, kind: DayKind, *, today: date, fiscal_year: int | None = None) -> Doubt | None:
    """Return the doubt about a day; one in the work with a budget lies in its `fiscal_year` or in the year before."""
    if fiscal_year is not None and not fiscal_year - YEARS_BEFORE <= day.year <= fiscal_year:
        return Doubt.OTHER_YEAR
    if kind == DayKind.COMING:
        return Doubt.PASSED if day < today else None
    return Doubt.LONG_AGO if today - day > LONG_AGO else None
