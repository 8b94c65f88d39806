"""Excel files, read a row at a time.

The trick: openpyxl's own reader of a sheet's XML is fed here, since a sheet that is read in streams else hides what was merged
and which formulas have no stored value, and since it keeps an empty element of every row.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from records.import_kinds import Cell
from records.services.imports.source import MOST_COLUMNS, FileRow, SourceError

# A file is packed; what it unpacks to has a limit of its own.
LARGEST_UNPACKED = 600 * 1024 * 1024
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
MOST_MERGED = 200
BLOCK = 1 << 20
OVERLAP = 200


class Uncounted(str):
    """A formula whose value the file does not hold."""


class _Parser(WorkSheetParser):
    """Marks formulas without a value, which else look like empty cells."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Return openpyxl's own answer, with the mark."""
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            cell["value"] = Uncounted()
        return cell


class Workbook:
    """An open Excel file."""

    def __init__(self, book: Any) -> None:
        self.book = book

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets that are seen."""
        return [sheet.title for sheet in self.book.worksheets if sheet.sheet_state == "visible"]

    @property
    def hidden(self) -> list[str]:
        """The names of the sheets that are hidden."""
        return [sheet.title for sheet in self.book.worksheets if sheet.sheet_state != "visible"]

    def rows(self, name: str) -> Iterator[FileRow]:
        """Yield the rows of a sheet that hold anything, with their numbers; as many columns as are filled."""
        sheet = self.book[name]
        with sheet._get_source() as source:
            parser = _Parser(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=self.book.epoch,
                date_formats=self.book._date_formats,
                timedelta_formats=self.book._timedelta_formats,
            )
            holder = None
            for event, element in iterparse(source, events=("start", "end")):
                if event == "start":
                    holder = element if element.tag == DATA_TAG else holder
                elif element.tag == ROW_TAG:
                    number, cells = parser.parse_row(element)
                    yield FileRow(number, _fill(cells))
                    if holder is not None:
                        holder.clear()

    def list_merged(self, name: str) -> list[tuple[int, int, int, int]]:
        """Return what is merged in a sheet, as (first column, first row, last column, last row); they stand after the rows."""
        found: list[tuple[int, int, int, int]] = []
        with self.book[name]._get_source() as source:
            kept = b""
            while block := source.read(BLOCK):
                text = kept + block
                found += [range_boundaries(ref.decode()) for ref in MERGED.findall(text)]
                # What was found once is not to be found again in the overlap.
                last = max((match.end() for match in MERGED.finditer(text)), default=0)
                kept = text[max(last, len(text) - OVERLAP) :]
        return found[:MOST_MERGED]


def _fill(cells: list[dict[str, Any]]) -> list[Cell]:
    filled: list[Cell] = []
    for cell in cells:
        place = cell["column"] - 1
        if cell["value"] is None or place >= MOST_COLUMNS:
            continue
        filled += [None] * (place - len(filled))
        filled.append(cell["value"])
    return filled


@contextmanager
def open_workbook(path: str) -> Iterator[Workbook]:
    """Open an Excel file, whatever it is called. SourceError when it can't be read."""
    with open(path, "rb") as file:
        book = _load(file)
        try:
            yield Workbook(book)
        finally:
            book.close()


def _load(file: BinaryIO) -> Any:
    try:
        with zipfile.ZipFile(file) as package:
            unpacked = sum(member.file_size for member in package.infolist())
        if unpacked <= LARGEST_UNPACKED:
            return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # a broken file breaks openpyxl in many ways
        raise SourceError(
            _("The file can't be opened as an Excel file. Open it in Excel, save it again and choose the new file.")
        ) from error
    raise SourceError(_("The file is too large when it is unpacked. Split it, or save it as CSV."))


def say_merged(merged: tuple[int, int, int, int]) -> str:
    """Return where cells are merged, and what to do."""
    first_column, first_row, last_column, last_row = merged
    place = f"{get_column_letter(first_column)}{first_row}:{get_column_letter(last_column)}{last_row}"
    return _("The cells %(place)s are merged. Split them in the file, so that each row has its own values.") % {
        "place": place
    }
