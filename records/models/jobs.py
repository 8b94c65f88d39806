"""A long job as people see it: who started it, how far it is, what came of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


Row = TypeVar("Row", bound=models.Model, covariant=True)


class OwnedQuerySet(models.QuerySet[Row]):
    """Rows that belong to a person: the person and the administrators see them."""

    owner_field = "started_by"

    def visible_to(self, user: User) -> Self:
        if user.is_staff:
            return self
        return self.filter(**{self.owner_field: user.pk})


class Job(models.Model):
    """One run of a long task. Progress is 0 to 100 %.

    `task` is the name of the Celery task that does it, given the job's uuid; it reads its `arguments` here. `attempts`
    counts the workers that took it. `cancelled_by` is set when somebody asks for its end. `result` holds what came of
    it: the uuid of a stored `file`, or the `url` of a page.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Kind of job"), max_length=60)
    title = models.CharField(_("Title"), max_length=200)
    status = models.CharField(_("Status"), max_length=10, choices=Status, default=Status.WAITING)
    task = models.CharField(_("Name of the task"), max_length=100, default="")
    arguments = models.JSONField(_("Arguments"), default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    progress = models.PositiveSmallIntegerField(_("Progress, %"), default=0)
    message = models.TextField(_("Message"), blank=True)
    result = models.JSONField(_("Outcome"), default=dict, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("Started by"),
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("Sent"), null=True, blank=True)
    started_at = models.DateTimeField(_("Started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("Cancelled by"),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_at_most_100")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in (self.Status.WAITING, self.Status.RUNNING)
