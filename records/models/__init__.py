"""What every app keeps: jobs, stored files, comments, mail to send, and where figures come from."""

from records.models.comments import Comment
from records.models.files import StoredFile
from records.models.jobs import Job
from records.models.outbox import OutboxMessage
from records.models.provenance import Provenance

__all__ = ["Comment", "Job", "OutboxMessage", "Provenance", "StoredFile"]
