"""Rule 7, planned shares: a product's revenue split on customers by a key, what is left of it on months, and its VAT.

Everything is split by `money.allocate`, so the parts add up to what was split, to the öre.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from engine.money import Exact, round_ore, split_by_shares, to_fraction, to_whole_shares
from engine.years import Amounts

Number = TypeVar("Number", int, Decimal)

MONTHS = 12
YEAR = tuple(range(1, MONTHS + 1))


def split_amounts(amounts: Amounts, weights: Sequence[Exact]) -> list[Amounts]:
    """Return each customer's öre of a product's three years, in the weights' order (rule 7).

    A year's parts add up to its amount; a negative one, such as use of equity, is split as its opposite with the sign
    changed. AllocationError as for `allocate`.
    """
    shares = to_whole_shares(weights)
    first, second, third = (split_by_shares(amount, shares) for amount in amounts)
    return list(zip(first, second, third, strict=True))


def split_years(amounts: Amounts, weights: Sequence[tuple[Exact, Exact, Exact]]) -> list[Amounts]:
    """Return the same where each year has weights of its own, as `fill_years` gives them (rule 7)."""
    by_year = list(zip(*weights, strict=True))
    if not by_year or by_year[0] == by_year[1] == by_year[2]:
        return split_amounts(amounts, by_year[0] if by_year else [])
    parts = [split_by_shares(amount, to_whole_shares(own)) for amount, own in zip(amounts, by_year, strict=True)]
    return [(first, second, third) for first, second, third in zip(*parts, strict=True)]


def fill_years(first: Number, second: Number | None, third: Number | None) -> tuple[Number, Number, Number]:
    """Return a customer's weight in each of the three years: one that is left empty is that of the year before."""
    of_second = first if second is None else second
    return first, of_second, of_second if third is None else third


def rest_part(year_ore: int, invoiced_ore: int, months_left: Sequence[int], month: int) -> int:
    """Return a month's öre of what is left of a year's amount, in equal parts on the months left (rule 7).

    The parts are those of `allocate`: with what is invoiced they add up to the year, and what is over goes to the first
    months; with equal weights one month needs no split of all. ValueError for a month that is not left.
    """
    if month not in months_left:
        raise ValueError(f"not a month left: {month}")
    rest = year_ore - invoiced_ore
    whole, over = divmod(abs(rest), len(months_left))
    part = whole + (months_left.index(month) < over)
    return part if rest >= 0 else -part


def sum_vat(lines: Iterable[tuple[int, Exact]]) -> int:
    """Return an invoice's VAT in öre: `lines` are net öre and per cent; rounded once for each rate (rule 7)."""
    nets: dict[Fraction, int] = {}
    for net, percent in lines:
        rate = to_fraction(percent)
        nets[rate] = nets.get(rate, 0) + net
    return sum(round_ore(net * rate / 100) for rate, net in nets.items())
