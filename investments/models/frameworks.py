"""The most that may be owed, and what the members' councils decided of it: shared facts."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.days import DayKind
from objects.models import Decision, Municipality
from objects.models.roles import VisibleQuerySet
from records.models import Provenance
from web.days import DayField, day_checks
from web.fields import OreField
from web.tracking import tracked


@tracked(
    key="framework",
    shown=("amount_ore",),
    name=Concat(Cast(F("amount_ore") / 100_000, models.CharField()), Value(" tkr")),
    exclude=["uuid"],
)
class BorrowingFramework(models.Model):
    """The most the federation may owe, guaranteed by the members; in force with the last council's decision.

    The right to borrow is decided apart from the guarantee, and is at least the guaranteed amount: an empty one is the same.
    `least_headroom_ore` is how little may be left of it before the economist wants to be warned.
    """

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    amount_ore = OreField(_("Amount, SEK"))
    decided_by = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="frameworks",
        verbose_name=_("Adopted by the decision"),
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("Replaces")
    )
    needs = models.CharField(_("Needs"), max_length=200, blank=True)
    right_to_borrow_ore = OreField(_("Right to borrow, SEK"), null=True, blank=True)
    guarantee_fee_ore = OreField(_("Guarantee fee, SEK"), default=0)
    least_headroom_ore = OreField(_("Warn when less is left, SEK"), null=True, blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("borrowing framework")
        verbose_name_plural = _("borrowing frameworks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="framework_is_positive"),
            models.CheckConstraint(
                condition=Q(right_to_borrow_ore__isnull=True) | Q(right_to_borrow_ore__gte=F("amount_ore")),
                name="right_to_borrow_covers_framework",
            ),
            models.CheckConstraint(condition=Q(guarantee_fee_ore__gte=0), name="guarantee_fee_is_not_negative"),
            models.CheckConstraint(
                condition=Q(least_headroom_ore__isnull=True)
                | Q(least_headroom_ore__gte=0, least_headroom_ore__lt=F("amount_ore")),
                name="least_headroom_is_within_framework",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")), name="framework_replaces_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_ore // 100_000} tkr"

    @property
    def borrows_ore(self) -> int:
        """The right to borrow, öre; that of the guaranteed amount where no other is decided."""
        right: int | None = self.right_to_borrow_ore
        return int(self.amount_ore) if right is None else right


@tracked(
    key="council",
    shown=("decided_on", "announced_on", "appealed_on", "legal_force_on"),
    title="municipality",
    place="framework",
)
class CouncilDecision(models.Model):
    """One member council's decision on a framework; its legal force is the engine's rule, or as entered."""

    framework = models.ForeignKey(
        BorrowingFramework, models.CASCADE, related_name="council_decisions", verbose_name=_("Borrowing framework")
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="framework_decisions", verbose_name=_("Municipality")
    )
    decided_on = DayField(_("Decided on"), null=True, blank=True, ahead=0, kind=DayKind.DONE)
    announced_on = DayField(_("Announced on"), null=True, blank=True, ahead=0, kind=DayKind.DONE)
    appealed_on = DayField(_("Appealed on"), null=True, blank=True, ahead=0)
    legal_force_on = DayField(_("Legal force"), null=True, blank=True, ahead=5)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of a council")
        verbose_name_plural = _("decisions of councils")
        ordering = ["framework", "municipality"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "municipality"], name="council_decides_once"),
            models.CheckConstraint(
                condition=Q(announced_on__isnull=True)
                | Q(decided_on__isnull=True)
                | Q(announced_on__gte=F("decided_on")),
                name="announced_after_decided",
            ),
            models.CheckConstraint(
                condition=Q(appealed_on__isnull=True)
                | Q(decided_on__isnull=True)
                | Q(appealed_on__gte=F("decided_on")),
                name="appealed_after_decided",
            ),
            models.CheckConstraint(
                condition=Q(legal_force_on__isnull=True)
                | Q(decided_on__isnull=True)
                | Q(legal_force_on__gte=F("decided_on")),
                name="force_after_decided",
            ),
            models.CheckConstraint(
                condition=Q(legal_force_on__isnull=True)
                | Q(announced_on__isnull=True)
                | Q(legal_force_on__gte=F("announced_on")),
                name="force_after_announced",
            ),
            *day_checks("council", "decided_on", "announced_on", "appealed_on", "legal_force_on"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.framework}"
