"""The register of decisions, and what is missing in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from engine.decisions import announce_by, is_announced_in_time, notice_by
from objects.models import (
    Decision,
    DecisionCondition,
    Municipality,
)
from objects.selectors.registers import can_keep
from records.models import StoredFile
from web.ordering import in_swedish

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User


def can_register(user: User) -> bool:
    """Return whether the user keeps the register of decisions."""
    return can_keep(user)


def list_decisions(user: User) -> QuerySet[Decision]:
    """Return the decisions the user may see, with what they wait for and what supersedes them; newest meeting first."""
    conditions = DecisionCondition.objects.select_related("municipality", "met_by").order_by(
        in_swedish("text"), in_swedish("municipality__name")
    )
    later = Decision.objects.visible_to(user).prefetch_related(Prefetch("conditions", conditions))
    rows: QuerySet[Decision] = Decision.objects.visible_to(user).select_related("municipality", "supersedes")
    rows = rows.prefetch_related(Prefetch("conditions", conditions), Prefetch("superseded_by", later))
    return rows.order_by(F("meeting_on").desc(nulls_last=True), "paragraph", "pk")


def find_decision(user: User, uuid: UUID | str) -> Decision | None:
    """Return one decision, if the user may see it."""
    return list_decisions(user).filter(uuid=uuid).first()


def list_documents(decision: Decision) -> QuerySet[StoredFile]:
    """Return the documents kept with a decision: whoever sees it may have them."""
    return StoredFile.objects.filter(about=decision.uuid).order_by("created_at")


def find_document(decision: Decision, uuid: UUID | str) -> StoredFile | None:
    """Return one document of a decision that the reader sees."""
    return list_documents(decision).filter(uuid=uuid).first()


def list_decision_years(user: User) -> list[int]:
    """Return the years in which there are meetings, newest first."""
    days = Decision.objects.visible_to(user).filter(meeting_on__isnull=False)
    return sorted({day.year for day in days.values_list("meeting_on", flat=True) if day is not None}, reverse=True)


def list_next_items(user: User) -> QuerySet[Decision]:
    """Return the decisions that are planned: those of a dated meeting first, the soonest at the top."""
    rows = Decision.objects.visible_to(user).filter(stage=Decision.Stage.PLANNED).select_related("municipality")
    return rows.order_by(F("meeting_on").asc(nulls_last=True), "body", in_swedish("municipality__name"), "pk")


def list_earlier_decisions(decision: Decision | None) -> QuerySet[Decision]:
    """Return what is decided beside a decision."""
    rows = Decision.objects.filter(stage=Decision.Stage.DECIDED).order_by(F("meeting_on").desc(nulls_last=True), "pk")
    return rows.exclude(pk=decision.pk) if decision is not None and decision.pk else rows


def list_supersedable(decision: Decision) -> QuerySet[Decision]:
    """Return what a decision can supersede: what is decided and in force of no other decision's superseding."""
    rows = list_earlier_decisions(decision)
    own = Q(pk=decision.supersedes_id) if decision.supersedes_id else Q(pk__in=[])
    return rows.filter(Q(superseded_by=None) | own).distinct()


def list_meeting(condition: DecisionCondition) -> QuerySet[Decision]:
    """Return what can meet a condition: of one tied to a council, that council's decisions only."""
    rows = list_earlier_decisions(condition.decision)
    return rows.filter(municipality=condition.municipality) if condition.municipality_id else rows


def find_condition(user: User, uuid: UUID | str) -> DecisionCondition | None:
    """Return one condition, if the user may see its decision."""
    rows = DecisionCondition.objects.visible_to(user).select_related("decision", "municipality", "met_by")
    return rows.filter(uuid=uuid).first()


def list_members() -> QuerySet[Municipality]:
    """Return today's member municipalities, whose councils decide."""
    return Municipality.objects.members_on(timezone.localdate())


class LapseKind(StrEnum):
    """What can be late or missing."""

    NOT_ANNOUNCED = "not announced"
    ANNOUNCED_LATE = "announced late"
    NO_MINUTES = "no minutes"
    NOTICED_LATE = "noticed late"


@dataclass(frozen=True)
class Lapse:
    """Something late or missing: the day it was done (of minutes, the meeting's), and the day it should have been."""

    kind: LapseKind
    day: date | None
    by: date
    days: int = 0


def list_lapses(decision: Decision, today: date) -> list[Lapse]:
    """Return what is late or missing with a decision (rule 9)."""
    lapses = (_check_announcement(decision), _check_minutes(decision, today), _check_notice(decision))
    return [lapse for lapse in lapses if lapse is not None]


def _check_announcement(decision: Decision) -> Lapse | None:
    """Check that the board's meeting that sets the budget is announced seven days before."""
    sets_budget = (decision.kind, decision.body) == (Decision.Kind.ADOPT_BUDGET, Decision.Body.BOARD)
    if not sets_budget or decision.meeting_on is None:
        return None
    by, announced = announce_by(decision.meeting_on), decision.announced_on
    if announced is None:
        return Lapse(LapseKind.NOT_ANNOUNCED, None, by)
    if is_announced_in_time(decision.meeting_on, announced):
        return None
    return Lapse(LapseKind.ANNOUNCED_LATE, announced, by, days=(decision.meeting_on - announced).days)


def _check_minutes(decision: Decision, today: date) -> Lapse | None:
    if not decision.is_planned or decision.meeting_on is None or decision.meeting_on >= today:
        return None
    return Lapse(LapseKind.NO_MINUTES, decision.meeting_on, decision.meeting_on)


def _check_notice(decision: Decision) -> Lapse | None:
    if decision.approved_on is None or decision.noticed_on is None:
        return None
    by = notice_by(decision.approved_on)
    return None if decision.noticed_on <= by else Lapse(LapseKind.NOTICED_LATE, decision.noticed_on, by)
