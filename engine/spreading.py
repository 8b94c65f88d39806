"""A new sum on lines that have a sum already: what each line becomes, to the öre (rule 1)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from engine.money import allocate


class Spread(StrEnum):
    """How a new sum is spread: each line by its share of the sum, the change in equal parts, or all lines alike."""

    PROPORTION = "proportion"
    CHANGE = "change"
    ALIKE = "alike"


def spread(amounts: Sequence[int], total: int, how: Spread) -> list[int]:
    """Return what lines of so many öre become when they are to come to `total` öre.

    The parts add up to the total. By proportion the change is split by the size of the amounts, so a line of zero stays zero
    and one below zero moves the same way as the others. AllocationError without lines, or by proportion where all are zero.
    """
    if how == Spread.ALIKE:
        return allocate(total, [1] * len(amounts))
    weights = [abs(amount) for amount in amounts] if how == Spread.PROPORTION else [1] * len(amounts)
    changes = allocate(total - sum(amounts), weights)
    return [amount + change for amount, change in zip(amounts, changes, strict=True)]
