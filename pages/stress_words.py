"""What the stress test's pages and the board's dashboard say of a debt under stress: months, and breaches of the framework."""

from __future__ import annotations

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from engine.stress import MonthEnd, Stressed


def say_month(year: int, month: int) -> str:
    """Return a month in words."""
    return f"{MONTHS[month]} {year}"


def say_breach(breach: MonthEnd | None, until: int) -> str:
    """Return the first month above a framework, or that there is none until the end of a year."""
    if breach is None:
        return _("none until the end of %(year)s") % {"year": until}
    return say_month(breach.year, breach.month)


def say_month_above(found: Stressed) -> str:
    """Return from which month the debt is above the framework in force, or that it is in none."""
    if found.first_breach is not None:
        month = say_month(found.first_breach.year, found.first_breach.month)
        return _("Above the framework in force from %(month)s") % {"month": month}
    if all(row.framework is None for row in found.year_ends):
        return _("No borrowing framework is in force")
    return _("Fits the framework in force every month")
