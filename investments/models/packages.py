"""What the members' councils are asked to decide on a framework, and how far it has come with each of them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from engine.days import DayKind
from investments.models.frameworks import BorrowingFramework
from objects.models import Municipality
from objects.models.roles import FEDERATION_ROLES, roles_of
from records.models import Provenance
from web.days import DayField, day_checks
from web.ordering import in_swedish
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


class PackageQuerySet(models.QuerySet["CouncilPackage"]):
    def visible_to(self, user: User) -> Self:
        """Return all for the federation, and what is sent for others with a role."""
        roles = roles_of(user)
        if roles & FEDERATION_ROLES:
            return self
        return self.filter(sent_at__isnull=False) if roles else self.none()


@tracked(shown=("framework", "sent_at"), title="framework")
class CouncilPackage(models.Model):
    """The text that every council is asked to decide, one clause a line; when the first is sent it is frozen by a trigger."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    framework = models.OneToOneField(
        BorrowingFramework, models.PROTECT, related_name="package", verbose_name=_("Borrowing framework")
    )
    text = models.TextField(_("What each council is asked to decide"), blank=True)
    sent_at = models.DateTimeField(_("Frozen since"), null=True, blank=True, editable=False)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("council package")
        verbose_name_plural = _("council packages")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(text__regex=r"\S"), name="package_is_sent_with_a_text"
            )
        ]

    def __str__(self) -> str:
        return str(self.framework)

    @property
    def clauses(self) -> list[str]:
        """Its text, clause by clause."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]


class PackageCouncilQuerySet(models.QuerySet["PackageCouncil"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(package__in=CouncilPackage.objects.visible_to(user))


@tracked(
    key="package_council",
    shown=("sent_on", "planned_on", "planned_notice_on"),
    title="municipality",
    place="package",
)
class PackageCouncil(models.Model):
    """When a package was sent to a council, and when the council plans to decide; what it decided is `CouncilDecision`."""

    package = models.ForeignKey(
        CouncilPackage, models.CASCADE, related_name="councils", verbose_name=_("Council package")
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="packages", verbose_name=_("Municipality")
    )
    sent_on = DayField(_("Sent on"), null=True, blank=True, ahead=0, kind=DayKind.DONE)
    planned_on = DayField(_("Planned decision"), null=True, blank=True, ahead=3, kind=DayKind.COMING)
    planned_notice_on = DayField(_("Planned notice"), null=True, blank=True, ahead=3, kind=DayKind.COMING)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = PackageCouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("council of a package")
        verbose_name_plural = _("councils of packages")
        ordering = ["package", in_swedish("municipality__name")]
        constraints = [
            models.UniqueConstraint(fields=["package", "municipality"], name="package_council_once"),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=True) | Q(sent_on__isnull=True) | Q(planned_on__gte=F("sent_on")),
                name="planned_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(planned_notice_on__isnull=True) | Q(planned_on__isnull=False),
                name="planned_notice_has_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(planned_notice_on__isnull=True)
                | Q(planned_on__isnull=True)
                | Q(planned_notice_on__gte=F("planned_on")),
                name="planned_notice_after_decision",
            ),
            *day_checks("package", "sent_on", "planned_on", "planned_notice_on"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.package}"
