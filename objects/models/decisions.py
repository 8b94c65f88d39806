"""Decisions of the board and the councils; a budget is adopted and a framework raised only by one of them.

Checks that need another row or today's date are triggers, in `objects.migrations._sql`; the others are constraints.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.days import DayKind
from engine.decisions import legal_force_on
from objects.models.parties import Municipality
from objects.models.roles import FEDERATION_ROLES, roles_of
from records.models import Provenance
from web.days import DayField, day_checks
from web.ordering import in_swedish
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> Self:
        """Return all for the federation, and what is decided for others with a role."""
        roles = roles_of(user)
        if roles & FEDERATION_ROLES:
            return self
        return self.filter(stage="decided") if roles else self.none()


def _later(name: str, earlier: str, *, needed: bool = False) -> Q:
    """Require that `name` is not before `earlier` where both are known; with `needed`, `earlier` must be known."""
    follows = Q(**{f"{name}__gte": F(earlier)})
    known = follows & Q(**{f"{earlier}__isnull": False}) if needed else follows | Q(**{f"{earlier}__isnull": True})
    return Q(**{f"{name}__isnull": True}) | known


@tracked(shown=("stage", "body", "meeting_on", "paragraph"))
class Decision(models.Model):
    """One item of minutes, or one that is planned for them. What is not known stays empty."""

    class Stage(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("decision", "planned")
        DECIDED = "decided", pgettext_lazy("decision", "decided")

    class Body(models.TextChoices):
        BOARD = "board", _("board")
        COUNCIL = "council", _("municipal council")

    class Kind(models.TextChoices):
        ADOPT_BUDGET = "adopt_budget", _("adopt budget")
        ADOPT_FRAMEWORK = "adopt_framework", _("adopt borrowing framework")
        PROPOSE_FRAMEWORK = "propose_framework", _("propose borrowing framework")
        USE_EQUITY = "use_equity", _("use equity")
        GRANT_REQUEST = "grant_request", _("grant supplementary request")
        APPROVE_ACCOUNTS = "approve_accounts", _("approve accounts")
        ACCESSION = "accession_process", _("accession process")
        KEYS = "keys", _("allocation keys")
        PRICES = "prices", _("prices")
        CHARTER = "charter", _("charter of the federation")
        AGREEMENT = "agreement", _("agreement")
        LETTER_OF_INTENT = "letter_of_intent", _("letter of intent")
        RECOURSE = "recourse", _("recourse agreement")
        INFORMATION = "information", _("information")
        OTHER = "other", _("other")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DECIDED)
    body = models.CharField(_("decided by"), max_length=10, choices=Body)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="council_decisions",
        verbose_name=_("municipality"),
    )
    kind = models.CharField(pgettext_lazy("decision", "kind"), max_length=20, choices=Kind)
    meeting_on = DayField(_("meeting"), null=True, blank=True, ahead=5, kind=DayKind.DONE)
    announced_on = DayField(_("meeting announced"), null=True, blank=True, ahead=5)
    approved_on = DayField(_("minutes approved"), null=True, blank=True, ahead=0, kind=DayKind.DONE)
    noticed_on = DayField(_("notice put up"), null=True, blank=True, ahead=0, kind=DayKind.DONE)
    appealed_on = DayField(_("appealed"), null=True, blank=True, ahead=0)
    legal_force_on = DayField(_("legal force"), null=True, blank=True, ahead=5)
    paragraph = models.PositiveSmallIntegerField(_("paragraph"), null=True, blank=True)
    registry_no = models.CharField(_("registry number"), max_length=40, blank=True)
    text = models.TextField(pgettext_lazy("decision", "text"))
    state = models.CharField(_("note"), max_length=200, blank=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    provenance = models.CharField(_("source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-meeting_on", "paragraph", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paragraph__isnull=True) | Q(paragraph__gte=1, meeting_on__isnull=False),
                name="decision_paragraph_is_of_a_meeting",
            ),
            models.CheckConstraint(
                condition=_later("meeting_on", "announced_on")
                & (Q(announced_on__isnull=True) | Q(meeting_on__isnull=False)),
                name="decision_meeting_announced_before",
            ),
            models.CheckConstraint(
                condition=_later("approved_on", "meeting_on", needed=True), name="decision_approved_after_meeting"
            ),
            models.CheckConstraint(
                condition=_later("noticed_on", "meeting_on", needed=True) & _later("noticed_on", "approved_on"),
                name="decision_noticed_after_meeting",
            ),
            models.CheckConstraint(
                condition=_later("legal_force_on", "meeting_on") & _later("legal_force_on", "noticed_on"),
                name="decision_in_force_after_notice",
            ),
            models.CheckConstraint(
                condition=~Q(stage="planned")
                | Q(
                    paragraph__isnull=True,
                    approved_on__isnull=True,
                    noticed_on__isnull=True,
                    appealed_on__isnull=True,
                    legal_force_on__isnull=True,
                ),
                name="planned_decision_has_no_minutes",
            ),
            models.CheckConstraint(
                condition=Q(body="council") ^ Q(municipality__isnull=True), name="council_decision_names_municipality"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("pk")), name="decision_supersedes_another"
            ),
            models.UniqueConstraint(
                fields=["meeting_on", "paragraph"], condition=Q(body="board"), name="board_paragraph_once_a_meeting"
            ),
            models.UniqueConstraint(
                fields=["municipality", "meeting_on", "paragraph"],
                condition=Q(body="council"),
                name="council_paragraph_once_a_meeting",
            ),
            *day_checks(
                "decision", "meeting_on", "announced_on", "approved_on", "noticed_on", "appealed_on", "legal_force_on"
            ),
        ]

    def __str__(self) -> str:
        return self.heading[:80]

    @property
    def heading(self) -> str:
        """The first line of its text, by which it is known."""
        return self.text.partition("\n")[0].strip()

    @property
    def rest(self) -> str:
        """What its text says beyond its name."""
        return self.text.partition("\n")[2].strip() if str(self) == self.heading else self.text

    @property
    def is_planned(self) -> bool:
        return self.stage == self.Stage.PLANNED

    @property
    def force_on(self) -> date | None:
        """When it gains legal force by itself, as the engine's rule says; None when that is not known."""
        return legal_force_on(self.noticed_on, self.legal_force_on, is_appealed=self.appealed_on is not None)


class ConditionQuerySet(models.QuerySet["DecisionCondition"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(decision__in=Decision.objects.visible_to(user))


@tracked(key="condition", shown=("municipality",), place="decision")
class DecisionCondition(models.Model):
    """What a decision is valid only with; one row for each council that must decide.

    Met by another decision from when that one gains legal force, or on a day that is entered, which goes before it.
    """

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="conditions", verbose_name=_("Decision"))
    text = models.CharField(_("valid only if"), max_length=200)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    met_on = DayField(_("met on"), null=True, blank=True, ahead=0, kind=DayKind.DONE)
    met_by = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="meets", verbose_name=_("met by")
    )

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition of a decision")
        verbose_name_plural = _("conditions of decisions")
        ordering = ["decision", in_swedish("text"), in_swedish("municipality__name")]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "text", "municipality"], nulls_distinct=False, name="condition_once_a_decision"
            ),
            models.CheckConstraint(
                condition=Q(met_by__isnull=True) | ~Q(met_by=F("decision")), name="condition_met_by_another"
            ),
            *day_checks("condition", "met_on"),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.municipality}" if self.municipality else self.text

    @property
    def met_from(self) -> date | None:
        """From when it is met; None while it is open."""
        return self.met_on or (self.met_by.force_on if self.met_by else None)
