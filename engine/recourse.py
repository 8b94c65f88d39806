"""Rule 8, the recourse agreement: how the members divide among themselves what a guarantee costs.

The trick: an agreement is nothing until the last party has signed, so one day says from when it is in force, and the one
before it applies up to then.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

WHOLE = Fraction(100)


class Party(NamedTuple):
    """A member's part of an agreement: its share in per cent, and when it signed; None while it has not."""

    municipality: str
    share: Fraction
    signed_on: date | None


def signed_from(parties: Iterable[Party]) -> date | None:
    """Return the day of the last signature; None while one is missing or there are no parties (rule 8)."""
    days = [party.signed_on for party in parties]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def agreement_at(agreements: Iterable[Sequence[Party]], on: date) -> Sequence[Party] | None:
    """Return the agreement most recently signed by all on a day, None when none is; of a tie, the last listed."""
    found: Sequence[Party] | None = None
    latest: date | None = None
    for parties in agreements:
        day = signed_from(parties)
        if day is not None and day <= on and (latest is None or latest <= day):
            found, latest = parties, day
    return found


def find_rest(shares: Iterable[Fraction]) -> Fraction:
    """Return how many percentage points are left to 100 %, negative when the shares are too much."""
    return WHOLE - sum(shares, Fraction(0))
