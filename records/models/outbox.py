"""Mail to send, written in the same transaction as what it tells of, so that none is lost or sent too early."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models.jobs import OwnedQuerySet


class MessageQuerySet(OwnedQuerySet["OutboxMessage"]):
    owner_field = "recipient"


class OutboxMessage(models.Model):
    """One mail; sent_at is empty until it has left.

    `key` names what it tells of, so that nobody is told twice. `next_at` is when it may be tried: a worker that takes it
    moves that ahead before it sends, so no other takes it meanwhile.
    """

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(_("What it tells of"), max_length=120, unique=True, null=True, blank=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages", verbose_name=_("Recipient")
    )
    subject = models.CharField(_("Subject"), max_length=200)
    body = models.TextField(_("Text"))
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    next_at = models.DateTimeField(_("Next attempt"), default=timezone.now)
    sent_at = models.DateTimeField(_("Sent"), null=True, blank=True)
    error = models.TextField(_("Error"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail to send")
        verbose_name_plural = _("mail to send")
        ordering = ["created_at"]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(sent_at=None), name="mail_to_send")]

    def __str__(self) -> str:
        return self.subject


class PreferenceQuerySet(OwnedQuerySet["MailPreference"]):
    owner_field = "user"


class MailPreference(models.Model):
    """When a person wants mail; somebody without a row gets the daily digest. `digested_at` is the last one's end."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", _("At once, one mail for each")
        DAILY = "daily", _("Once a day, all in one mail")
        NEVER = "never", _("No mail")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="mail_preference",
        verbose_name=_("User"),
    )
    when = models.CharField(_("When mail is sent"), max_length=10, choices=When, default=When.DAILY)
    digested_at = models.DateTimeField(_("Last digest"), null=True, blank=True)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of mail")
        verbose_name_plural = _("choices of mail")

    def __str__(self) -> str:
        return f"{self.user}: {self.get_when_display()}"
