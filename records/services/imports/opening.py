"""Opens the stored file of an import, whatever it is, and says which sheet is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TextIO

from django.utils.translation import gettext as _

from records.services.attachments import TYPES, FileError, find_type
from records.services.files import path_of
from records.services.imports.source import FileRow, SourceError
from records.services.imports.texts import open_text, read_rows
from records.services.imports.workbook import open_workbook

if TYPE_CHECKING:
    from records.models import Import

EXCEL, TEXT = TYPES["xlsx"], "text/csv"
SEEN_FIRST = 15


@dataclass(frozen=True)
class Opened:
    """An open file. `rows` starts anew each time; `merged` are the cells that are merged in the sheet."""

    rows: Callable[[], Iterator[FileRow]]
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def first(self) -> list[FileRow]:
        """Return the first rows that hold anything."""
        return list(islice((row for row in self.rows() if row.cells), SEEN_FIRST))


def find_content_type(content: bytes) -> str:
    """Return what a file is by its content: Excel, or a text. SourceError where it is neither."""
    try:
        kind = find_type(content)
    except FileError as error:
        raise SourceError(str(error)) from error
    if kind == "xlsx":
        return EXCEL
    if kind is not None or content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SourceError(
            _(
                "Only Excel (.xlsx) and CSV can be read in. Open the file, save it as one of these and choose the new file."
            )
        )
    return TEXT


@contextmanager
def open_source(row: Import, *, sheet: str = "") -> Iterator[Opened]:
    """Open an import's file; of a workbook the named sheet, else the first one that is seen. SourceError."""
    path = str(path_of(row.file.path))
    if row.file.content_type != EXCEL:
        with open_text(path) as stream:
            yield Opened(lambda: read_rows(_rewound(stream)))
        return
    with open_workbook(path) as book:
        sheets = book.sheets
        if not sheets:
            raise SourceError(
                _("All sheets of the file are hidden. Show the one that is to be read, and save the file.")
            )
        name = sheet if sheet in sheets else sheets[0]
        yield Opened(lambda: book.rows(name), name, sheets, book.hidden, book.list_merged(name))


def _rewound(stream: TextIO) -> TextIO:
    stream.seek(0)
    return stream
