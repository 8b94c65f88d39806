"""What of an amount comes from where, by what the whole is made of."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def prorate(amount: int, parts: Sequence[int]) -> list[int]:
    """Split `amount` öre as the parts are of their sum; the result adds up to it. Parts may be below zero.

    Largest remainder, ties to the first in order. Parts that sum to nothing say of nothing where it comes from: ValueError.
    """
    whole = sum(parts)
    if not whole:
        if amount:
            raise ValueError("the parts sum to nothing")
        return [0] * len(parts)
    exact = [Fraction(amount * part, whole) for part in parts]
    split = [floor(value) for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (split[place] - exact[place], place))
    for place in by_remainder[: amount - sum(split)]:
        split[place] += 1
    return split
