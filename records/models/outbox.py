"""Mail to send, written in the same transaction as what it tells of, so that none is lost or sent too early."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models.jobs import OwnedQuerySet


class MessageQuerySet(OwnedQuerySet):
    owner_field = "recipient"


class OutboxMessage(models.Model):
    """One mail; sent_at is empty until it has left.

    `key` names what it tells of, so that nobody is told twice. `next_at` is when it may be tried: a worker that takes it
    moves that ahead before it sends, so no other takes it meanwhile.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(sent_at=None), name="mail_to_send")]

    def __str__(self) -> str:
        return self.subject


class PreferenceQuerySet(OwnedQuerySet):
    owner_field = "user"


class MailPreference(models.Model):
    """When a person wants mail; somebody without a row gets the daily digest. `digested_at` is the last one's end."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", _("At once, one mail for each")
        DAILY = "daily", _("Once a day, all in one mail")
        NEVER = "never", _("No mail")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_preference"
    )
    when = models.CharField(max_length=10, choices=When, default=When.DAILY)
    digested_at = models.DateTimeField(null=True, blank=True)

    objects = PreferenceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user}: {self.get_when_display()}"
