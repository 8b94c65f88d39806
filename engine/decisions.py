"""Rule 9, decisions: when one gains legal force, what it waits for, and when its meeting must be announced."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from engine.framework import CouncilDecision, gained_force_on

ANNOUNCED_AHEAD = timedelta(days=7)
NOTICED_WITHIN = timedelta(days=2)


class Condition(NamedTuple):
    """Something a decision waits for: a council by name, empty for anything else, and from when it is met."""

    council: str
    met_from: date | None


class Standing(StrEnum):
    """What a decision is worth on a day."""

    PLANNED = "planned"
    WAITS = "waits"
    APPEALABLE = "appealable"
    IN_FORCE = "in_force"
    UNKNOWN = "unknown"
    NOTED = "noted"
    SUPERSEDED = "superseded"


def announce_by(meeting_on: date) -> date:
    """Return the last day to announce a meeting that sets the budget (rule 9; Local Government Act 9:10)."""
    return meeting_on - ANNOUNCED_AHEAD


def is_announced_in_time(meeting_on: date, announced_on: date) -> bool:
    """Return whether a meeting that sets the budget was announced by announce_by (rule 9)."""
    return announced_on <= announce_by(meeting_on)


def notice_by(approved_on: date) -> date:
    """Return the last day to put up the notice of approved minutes (Local Government Act 8:12)."""
    return approved_on + NOTICED_WITHIN


def legal_force_on(noticed_on: date | None, entered_on: date | None, *, is_appealed: bool = False) -> date | None:
    """Return the day that `gained_force_on` gives for the notice of the minutes (rule 8)."""
    return gained_force_on(CouncilDecision("", noticed_on, entered_on, is_appealed))


def find_open(conditions: Iterable[Condition], on: date) -> list[Condition]:
    """Return the conditions that are not met on a day."""
    return [found for found in conditions if found.met_from is None or found.met_from > on]


def in_force_from(own: date | None, conditions: Sequence[Condition]) -> date | None:
    """Return the day of the decision's own legal force or of its last condition, whichever is later.

    None while a condition is not met, or when there is none and the own day is not known. With conditions the own day
    may be unknown: what they wait for comes after it.
    """
    days = [found.met_from for found in conditions]
    known = [day for day in (own, *days) if day is not None]
    return None if None in days or not known else max(known)


def find_standing(
    *,
    is_planned: bool,
    needs_force: bool,
    own: date | None,
    conditions: Sequence[Condition],
    superseded_from: Iterable[date | None],
    on: date,
) -> Standing:
    """Return what a decision is worth on a day; a decision that supersedes it counts from when that one is in force."""
    if is_planned:
        return Standing.PLANNED
    if any(day is not None and day <= on for day in superseded_from):
        return Standing.SUPERSEDED
    if not needs_force:
        return Standing.NOTED
    if find_open(conditions, on):
        return Standing.WAITS
    day = in_force_from(own, conditions)
    if day is None:
        return Standing.UNKNOWN
    return Standing.APPEALABLE if day > on else Standing.IN_FORCE
