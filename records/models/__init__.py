"""What every app keeps: reasons, jobs, stored files, comments, mail to send, where figures come from, and digests of history."""

from records.models.acts import ActReason
from records.models.comments import Comment, Mention, Task
from records.models.files import StoredFile
from records.models.history import HistoryDigest, HistoryDisposal, HistoryMark, HistoryPart
from records.models.imports import Import, ImportRow
from records.models.jobs import Job
from records.models.outbox import MailPreference, OutboxMessage
from records.models.provenance import Provenance
from records.models.reports import AccessibilityReport
from records.models.sent import SentForm

__all__ = [
    "AccessibilityReport",
    "ActReason",
    "Comment",
    "HistoryDigest",
    "HistoryDisposal",
    "HistoryMark",
    "HistoryPart",
    "Import",
    "ImportRow",
    "Job",
    "MailPreference",
    "Mention",
    "OutboxMessage",
    "Provenance",
    "SentForm",
    "StoredFile",
    "Task",
]
