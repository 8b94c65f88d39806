"""CSV files and text from the clipboard: which signs and which separator they are written with, and their rows."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from django.utils.translation import gettext as _

from records.services.imports.source import MOST_COLUMNS, FileRow, SourceError

SEPARATORS = ("\t", ";", ",")
LOOKED_AT = 20
BLOCK = 1 << 20
LONGEST_CELL = 20_000
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def find_encoding(path: str) -> str:
    """Return how a text is written: by its mark, else UTF-8 where it is that, else as Windows writes it. SourceError."""
    with open(path, "rb") as file:
        start = file.read(4)
        for mark, encoding in MARKS:
            if start.startswith(mark):
                return encoding
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        encoding = "utf-8"
        while block := file.read(BLOCK):
            if b"\0" in block:
                raise SourceError(_("The file is not a text. Choose an Excel file (.xlsx) or a CSV file."))
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                encoding = "cp1252"
        return encoding


def find_separator(lines: list[str]) -> str:
    """Return what stands between cells: what splits the first lines into the most cells, the same number in each."""

    def parts(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator) if any(row)]
        most = max(counts, default=1)
        return (counts.count(most) if most > 1 else 0, most)

    try:
        return max(SEPARATORS, key=parts)
    except csv.Error:
        return ";"


@contextmanager
def open_text(path: str) -> Iterator[TextIO]:
    """Open a text with its own signs; what a sign can't be read as is shown as �."""
    with open(path, encoding=find_encoding(path), errors="replace", newline="") as stream:
        yield stream


def read_rows(stream: TextIO) -> Iterator[FileRow]:
    """Yield the rows of a text that hold anything. SourceError where a quotation mark is never closed."""
    first = [line for _number, line in zip(range(LOOKED_AT), stream, strict=False)]
    separator = find_separator(first)
    stream.seek(0)
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(stream, delimiter=separator), start=1):
            if any(cell.strip() for cell in cells):
                yield FileRow(number, list(cells[:MOST_COLUMNS]))
    except csv.Error as error:
        said = _("The file can't be read after row %(number)s: a quotation mark seems to be missing there.")
        raise SourceError(said % {"number": number}) from error
