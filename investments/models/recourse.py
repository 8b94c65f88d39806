"""How the members divide among themselves what their guarantee costs: an agreement that each of them signs."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.days import DayKind
from investments.models.frameworks import BorrowingFramework
from objects.models import Municipality
from objects.models.roles import VisibleQuerySet
from records.models import Provenance
from web.days import DayField, day_checks
from web.ordering import in_swedish
from web.tracking import tracked


@tracked(
    shown=("framework", "basis"),
    title="framework",
    name=Concat(Cast(F("framework__amount_ore") / 100_000, models.CharField()), Value(" tkr")),
)
class RecourseAgreement(models.Model):
    """The recourse agreement of a framework: in force when all its parties have signed, and the one before until then.

    That the shares are 100 % together, and stay when somebody has signed, is held by triggers.
    """

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    framework = models.OneToOneField(
        BorrowingFramework, models.PROTECT, related_name="recourse", verbose_name=_("Borrowing framework")
    )
    basis = models.CharField(_("Shared by"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("Replaces")
    )
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("recourse agreement")
        verbose_name_plural = _("recourse agreements")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")), name="recourse_replaces_another"
            )
        ]

    def __str__(self) -> str:
        return str(self.framework)


@tracked(key="recourse_party", shown=("share_percent", "signed_on"), title="municipality", place="agreement")
class RecourseParty(models.Model):
    """A member's share of what the guarantee costs, and when it signed."""

    agreement = models.ForeignKey(
        RecourseAgreement, models.CASCADE, related_name="parties", verbose_name=_("Recourse agreement")
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="recourse_shares", verbose_name=_("Municipality")
    )
    share_percent = models.DecimalField(
        _("Share, per cent"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    signed_on = DayField(_("Signed on"), null=True, blank=True, ahead=0, kind=DayKind.DONE)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of a recourse agreement")
        verbose_name_plural = _("shares of recourse agreements")
        ordering = ["agreement", in_swedish("municipality__name")]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "municipality"], name="recourse_share_once_a_member"),
            models.CheckConstraint(condition=Q(share_percent__range=(0, 100)), name="recourse_share_is_a_part"),
            *day_checks("recourse", "signed_on"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.share_percent} %"
