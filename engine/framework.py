"""Rule 8, the borrowing framework: in force only when the last of all the members' councils has decided."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

APPEAL_TIME = timedelta(days=21)


class CouncilDecision(NamedTuple):
    """A council's decision on the framework: when it was announced, and the date of legal force if it was entered."""

    municipality: str
    announced_on: date | None
    legal_force_on: date | None


class Framework(NamedTuple):
    """The most the federation may owe, in öre, and from when; None while a council is missing."""

    amount: int
    from_on: date | None


def gained_force_on(decision: CouncilDecision) -> date | None:
    """Return the entered date of legal force, or announced + three weeks; None when neither is known (rule 8)."""
    if decision.legal_force_on is not None:
        return decision.legal_force_on
    if decision.announced_on is None:
        return None
    return decision.announced_on + APPEAL_TIME


def in_force_from(decisions: Iterable[CouncilDecision], councils: Collection[str]) -> date | None:
    """Return the day the last of all `councils` gained force, None while one is missing or there are none (rule 8).

    A council's first decision in force counts; decisions of others than `councils` do not.
    """
    gained: dict[str, date] = {}
    for decision in decisions:
        day = gained_force_on(decision)
        if day is not None:
            gained[decision.municipality] = min(day, gained.get(decision.municipality, day))
    if not councils or not set(councils) <= gained.keys():
        return None
    return max(gained[council] for council in councils)


def framework_at(frameworks: Sequence[Framework], on: date) -> int | None:
    """Return the öre of the framework most recently in force on `on`, None when none is; of a tie, the last listed."""
    valid = [(framework.from_on, index) for index, framework in enumerate(frameworks) if framework.from_on is not None]
    latest = max((item for item in valid if item[0] <= on), default=None)
    return None if latest is None else frameworks[latest[1]].amount


def headroom(framework: int | None, debt: int) -> int | None:
    """Return framework − debt in öre, negative when it is broken; None when no framework is in force (rule 8)."""
    return None if framework is None else framework - debt
