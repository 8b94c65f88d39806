"""A decision's documents: minutes and what was laid before the meeting, kept privately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from objects.models import Decision
from objects.selectors.decisions import can_register, list_documents
from records.models import StoredFile
from records.reasons import Reason
from records.services.attachments import Upload
from records.services.files import remove_files, store_file

if TYPE_CHECKING:
    from accounts.models import User


def add_document(decision: Decision, upload: Upload, *, by: User) -> StoredFile:
    """Keep a file with a decision, for those who see it. ValidationError when it has as many as it may; PermissionDenied
    when `by` keeps no register."""
    _require(by)
    most = settings.ATTACHMENTS_PER_PAGE
    with transaction.atomic():
        # Two who add at once count one after the other.
        Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
        if list_documents(decision).count() >= most:
            raise ValidationError(_("A decision has at most %(count)s documents. Remove one first.") % {"count": most})
        kind = upload.content_type
        return store_file(upload.content, name=upload.name, content_type=kind, by=by, about=decision.uuid)


def remove_document(file: StoredFile, *, by: User) -> None:
    """Remove it for good; history keeps its name and hash."""
    _require(by)
    remove_files([file], reason=Reason.REMOVE_DOCUMENT_OF_DECISION, by=by.email)


def _require(user: User) -> None:
    if not can_register(user):
        raise PermissionDenied
