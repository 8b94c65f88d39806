"""What forecasts and pages read of frameworks, as values of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.framework import CouncilDecision as Council
from engine.framework import Framework, Membership, in_force_from
from investments.models import BorrowingFramework, CouncilDecision
from objects.models import Municipality


def load_frameworks() -> list[Framework]:
    """Return every framework with the date it gained force; None while a member's council is missing."""
    frameworks, members = BorrowingFramework.objects.prefetch_related("council_decisions"), load_memberships()
    return [Framework(framework.amount_ore, framework_in_force_from(framework, members)) for framework in frameworks]


def framework_in_force_from(framework: BorrowingFramework, members: Sequence[Membership]) -> date | None:
    """Return when the councils of all members of the day had decided with legal force (rule 8)."""
    return in_force_from(map(to_engine_council, framework.council_decisions.all()), members)


def to_engine_council(decision: CouncilDecision) -> Council:
    """Return a council's decision as the engine's value; the municipality is known by its key."""
    key, is_appealed = str(decision.municipality_id), decision.appealed_on is not None
    return Council(key, decision.announced_on, decision.legal_force_on, is_appealed)


def load_memberships() -> list[Membership]:
    """Return all memberships, also those that have ended or are to begin; municipalities are known by their keys."""
    rows = Municipality.objects.order_by("pk").values_list("pk", "member_from_on", "member_to_on")
    return [Membership(str(key), from_on, to_on) for key, from_on, to_on in rows]
