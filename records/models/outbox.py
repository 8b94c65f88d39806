"""Mail to send, written in the same transaction as what it tells of, so that none is lost or sent too early."""

import uuid

from django.conf import settings
from django.db import models

from records.models.jobs import OwnedQuerySet


class MessageQuerySet(OwnedQuerySet):
    owner_field = "recipient"


class OutboxMessage(models.Model):
    """One mail; sent_at is empty until it has left."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.subject
