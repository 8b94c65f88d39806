"""What people tell of the service: something that they could not use. Anybody may, also without signing in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REPORT = 5_000


class ReportQuerySet(models.QuerySet["AccessibilityReport"]):
    def visible_to(self, user: User) -> Self:
        """Return all for administrators: it may hold an address, and says who could not use what."""
        return self if user.is_staff else self.none()


class AccessibilityReport(models.Model):
    """A report of what is not accessible; sent_at is empty until it has left for the address of the settings."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(_("What does not work"))
    page = models.CharField(_("Which page"), max_length=500, blank=True)
    contact = models.EmailField(_("Your email address"), blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True, db_index=True)
    sent_at = models.DateTimeField(_("Sent"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("accessibility report")
        verbose_name_plural = _("accessibility reports")
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="accessibility_report_has_a_text")]

    def __str__(self) -> str:
        return self.text[:60]
