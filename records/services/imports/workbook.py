"""Excel files, read a row at a time.

The trick: openpyxl says what the file is made of, which sheets it has and what its styles mean; the sheets themselves are
read here (`sheets`), since openpyxl builds a tree of each cell, reads a sheet once more to find how large it is, and hides
what was merged and which formulas have no stored value.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _
from openpyxl.packaging.relationship import Relationship
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.xml.constants import SHARED_STRINGS

from records.services.imports.sheets import Formats, read_rows, read_strings
from records.services.imports.source import FileRow, SourceError

# A file is packed; what it unpacks to has a limit of its own.
LARGEST_UNPACKED = 600 * 1024 * 1024
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
MOST_MERGED = 200
BLOCK = 1 << 20
OVERLAP = 200
VISIBLE = "visible"


class Sheet(NamedTuple):
    """A sheet: its name, its place in the package, and whether it is seen or hidden."""

    name: str
    path: str
    state: str


class Workbook:
    """An open Excel file."""

    def __init__(self, reader: _Reader) -> None:
        self.archive, self.strings, self._sheets = reader.archive, reader.shared_strings, reader.sheets
        styles = {name: frozenset(map(str, getattr(reader.wb, f"_{name}_formats"))) for name in ("date", "timedelta")}
        self.formats = Formats(styles["date"], styles["timedelta"], reader.wb.epoch)

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets that are seen."""
        return [sheet.name for sheet in self._sheets if sheet.state == VISIBLE]

    @property
    def hidden(self) -> list[str]:
        """The names of the sheets that are hidden."""
        return [sheet.name for sheet in self._sheets if sheet.state != VISIBLE]

    def rows(self, name: str) -> Iterator[FileRow]:
        """Yield the rows of a sheet that hold anything, with their numbers; as many columns as are filled. SourceError."""
        with self._open(name) as source:
            try:
                yield from read_rows(source, self.strings, self.formats)
            except (ExpatError, ValueError, IndexError, zipfile.BadZipFile) as error:
                raise SourceError(_say_broken()) from error

    def _open(self, name: str) -> Any:
        return self.archive.open(next(sheet.path for sheet in self._sheets if sheet.name == name))

    def list_merged(self, name: str) -> list[tuple[int, int, int, int]]:
        """Return what is merged in a sheet, as (first column, first row, last column, last row); they stand after the rows."""
        found: list[tuple[int, int, int, int]] = []
        with self._open(name) as source:
            kept = b""
            while block := source.read(BLOCK):
                text = kept + block
                found += [range_boundaries(ref.decode()) for ref in MERGED.findall(text)]
                # What was found once is not to be found again in the overlap.
                last = max((match.end() for match in MERGED.finditer(text)), default=0)
                kept = text[max(last, len(text) - OVERLAP) :]
        return found[:MOST_MERGED]


class _Reader(ExcelReader):
    """Reads what a file is made of, but no sheet."""

    sheets: list[Sheet]

    def read(self) -> None:
        """Read it."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.sheets = [
            Sheet(sheet.name, related.target, sheet.state)
            for sheet, related in self.parser.find_sheets()
            if related.target in self.valid_files and _is_sheet(related)
        ]

    def read_strings(self) -> None:
        """Read the texts that sheets share."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = read_strings(source)


def _is_sheet(related: Relationship) -> bool:
    return "chartsheet" not in related.Type


@contextmanager
def open_workbook(path: str) -> Iterator[Workbook]:
    """Open an Excel file, whatever it is called. SourceError when it can't be read."""
    with open(path, "rb") as file:
        reader = _load(file)
        try:
            yield Workbook(reader)
        finally:
            reader.archive.close()


def _load(file: BinaryIO) -> _Reader:
    try:
        with zipfile.ZipFile(file) as package:
            unpacked = sum(member.file_size for member in package.infolist())
        if unpacked <= LARGEST_UNPACKED:
            reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
            reader.read()
            return reader
    except Exception as error:  # a broken file breaks openpyxl in many ways
        raise SourceError(_say_broken()) from error
    raise SourceError(_("The file is too large when it is unpacked. Split it, or save it as CSV."))


def _say_broken() -> str:
    return _("The file can't be opened as an Excel file. Open it in Excel, save it again and choose the new file.")


def say_merged(merged: tuple[int, int, int, int]) -> str:
    """Return where cells are merged, and what to do."""
    first_column, first_row, last_column, last_row = merged
    place = f"{get_column_letter(first_column)}{first_row}:{get_column_letter(last_column)}{last_row}"
    return _("The cells %(place)s are merged. Split them in the file, so that each row has its own values.") % {
        "place": place
    }
