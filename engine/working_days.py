"""Which days a time limit may end on: law 1930:173 moves it past Saturdays, Sundays, holidays and three eves.

The trick: only holidays that can fall on a weekday are asked about; All Saints' and Whit Sunday are weekends already.
"""

from __future__ import annotations

from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5
# New Year's Day, Epiphany, 1 May, the national day, Christmas Day and the day after; Christmas and New Year's Eve.
FIXED = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)})
# Good Friday, Easter Monday and Ascension Day, in days from Easter Sunday.
FROM_EASTER = (-2, 1, 39)
MIDSUMMER_EVE = range(19, 26)
FRIDAY = 4


def is_working_day(day: date) -> bool:
    """Return whether a time limit may end on the day (law 1930:173, section 2)."""
    if day.weekday() >= SATURDAY or (day.month, day.day) in FIXED:
        return False
    if day.month == 6 and day.weekday() == FRIDAY and day.day in MIDSUMMER_EVE:
        return False
    return (day - find_easter(day.year)).days not in FROM_EASTER


def next_working_day(day: date) -> date:
    """Return the day itself, or the first after it that a time limit may end on."""
    while not is_working_day(day):
        day += DAY
    return day


def find_easter(year: int) -> date:
    """Return Easter Sunday of a year, by the anonymous Gregorian computus."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
