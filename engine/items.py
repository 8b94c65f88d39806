"""What a development item costs in each of a budget's years."""

from fractions import Fraction

from engine.money import round_ore
from engine.years import Amounts

QUARTERS = 4


def phase_in(effect_ore: int, year: int | None, quarter: int | None, years: tuple[int, int, int]) -> Amounts:
    """Return a full year's effect in three years, öre: nothing before `year`, in it from `quarter` on, then all of it.

    Without a year it costs from the first one; without a quarter from the year's beginning.
    """
    started = Fraction(QUARTERS + 1 - (quarter or 1), QUARTERS)
    first, second, third = (_share(effect_ore, started, year, each) for each in years)
    return first, second, third


def _share(effect_ore: int, started: Fraction, year: int | None, each: int) -> int:
    if year is None or each > year:
        return effect_ore
    return round_ore(effect_ore * started) if each == year else 0
