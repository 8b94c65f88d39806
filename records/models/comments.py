"""Comments on a line, a product or a sub-budget, told apart by the uuid of what they are about."""

import uuid

from django.conf import settings
from django.db import models

from itsam.web.history import tracked
from records.models.jobs import OwnedQuerySet


class CommentQuerySet(OwnedQuerySet):
    owner_field = "author"


@tracked()
class Comment(models.Model):
    """A comment; `about` is the uuid (or lineage) of its subject, and whoever sees the subject's page sees it there."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.UUIDField(db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:60]
