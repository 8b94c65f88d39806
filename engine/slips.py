"""Slips of a thousand: an amount typed in the other unit is about a thousand times too large or too small.

The trick: nobody means exactly a thousand times what stood there, so the factor may be off by two in either direction.
"""

from fractions import Fraction

from engine.money import MAX_ORE, round_ore

THOUSAND = 1000
# An amount that is doubled or halved in the same moment as its unit is mistaken is still near.
LEAST, MOST = 500, 2000


def is_slip(before: int, after: int) -> bool:
    """Return whether an amount in öre became 500 to 2 000 times larger or smaller, whatever its sign.

    Zero is no factor, and what would be beyond MAX_ORE in the other unit can't have been meant in it.
    """
    small, large = sorted((abs(before), abs(after)))
    is_near = small > 0 and LEAST * small <= large <= MOST * small
    return is_near and abs(mend_slip(before, after)) <= MAX_ORE


def mend_slip(before: int, after: int) -> int:
    """Return what `after` would be in the other unit, in öre: a thousandth or a thousand times; rounds by round_ore, once."""
    return round_ore(Fraction(after, THOUSAND)) if abs(after) > abs(before) else after * THOUSAND
