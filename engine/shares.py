"""Rule 7, planned shares: a product's revenue split on customers by a key, a year's amount on months, and its VAT.

Everything is split by `money.allocate`, so the parts add up to what was split, to the öre.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from engine.money import Exact, allocate, round_ore, to_fraction
from engine.years import Amounts

MONTHS = 12


def split_amounts(amounts: Amounts, weights: Sequence[Exact]) -> list[Amounts]:
    """Return each customer's öre of a product's three years, in the weights' order (rule 7).

    A year's parts add up to its amount; a negative one, such as use of equity, is split as its opposite with the sign
    changed. AllocationError as for `allocate`.
    """
    first, second, third = (allocate(amount, weights) for amount in amounts)
    return list(zip(first, second, third, strict=True))


def split_year(year_ore: int) -> list[int]:
    """Return the twelve equal months' öre of a year, which add up to it; what is over goes to the first (rule 7)."""
    return allocate(year_ore, [1] * MONTHS)


def month_part(year_ore: int, month: int) -> int:
    """Return the öre of one month, 1 to 12, of a year, as `split_year` gives it (rule 7). ValueError for any other month.

    With equal weights the largest remainder is simply the first months, so one month needs no split of all.
    """
    if not 1 <= month <= MONTHS:
        raise ValueError(f"no month: {month}")
    whole, over = divmod(abs(year_ore), MONTHS)
    part = whole + (month <= over)
    return part if year_ore >= 0 else -part


def sum_vat(lines: Iterable[tuple[int, Exact]]) -> int:
    """Return an invoice's VAT in öre: `lines` are net öre and per cent; rounded once for each rate (rule 7)."""
    nets: dict[Fraction, int] = {}
    for net, percent in lines:
        rate = to_fraction(percent)
        nets[rate] = nets.get(rate, 0) + net
    return sum(round_ore(net * rate / 100) for rate, net in nets.items())
