"""Rule 2, years: a budget is a fiscal year and two plan years; a cost line carries one amount for each."""

from engine.money import Exact, round_ore, to_fraction

PLAN_LENGTH = 3

Amounts = tuple[int, int, int]
"""Öre for the fiscal year and the two plan years, in that order."""

AMOUNTS = ("amount_1_ore", "amount_2_ore", "amount_3_ore")
"""What every stored row that has such three amounts calls them."""


def plan_years(fiscal_year: int) -> tuple[int, int, int]:
    """Return the budget's three calendar years (rule 2)."""
    return fiscal_year, fiscal_year + 1, fiscal_year + 2


def edition_of(fiscal_year: int, year: int) -> str:
    """Return what documents call a budget's figure of a year: the budget up to its own year, a plan after it (rule 2)."""
    return f"{'budget' if year <= fiscal_year else 'plan'}:{year}"


EDITION_KINDS = ("budget", "plan", "forecast", "actual")
"""The kinds of figures that documents print."""


def split_edition(edition: str) -> tuple[str, int]:
    """Return the kind and the year of an edition such as budget:2026; the year is 0 where it is none."""
    kind, _colon, year = edition.partition(":")
    return kind, int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0


def copy_forward(amounts: Amounts, index: Exact) -> Amounts:
    """Return the next budget's öre (rule 2): the old plan years, then the last one times `index`, rounded once.

    `index` is a factor, 1.03 for three per cent, from `indexing.find_index`.
    """
    _, second, third = amounts
    return second, third, round_ore(third * to_fraction(index))
