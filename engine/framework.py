"""Rule 8, the borrowing framework: in force only when the last of the members' councils has decided.

The trick: who the members are changes with the day, so the rule asks only on the days when something changes: a council's
decision gains force, a member joins, a member has left.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from engine.working_days import DAY, next_working_day

APPEAL_TIME = timedelta(days=21)
GUARANTEE_YEARS = 10


class CouncilDecision(NamedTuple):
    """A council's decision on the framework: when it was announced, the day of legal force if it was entered, and
    whether somebody has appealed against it.
    """

    municipality: str
    announced_on: date | None
    legal_force_on: date | None
    is_appealed: bool = False


class Membership(NamedTuple):
    """A municipality's membership, first and last day included; None where it has no beginning or end that is known."""

    municipality: str
    from_on: date | None
    to_on: date | None


class Framework(NamedTuple):
    """The most the federation may owe, in öre, and from when; None while a council is missing."""

    amount: int
    from_on: date | None


def last_day_of_appeal(announced_on: date) -> date:
    """Return the announcement + three weeks, moved to the next working day (rule 8; law 1930:173)."""
    return next_working_day(announced_on + APPEAL_TIME)


def gained_force_on(decision: CouncilDecision) -> date | None:
    """Return the entered day of legal force, or the day after the last day of appeal (rule 8).

    None when neither is known, and for an appealed decision without an entered day.
    """
    if decision.legal_force_on is not None:
        return decision.legal_force_on
    if decision.announced_on is None or decision.is_appealed:
        return None
    return last_day_of_appeal(decision.announced_on) + DAY


def is_guarantee_old(decided_on: date, raised_on: date) -> bool:
    """Return whether a council's decision is older than ten years on the day that a loan is raised (rule 8).

    One of 29 February has its day on 28 February.
    """
    year, month, day = decided_on.year + GUARANTEE_YEARS, decided_on.month, decided_on.day
    return (year, month, min(day, 28) if month == 2 else day) < (raised_on.year, raised_on.month, raised_on.day)


def members_on(memberships: Iterable[Membership], on: date) -> list[str]:
    """Return who are members on a day, in their order."""
    return [
        row.municipality
        for row in memberships
        if (row.from_on is None or row.from_on <= on) and (row.to_on is None or on <= row.to_on)
    ]


def in_force_from(decisions: Iterable[CouncilDecision], memberships: Sequence[Membership]) -> date | None:
    """Return the first day on which the councils of all who are members that day have gained force (rule 8).

    None while one is missing or there are no members. A council's first decision in force counts. Once in force it
    stays so: who joins later has not decided on it, and leaving ends no guarantee.
    """
    gained: dict[str, date] = {}
    for decision in decisions:
        day = gained_force_on(decision)
        if day is not None:
            gained[decision.municipality] = min(day, gained.get(decision.municipality, day))
    joined = [row.from_on for row in memberships if row.from_on is not None]
    left = [row.to_on + DAY for row in memberships if row.to_on is not None]
    for day in sorted({*gained.values(), *joined, *left}):
        members = members_on(memberships, day)
        if members and all(member in gained and gained[member] <= day for member in members):
            return day
    return None


def framework_at(frameworks: Sequence[Framework], on: date) -> int | None:
    """Return the öre of the framework most recently in force on `on`, None when none is; of a tie, the last listed."""
    valid = [(framework.from_on, index) for index, framework in enumerate(frameworks) if framework.from_on is not None]
    latest = max((item for item in valid if item[0] <= on), default=None)
    return None if latest is None else frameworks[latest[1]].amount


def headroom(framework: int | None, debt: int) -> int | None:
    """Return framework − debt in öre, negative when it is broken; None when no framework is in force (rule 8)."""
    return None if framework is None else framework - debt
