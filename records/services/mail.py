"""Mail: written to the outbox in the transaction of what it tells of, sent by a worker after commit.

The trick: a worker first moves a message's next_at ahead and commits, then sends, then marks it sent. If it dies in
between, the message is tried again when that time has come, with the same Message-ID, by which mail systems know the two as
one. So a mail is sent at least once, and twice only after such a death.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPConnectError, SMTPServerDisconnected
from socket import gaierror
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from records.models import MailPreference, OutboxMessage
from records.reasons import Reason
from records.services import change
from records.services.sending import send_task

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

# Twelve attempts take almost a day.
MAX_ATTEMPTS = 12
# A worker has this long for a message before another may take it; a failed one waits longer each time.
TAKEN_FOR = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
# What says that the mail server can't be reached, rather than that it refuses a message.
AWAY = (ConnectionError, TimeoutError, gaierror, SMTPConnectError, SMTPServerDisconnected)
EXPIRES_SECONDS = 120


def queue_mail(recipient: User, *, subject: str, body: str, key: str) -> bool:
    """Put a mail in the outbox, in the caller's transaction; False when one with this key was there before."""
    message = OutboxMessage(recipient=recipient, subject=" ".join(subject.split())[:200], body=body, key=key)
    if not recipient.is_active or OutboxMessage.objects.filter(key=key).exists():
        return False
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    transaction.on_commit(request_sending, robust=True)
    return True


@dataclass(frozen=True)
class Held:
    """A mail that is not to leave before `until`."""

    recipient: User
    subject: str
    body: str
    key: str
    until: datetime


def hold_mail(mails: Iterable[Held]) -> None:
    """Put mails in the outbox that leave later; `drop_mail` takes them back, to write them anew, until then."""
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                recipient=mail.recipient,
                subject=" ".join(mail.subject.split())[:200],
                body=mail.body,
                key=mail.key,
                next_at=mail.until,
            )
            for mail in mails
            if mail.recipient.is_active
        ],
        ignore_conflicts=True,
    )


def list_held(prefix: str) -> list[str]:
    """Return the keys with this beginning of mails that wait and have not been tried."""
    rows = OutboxMessage.objects.filter(key__startswith=prefix, sent_at=None, attempts=0)
    return [key for key in rows.values_list("key", flat=True) if key]


def drop_mail(keys: Iterable[str]) -> None:
    """Take back mails by their keys, as far as no worker has taken them."""
    OutboxMessage.objects.filter(key__in=list(keys), sent_at=None, attempts=0).delete()


def send_mail(*, again: bool = False) -> tuple[int, int]:
    """Send what waits; return how many left and how many failed. `again` also tries what waits longer or was given up.

    Each message is tried once in a call; when the mail server is away, the others wait for the next.
    """
    if again:
        OutboxMessage.objects.filter(sent_at=None).update(next_at=timezone.now(), attempts=0)
    started, sent, failed = timezone.now(), 0, 0
    while message := _take(before=started):
        error = _send(message)
        sent, failed = sent + (error is None), failed + (error is not None)
        if isinstance(error, AWAY):
            break
    return sent, failed


def remove_old_mail() -> int:
    """Remove mail that left longer ago than the setting JOB_RETENTION_DAYS; return how many."""
    before = timezone.now() - timedelta(days=settings.JOB_RETENTION_DAYS)
    return int(OutboxMessage.objects.filter(sent_at__lt=before).delete()[0])


def choose_mail(user: User, *, when: str) -> None:
    """Keep when a person wants mail."""
    with change(by=user.email, reason=Reason.CHOOSE_MAIL):
        MailPreference.objects.update_or_create(user=user, defaults={"when": when})


def mark_digested(user: User, *, until: datetime) -> None:
    """Remember until when a person's digest has told."""
    MailPreference.objects.update_or_create(user=user, defaults={"digested_at": until})


def request_sending() -> None:
    send_task("records.send_mail", expires=EXPIRES_SECONDS)


def _take(*, before: datetime) -> OutboxMessage | None:
    """Return the oldest waiting message, which no other worker takes for a while."""
    with transaction.atomic():
        rows = OutboxMessage.objects.filter(sent_at=None, next_at__lte=before, attempts__lt=MAX_ATTEMPTS)
        rows = rows.order_by("next_at", "pk").select_for_update(of=("self",), skip_locked=True)
        message: OutboxMessage | None = rows.select_related("recipient").first()
        if message is not None:
            message.attempts += 1
            message.next_at = timezone.now() + TAKEN_FOR
            message.save(update_fields=["attempts", "next_at"])
    return message


def _send(message: OutboxMessage) -> Exception | None:
    """Send it; what went wrong is kept with it and returned."""
    try:
        _as_mail(message).send()
    except Exception as error:  # whatever it is, the other messages are sent
        log.exception("Mail %s could not be sent, attempt %s.", message.uuid, message.attempts)
        wait = min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT)
        text = f"{type(error).__name__}: {error}"[:1000]
        OutboxMessage.objects.filter(pk=message.pk).update(error=text, next_at=timezone.now() + wait)
        return error
    OutboxMessage.objects.filter(pk=message.pk).update(sent_at=timezone.now(), error="")
    return None


def _as_mail(message: OutboxMessage) -> EmailMessage:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{message.uuid}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(message.subject, message.body, to=[message.recipient.email], headers=headers)
