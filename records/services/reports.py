"""Reports of what is not accessible: kept first, then mailed to the address of the settings, so that none is lost.

The trick: the mail is sent by the same task as all other mail, which comes back every half minute to what is left.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from records.models import AccessibilityReport
from records.services.mail import request_sending

log = logging.getLogger(__name__)
# Anybody may send one, so there are not more of them in an hour.
MOST_AN_HOUR = 30


class TooManyError(Exception):
    """More reports than anybody writes by hand have come."""


def add_report(*, text: str, page: str = "", contact: str = "") -> AccessibilityReport:
    """Keep a report and have it mailed. TooManyError when MOST_AN_HOUR have come within an hour."""
    since = timezone.now() - timedelta(hours=1)
    if AccessibilityReport.objects.filter(created_at__gt=since).count() >= MOST_AN_HOUR:
        raise TooManyError
    with transaction.atomic():
        report = AccessibilityReport.objects.create(text=text, page=page, contact=contact)
        transaction.on_commit(request_sending, robust=True)
    return report


def send_reports() -> int:
    """Mail what has not left; return how many left. One that fails waits for the next time."""
    sent = 0
    for report in AccessibilityReport.objects.filter(sent_at=None).order_by("created_at"):
        try:
            _compose(report).send()
        except Exception:
            log.exception("An accessibility report could not be mailed.")
            break
        sent += AccessibilityReport.objects.filter(pk=report.pk).update(sent_at=timezone.now())
    return sent


def _compose(report: AccessibilityReport) -> EmailMessage:
    body = "\n\n".join(filter(None, (report.text, report.page, report.contact)))
    return EmailMessage(
        subject="Itsam Budget: tillgänglighet",
        body=f"{body}\n",
        to=[settings.ACCESSIBILITY_EMAIL],
        reply_to=[report.contact] if report.contact else None,
        headers={"Message-ID": f"<report-{report.uuid}@itsam-budget>"},
    )
