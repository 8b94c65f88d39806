"""Attachments: what may be attached, known by its content and never by its name, and how it is called.

The trick: an Office file is a zip whose members say what it is, so nothing needs to be unpacked to know it.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from engine.texts import compose
from records.models import StoredFile
from records.reasons import Reason
from records.selectors.collaboration import list_attachments
from records.services.files import remove_files, store_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User

OFFICE: Final = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
# The endings of a name and the type that is sent with it. Nothing else is taken.
TYPES: Final = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "odt": f"{OPEN_DOCUMENT}text",
    "ods": f"{OPEN_DOCUMENT}spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}
ALIASES: Final = {"jpeg": "jpg"}
ACCEPT: Final = ",".join(f".{ending}" for ending in (*TYPES, *ALIASES))
MACRO_FOLDERS: Final = ("Basic/", "Scripts/")
OFFICE_PARTS: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
STARTS: Final[dict[str, Callable[[bytes], bool]]] = {
    "pdf": lambda start: start.startswith(b"%PDF-"),
    "png": lambda start: start.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda start: start.startswith(b"\xff\xd8\xff"),
    "webp": lambda start: start[:4] == b"RIFF" and start[8:12] == b"WEBP",
}
MOST_MEMBERS: Final = 10_000
LONGEST_NAME: Final = 150
# Not in a file's name on any system; among them are those that turn the direction of the text, to hide an ending.
UNSAFE: Final = re.compile(r'[<>:"/\\|?*]')


class FileError(Exception):
    """The file can't be attached; the message says why, and what to do."""


@dataclass(frozen=True)
class Upload:
    """A file that may be attached."""

    name: str
    content_type: str
    content: bytes


def read_upload(file: UploadedFile[bytes]) -> Upload:
    """Return the file with a safe name and the type that its content has. Raise FileError."""
    limit = settings.ATTACHMENT_BYTES
    name = clean_name(file.name or "")
    size = file.size or 0
    if size > limit:
        sizes = {"name": name, "size": filesizeformat(size), "limit": filesizeformat(limit)}
        raise FileError(_("“%(name)s” is %(size)s. At most %(limit)s can be attached.") % sizes)
    content = file.read()
    stem, _point, ending = name.rpartition(".")
    ending = ALIASES.get(ending.lower(), ending.lower())
    kind = find_type(content)
    if kind is None:
        raise FileError(_refuse_content(name, ending if stem else ""))
    if not stem or ending != kind:
        words = _(
            "“%(name)s” is a file of the kind %(kind)s by its content. Give it the ending .%(kind)s and try again."
        )
        raise FileError(words % {"name": name, "kind": kind})
    return Upload(name, TYPES[kind], content)


def find_type(content: bytes) -> str | None:
    """Return the ending of what the content is, or None when it is nothing that may be attached.

    Raise FileError for macros.
    """
    for ending, is_it in STARTS.items():
        if is_it(content[:16]):
            return ending
    return _find_office(content) if content.startswith(b"PK\x03\x04") else None


def clean_name(name: str) -> str:
    """Return the name without folders, control characters and what no system takes; its ending is kept."""
    last = compose(name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" or letter in " \t")
    words = " ".join(UNSAFE.sub("_", seen).split()).strip(". ")
    stem, point, ending = words.rpartition(".")
    if not point:
        return words[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip('. ') or 'file'}.{ending[:20]}"


def attach_file(upload: Upload, *, page: str, about: UUID, by: User) -> StoredFile:
    """Keep a file with a page. Raise FileError when the page has as many as it may."""
    if list_attachments(page).count() >= settings.ATTACHMENTS_PER_PAGE:
        words = _("There are already %(count)s attachments, and no more fit. Remove one first.")
        raise FileError(words % {"count": settings.ATTACHMENTS_PER_PAGE})
    return store_file(upload.content, name=upload.name, content_type=upload.content_type, by=by, about=about, page=page)


def remove_attachment(file: StoredFile, *, by: User) -> None:
    """Remove it for good; history keeps its name, its hash and who removed it."""
    remove_files([file], reason=Reason.REMOVE_ATTACHMENT, by=by.email, name=file.name)


def _find_office(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            if len(members) > MOST_MEMBERS:
                return None
            if any(name.endswith("vbaProject.bin") or name.startswith(MACRO_FOLDERS) for name in names):
                raise FileError(_("The file contains macros. Save it without macros and attach that file."))
            if "[Content_Types].xml" in names:
                return next((ending for part, ending in OFFICE_PARTS.items() if part in names), None)
            return _find_open_document(package, members[0]) if members else None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None


def _find_open_document(package: zipfile.ZipFile, first: zipfile.ZipInfo) -> str | None:
    """Read it from the first member, which says it in a few bytes, stored as they are."""
    if first.filename != "mimetype" or first.file_size > 100 or first.compress_type != zipfile.ZIP_STORED:
        return None
    said = package.read(first).decode("ascii", "replace").strip()
    return next((ending for ending in ("odt", "ods") if TYPES[ending] == said), None)


def _refuse_content(name: str, ending: str) -> str:
    if ending in TYPES:
        words = _(
            "“%(name)s” is named .%(ending)s, but its content is something else. Open it, save it again and attach the new file."
        )
    else:
        words = _("“%(name)s” can't be attached. PDF, Word, Excel, PowerPoint, OpenDocument and images can.")
    return words % {"name": name, "ending": ending}
