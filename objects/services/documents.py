"""A decision's documents: minutes and what was laid before the meeting, as PDF, kept privately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from objects.models import Decision
from objects.selectors import can_register
from records.models import StoredFile
from records.services.files import remove_files, store_file

if TYPE_CHECKING:
    from accounts.models import User

MOST_BYTES = 20 * 1024 * 1024
PDF = b"%PDF-"
MOST_FILES = 20


def add_document(decision: Decision, *, name: str, content: bytes, by: User) -> StoredFile:
    """Keep a PDF with a decision, for those who see it. PermissionDenied when `by` keeps no register."""
    _require(by)
    check_size(len(content))
    check_pdf(name, content[: len(PDF)])
    if StoredFile.objects.filter(about=decision.uuid).count() >= MOST_FILES:
        raise ValidationError(
            _("A decision has at most %(count)s documents. Remove one first.") % {"count": MOST_FILES}
        )
    return store_file(content, name=name, content_type="application/pdf", by=by, about=decision.uuid)


def remove_document(file: StoredFile, *, by: User) -> None:
    """Remove it for good; history keeps its name and hash."""
    _require(by)
    remove_files([file], reason=f"{by.email} removed a document of a decision")


def check_size(size: int) -> None:
    """ValidationError when a file is larger than what is taken; asked before it is read."""
    if size > MOST_BYTES:
        sizes = {"size": filesizeformat(size), "limit": filesizeformat(MOST_BYTES)}
        raise ValidationError(_("The file is %(size)s. At most %(limit)s is taken.") % sizes)


def check_pdf(name: str, start: bytes) -> None:
    """ValidationError unless the content begins as a PDF does, whatever its name is."""
    if start != PDF:
        words = _("“%(name)s” is no PDF, whatever its name says. Save it as PDF and choose that file.")
        raise ValidationError(words % {"name": name})


def _require(user: User) -> None:
    if not can_register(user):
        raise PermissionDenied
