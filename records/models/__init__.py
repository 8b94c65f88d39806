"""What every app keeps: jobs, stored files, comments, mail to send, and where figures come from."""

from records.models.comments import Comment, Mention, Task
from records.models.files import StoredFile
from records.models.jobs import Job
from records.models.outbox import MailPreference, OutboxMessage
from records.models.provenance import Provenance

__all__ = [
    "Comment",
    "Job",
    "MailPreference",
    "Mention",
    "OutboxMessage",
    "Provenance",
    "StoredFile",
    "Task",
]
