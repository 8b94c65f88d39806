"""Stored files: kept privately, named by a uuid, with the hash of what was stored."""

import uuid

from django.conf import settings
from django.db import models

from itsam.web.history import tracked
from records.models.jobs import OwnedQuerySet


@tracked()
class StoredFile(models.Model):
    """A file that somebody uploaded or a job made; `about` is the uuid of what it belongs to. Size in bytes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=300, unique=True)
    about = models.UUIDField(null=True, blank=True, db_index=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="stored_files")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
