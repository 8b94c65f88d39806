"""Rules 3 and 10: how the result goes from one year to the next, and how far from zero it may be.

The trick: a step is the difference of one row of the income statement, so the steps add up to the difference to the öre.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from engine.money import round_ore

RESULT_STEPS = ("operating_revenue", "operating_costs", "depreciation", "financial_costs")
RESULT_BOUND = Fraction(15, 1000)


class Step(NamedTuple):
    """One row's part of the way: from where to where, öre."""

    row: str
    start: int
    end: int

    @property
    def amount(self) -> int:
        """What the row adds, öre."""
        return self.end - self.start


def build_bridge(
    start: int, before: Mapping[str, int], after: Mapping[str, int], rows: Sequence[str] = RESULT_STEPS
) -> list[Step]:
    """Return the steps from `start` öre, one for each of `rows` in order; a row that a year lacks is zero in it."""
    steps = []
    for row in rows:
        end = start + after.get(row, 0) - before.get(row, 0)
        steps.append(Step(row, start, end))
        start = end
    return steps


def result_bound(revenue: int) -> int:
    """Return how many öre the result may be from zero: 1.5 per cent of revenue, rounded once (rule 10)."""
    return round_ore(RESULT_BOUND * abs(revenue))


class Verdict(StrEnum):
    """What the goal on the result says of a year (rule 10)."""

    WITHIN = "within"
    EXCEPTED = "excepted"
    BEYOND = "beyond"


def is_within_bound(result: int, revenue: int) -> bool:
    """Return whether the result is within ±1.5 per cent of revenue (rule 10); compared exactly, before any rounding."""
    return abs(result) <= RESULT_BOUND * abs(revenue)


def judge_result(result: int, revenue: int, decided_equity: int = 0) -> Verdict:
    """Return whether a result is within the bound, or is so beside the use of equity that was decided (rule 10), öre.

    The exception covers `decided_equity`, in positive öre, and no more.
    """
    if is_within_bound(result, revenue):
        return Verdict.WITHIN
    beside = is_within_bound(result + decided_equity, revenue)
    return Verdict.EXCEPTED if decided_equity > 0 and beside else Verdict.BEYOND


class MovedStep(NamedTuple):
    """What a place cost before and costs now, and how much of the change only came from or went to other places; öre."""

    place: str
    before: int
    moved: int
    after: int

    @property
    def other(self) -> int:
        """The change that is no moved cost."""
        return self.after - self.before - self.moved


def split_moved(
    before: Mapping[str, int], after: Mapping[str, int], moves: Iterable[tuple[str, str, int]]
) -> list[MovedStep]:
    """Return each place's way from before to after by way of what moved: (from, to, öre), rule 5.

    A move within a place is none. What moved sums to zero over all places, so it changes no sum. Places stand in the
    order of `after`, then those that are no more; one that is only moved from or to is there too.
    """
    moved: dict[str, int] = dict.fromkeys((*after, *before), 0)
    for left, entered, ore in moves:
        moved[left] = moved.get(left, 0) - ore
        moved[entered] = moved.get(entered, 0) + ore
    return [MovedStep(place, before.get(place, 0), ore, after.get(place, 0)) for place, ore in moved.items()]
