"""Rule 1, money: amounts are whole öre, everything else is exact, and nothing is rounded but here.

The trick: every exact value is turned into a Fraction first, so no decimal context can lose a digit.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

ORE_PER_TKR = 100_000
# No stored amount is beyond it, so that the sum of a whole budget fits in 64 bits with room to spare.
MAX_ORE = 10**15
# What a sub-budget's amounts of a year may come to without regard to signs: a browser counts it exactly, and a thousand of
# them fit in 64 bits.
MAX_SUM_ORE = 9 * 10**15
# Lines that hold no more than this pass the limit above together only where there are 90 000 of them.
COMMON_ORE = 10**11

Exact = int | Fraction | Decimal


class AllocationError(ValueError):
    """An amount cannot be split: there are no weights, one is negative, or all are zero."""


def to_fraction(value: Exact) -> Fraction:
    """Return the same number as a Fraction. TypeError for anything that is not exact, such as a binary fraction."""
    if not isinstance(value, int | Fraction | Decimal):
        raise TypeError(f"not an exact number: {value!r}")
    return Fraction(value)


def round_ore(value: Exact) -> int:
    """Round öre to whole öre, half away from zero (rule 1). TypeError when `value` is not exact."""
    exact = to_fraction(value)
    rounded = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return rounded if exact >= 0 else -rounded


def round_to_tkr(ore: int) -> int:
    """Return öre as shown tkr, half away from zero (rule 1). Give it the true total, never a sum of shown tkr."""
    whole = (2 * abs(ore) + ORE_PER_TKR) // (2 * ORE_PER_TKR)
    return whole if ore >= 0 else -whole


def multiply(quantity: Exact, unit_price_ore: int) -> int:
    """Return quantity × unit price in öre, rounded once (rule 1)."""
    return round_ore(to_fraction(quantity) * unit_price_ore)


def percent(part: int, whole: int) -> Decimal | None:
    """Return part of whole in per cent with one decimal, half away from zero (rule 1); None when `whole` is 0."""
    if whole == 0:
        return None
    return Decimal(round_ore(Fraction(1000 * part, whole))).scaleb(-1)


def allocate(total: int, weights: Sequence[Exact]) -> list[int]:
    """Split `total` öre by `weights`, one whole-öre part each, that add up to `total` (rule 1).

    Largest remainder; ties go to the first in order; a zero weight gets nothing. A negative total is split as the
    positive one with its sign changed. AllocationError for no weights, a negative weight, or only zeros.
    """
    return split_by_shares(total, to_whole_shares(weights))


def split_by_shares(total: int, shares: Sequence[int]) -> list[int]:
    """Split as `allocate` does by whole shares, as `to_whole_shares` gives them; for many amounts by the same weights."""
    if total < 0:
        return [-part for part in split_by_shares(-total, shares)]
    whole = sum(shares)
    parts = [total * share // whole for share in shares]
    if left := total - sum(parts):
        rests = [total * share % whole for share in shares]
        for index in sorted(range(len(shares)), key=rests.__getitem__, reverse=True)[:left]:
            parts[index] += 1
    return parts


def to_whole_shares(weights: Sequence[Exact]) -> list[int]:
    """Return the weights times what makes all of them whole, which splits the same and is much faster than fractions.

    AllocationError for no weights, a negative weight, or only zeros.
    """
    exact = [weight if isinstance(weight, int) else to_fraction(weight) for weight in weights]
    if not exact:
        raise AllocationError("no weights to split by")
    if min(exact) < 0:
        raise AllocationError("a weight is negative")
    if max(exact) == 0:
        raise AllocationError("all weights are zero")
    common = lcm(*(weight.denominator for weight in exact))
    return [weight.numerator * (common // weight.denominator) for weight in exact]
