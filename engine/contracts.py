"""What a contract's price is in later years, and by which day it must be given notice."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction

from engine.money import Exact, round_ore, to_fraction
from engine.years import Amounts

MONTHS = 12


def index_price(price_ore: int, price_year: int, percent: Exact, years: tuple[int, int, int]) -> Amounts:
    """Return a price of `price_year` in three years, öre: raised by the per cent for each year after it, rounded once.

    A year before the price's own costs what the price says.
    """
    factor = 1 + to_fraction(percent) / 100
    raised = [price_ore * factor ** max(0, year - price_year) for year in years]
    first, second, third = (round_ore(Fraction(ore)) for ore in raised)
    return first, second, third


def find_last_notice(ends_on: date, notice_months: int) -> date:
    """Return the last day of notice so many calendar months before the end; in a shorter month its last day."""
    month = ends_on.year * MONTHS + ends_on.month - 1 - notice_months
    year, month = divmod(month, MONTHS)
    # The end of a month stays one: three months before 31 May is the end of February.
    last = monthrange(year, month + 1)[1]
    is_month_end = ends_on.day == monthrange(ends_on.year, ends_on.month)[1]
    return date(year, month + 1, last if is_month_end else min(ends_on.day, last))
