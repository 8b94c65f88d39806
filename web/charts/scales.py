"""Where amounts and places lie in pixels, which ticks an axis has, and how parts are stacked. Amounts are öre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

NICE = (1, 2, 5)


@dataclass(frozen=True)
class Scale:
    """The straight way from the amounts `low` to `high` to the pixels `start` to `end`."""

    low: int
    high: int
    start: float
    end: float

    def __call__(self, amount: int) -> float:
        """Return the pixel of an amount."""
        return self.start + (self.end - self.start) * ((amount - self.low) / (self.high - self.low))


@dataclass(frozen=True)
class Bands:
    """Places side by side, each `step` wide; `first` is the middle of the first."""

    first: float
    step: float

    def middle(self, place: int) -> float:
        """Return the pixel in the middle of a place."""
        return self.first + self.step * place

    def move(self, pixels: float) -> Bands:
        """Return the same places further to the right."""
        return Bands(self.first + pixels, self.step)


def cover(amounts: Iterable[int], *, from_zero: bool = True) -> tuple[int, int]:
    """Return the lowest and the highest amount, zero among them unless told otherwise; they are never the same."""
    known = [*amounts, *([0] if from_zero else [])] or [0]
    low, high = min(known), max(known)
    return low, max(high, low + 1)


def fit_bands(number: int, width: float, left: float = 0, right: float = 0) -> Bands:
    """Return as wide places as fit in `width` with `left` free before the first's middle and `right` after the last's."""
    between = max(number - 1, 0)
    limits = [(width, between + 1), (width - left, between + 0.5), (width - right, between + 0.5)]
    if between:
        limits.append((width - left - right, between))
    step = min(room / parts for room, parts in limits)
    return Bands(max(left, step / 2), step)


def list_ticks(low: int, high: int, *, at_most: int = 5, least: int = 1) -> list[int]:
    """Return round amounts from `low` or below to `high` or above: steps of 1, 2 or 5 times a power of ten of `least`.

    There are at most `at_most` steps between `low` and `high`, and one more for each end that is not round.
    """
    steps = (least * nice * 10**power for power in count() for nice in NICE)
    step = next(step for step in steps if step * at_most >= high - low)
    first, last = low // step, -(-high // step)
    return [step * number for number in range(first, last + 1)]


def stack(amounts: Sequence[int]) -> list[tuple[int, int]]:
    """Return where each part starts and ends; positive parts go up from zero, negative ones down."""
    up = down = 0
    parts = []
    for amount in amounts:
        start = up if amount >= 0 else down
        parts.append((start, start + amount))
        if amount >= 0:
            up += amount
        else:
            down += amount
    return parts
