"""A decision's documents: minutes and what was laid before the meeting, kept privately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from objects.models import Decision
from objects.selectors import can_register
from records.models import StoredFile
from records.services.attachments import Upload
from records.services.files import remove_files, store_file

if TYPE_CHECKING:
    from accounts.models import User


def add_document(decision: Decision, upload: Upload, *, by: User) -> StoredFile:
    """Keep a file with a decision, for those who see it. ValidationError when it has as many as it may; PermissionDenied
    when `by` keeps no register."""
    _require(by)
    most = settings.ATTACHMENTS_PER_PAGE
    if StoredFile.objects.filter(about=decision.uuid).count() >= most:
        raise ValidationError(_("A decision has at most %(count)s documents. Remove one first.") % {"count": most})
    return store_file(upload.content, name=upload.name, content_type=upload.content_type, by=by, about=decision.uuid)


def remove_document(file: StoredFile, *, by: User) -> None:
    """Remove it for good; history keeps its name and hash."""
    _require(by)
    remove_files([file], reason=f"{by.email} removed a document of a decision")


def _require(user: User) -> None:
    if not can_register(user):
        raise PermissionDenied
