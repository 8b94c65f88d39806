"""How much a figure has grown since the year before: per cent, or new.

The trick: from nothing, or from next to nothing, a per cent tells nothing, so it is named instead of counted.
"""

from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final, Literal

from engine.money import percent


class Grown(Enum):
    """What is not said in per cent."""

    NEW = "new"


NEW: Final = Grown.NEW
# A change beyond this many per cent of the year before, up or down, is a new figure.
NEW_BEYOND: Final = 1000

Growth = Decimal | Literal[Grown.NEW] | None


def growth(now: int, before: int | None) -> Growth:
    """Return the change from `before` to `now`, öre, in per cent with one decimal (rule 1).

    NEW when it is beyond 1 000 per cent, judged on exact amounts, or comes from zero; None when the year before is not
    known, or both are zero.
    """
    if before is None or now == before == 0:
        return None
    if before == 0 or abs(Fraction(100 * (now - before), before)) > NEW_BEYOND:
        return NEW
    return percent(now - before, abs(before))
