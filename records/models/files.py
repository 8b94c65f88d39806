"""Stored files: kept privately, named by a uuid, with the hash of what was stored."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: User) -> Self:
        """Return the person's own; what the system made is for administrators.

        A file holds what the one who had it made may see, so that it is nobody else's. Attachments are read through
        their page only, also by who uploaded them.
        """
        own = Q(started_by=user.pk) | (Q(started_by=None) if user.is_staff else Q())
        return self.filter(own, page="")


@tracked(key="file", shown=("size",), hidden=("content_type", "sha256", "path", "page", "about", "started_by"))
class StoredFile(models.Model):
    """A file that somebody uploaded or a job made; `about` is the uuid of what it belongs to. Size in bytes.

    An attachment names the `page` that it is shown on (see Comment): who sees that page may have it, nobody else.
    """

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=200)
    content_type = models.CharField(_("Kind of content"), max_length=100)
    size = models.PositiveBigIntegerField(_("Size, bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    path = models.CharField(_("Place on disk"), max_length=300, unique=True)
    page = models.CharField(_("Page"), max_length=60, default="", blank=True, db_index=True)
    about = models.UUIDField(_("What it is about"), null=True, blank=True, db_index=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="stored_files", verbose_name=_("Started by")
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("history", "file")
        verbose_name_plural = pgettext_lazy("history", "files")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
