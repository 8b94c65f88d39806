"""Rule 8, a proposed framework's way through the councils: sent, decided, announced, in force, recourse agreement signed.

The trick: a day that is known goes before one that is planned, and a planned one that has passed can't be earlier than
today; so the day that follows is never too late, and is what a page calls the earliest.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from engine.framework import APPEAL_TIME, CouncilDecision, Membership, gained_force_on, in_force_from
from engine.working_days import DAY


class Way(NamedTuple):
    """What is known and planned of one council; None is not known.

    `needs_signature` tells whether there is a recourse agreement for it to sign.
    """

    sent_on: date | None = None
    planned_on: date | None = None
    planned_notice_on: date | None = None
    decided_on: date | None = None
    announced_on: date | None = None
    is_appealed: bool = False
    legal_force_on: date | None = None
    needs_signature: bool = False
    signed_on: date | None = None

    @property
    def has_decided(self) -> bool:
        """Whether any day tells that the council has decided."""
        return any((self.decided_on, self.announced_on, self.legal_force_on))


class Expected(NamedTuple):
    """The known days, or the earliest ones by what is planned; None where nothing is."""

    decided_on: date | None
    announced_on: date | None
    force_on: date | None


class Wait(StrEnum):
    """What is next with one council."""

    SENDING = "sending"
    DECISION = "decision"
    LATE_DECISION = "late_decision"
    COURT = "court"
    NOTICE = "notice"
    SIGNATURE = "signature"
    APPEAL_TIME = "appeal_time"
    NOTHING = "nothing"

    @property
    def is_of_municipality(self) -> bool:
        """Whether the municipality or its council is who does it."""
        return self in (Wait.DECISION, Wait.LATE_DECISION, Wait.NOTICE, Wait.SIGNATURE)


def expect(way: Way, on: date) -> Expected:
    """Return a council's days as they are known, or the earliest that they can be on a day (rule 8).

    Without a planned notice the earliest is the day of the decision. An appealed decision has no day that can be expected.
    """
    decided, announced = way.decided_on, way.announced_on
    if decided is None and not way.has_decided and way.planned_on is not None:
        decided = max(way.planned_on, on)
    if announced is None and decided is not None:
        announced = max(day for day in (decided, way.planned_notice_on, on) if day is not None)
    return Expected(
        decided, announced, gained_force_on(CouncilDecision("", announced, way.legal_force_on, way.is_appealed))
    )


def find_wait(way: Way, on: date) -> Wait:
    """Return what is next with a council on a day; a signature does not wait for the end of the time to appeal."""
    if not way.has_decided:
        if way.sent_on is None:
            return Wait.SENDING
        return Wait.LATE_DECISION if way.planned_on is not None and way.planned_on < on else Wait.DECISION
    force_on = gained_force_on(CouncilDecision("", way.announced_on, way.legal_force_on, way.is_appealed))
    if force_on is None:
        return Wait.COURT if way.is_appealed else Wait.NOTICE
    if way.needs_signature and way.signed_on is None:
        return Wait.SIGNATURE
    return Wait.APPEAL_TIME if force_on > on else Wait.NOTHING


def earliest_in_force(ways: Mapping[str, Way], memberships: Sequence[Membership], on: date) -> date | None:
    """Return the first day on which a framework can be in force, by municipality's known and planned days (rule 8).

    None while a member's council has neither.
    """
    days = {key: expect(way, on).force_on for key, way in ways.items()}
    return in_force_from([CouncilDecision(key, None, day) for key, day in days.items()], memberships)


def list_last(days: Mapping[str, date | None], earliest: date | None) -> list[str]:
    """Return the councils whose legal force decides the day."""
    return [key for key, day in days.items() if earliest is not None and day == earliest]


def latest_notice(force_on: date) -> date:
    """Return the last day on which a notice still gives legal force on `force_on` or before (rule 8)."""
    return force_on - DAY - APPEAL_TIME


def find_out_of_order(days: Iterable[tuple[str, date | None]]) -> str | None:
    """Return the name of the first day that lies before one that comes before it; None when they run forwards."""
    before: date | None = None
    for name, day in days:
        if day is not None:
            if before is not None and day < before:
                return name
            before = day
    return None
