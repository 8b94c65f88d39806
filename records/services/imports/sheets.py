"""Cells of a sheet's XML, read in a stream: what openpyxl would read of them, in a fifth of its time.

The trick: the parser calls back for each element, and no tree is built, which took most of a long file's time; a row is
kept until it is asked for, so a file of any length takes the same memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHEET_MAIN_NS

from records.import_kinds import Cell
from records.services.imports.source import MOST_COLUMNS, FileRow

BLOCK = 1 << 16
DIGITS = "0123456789"
# What openpyxl makes of a day that no calendar has.
NO_DAY = "#VALUE!"
ROW, CELL, VALUE, FORMULA, DATA, TEXT, PHONETIC, STRING = (
    f"{SHEET_MAIN_NS}}}{name}" for name in ("row", "c", "v", "f", "sheetData", "t", "rPh", "si")
)


class Uncounted(str):
    """A formula whose value the file does not hold."""


@dataclass(frozen=True)
class Formats:
    """What numbers mean: the styles, by number as text, that show days or spans of time, and the day that Excel counts from."""

    days: frozenset[str] = frozenset()
    spans: frozenset[str] = frozenset()
    epoch: datetime | None = None


class _Parser:
    """Calls `_start` and `_end` for elements, and gathers the text between. ExpatError for what is no XML, or not plain."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.is_done = False
        parser: Any = ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self.text.append
        parser.StartDoctypeDeclHandler = _refuse
        self._parser = parser

    def feed(self, source: IO[bytes]) -> Iterator[None]:
        """Read a source until it is done, block by block."""
        while not self.is_done and (block := source.read(BLOCK)):
            self._parser.Parse(block)
            yield
        if not self.is_done:
            self._parser.Parse(b"", True)
            yield

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        raise NotImplementedError


def _refuse(*_declared: object) -> None:
    """Office writes no document types: one can make a small file larger than any memory."""
    raise ExpatError("a document type")


class _Strings(_Parser):
    """The texts that sheets share; of a text in parts the whole, without how it is pronounced."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.parts: list[str] = []
        self.is_spoken = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == TEXT:
            self.text.clear()
        elif name == STRING:
            self.parts = []
        elif name == PHONETIC:
            self.is_spoken = True

    def _end(self, name: str) -> None:
        if name == TEXT and not self.is_spoken:
            self.parts.append("".join(self.text))
        elif name == STRING:
            self.found.append("".join(self.parts).replace("x005F_", ""))
        elif name == PHONETIC:
            self.is_spoken = False


def read_strings(source: IO[bytes]) -> list[str]:
    """Return the texts that the sheets of a file share, in order."""
    parser = _Strings()
    for _block in parser.feed(source):
        pass
    return parser.found


class _Rows(_Parser):
    """Rows, gathered until they are taken."""

    def __init__(self, strings: list[str], formats: Formats) -> None:
        super().__init__()
        self.strings, self.formats = strings, formats
        self.rows: list[FileRow] = []
        self.number = 0
        self.columns: dict[str, int] = {}
        self._begin_row({})
        self._begin_cell({})

    def take(self) -> list[FileRow]:
        """Return the rows read since it was asked last."""
        rows, self.rows = self.rows, []
        return rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == CELL:
            self._begin_cell(attributes)
        elif name in (VALUE, TEXT):
            self.text.clear()
        elif name == FORMULA:
            self.has_formula = True
        elif name == ROW:
            self._begin_row(attributes)
        elif name == PHONETIC:
            self.is_spoken = True

    def _end(self, name: str) -> None:
        if name == VALUE:
            self.value = "".join(self.text)
        elif name == CELL:
            self._end_cell()
        elif name == ROW:
            self.rows.append(FileRow(self.number, self.cells))
        elif name == TEXT and not self.is_spoken:
            self.inline += "".join(self.text)
        elif name == PHONETIC:
            self.is_spoken = False
        elif name == DATA:
            self.is_done = True

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        if attributes:
            self.number = self.number + 1 if number is None else int(float(number))
        self.cells: list[Cell] = []
        self.place = -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.value = self.inline = ""
        self.has_formula = self.is_spoken = False
        where = attributes.get("r")
        self.place = self.place + 1 if where is None else self._find_column(where)

    def _find_column(self, where: str) -> int:
        letters = where.rstrip(DIGITS)
        place = self.columns.get(letters)
        if place is None:
            place = self.columns[letters] = column_index_from_string(letters) - 1
        return place

    def _end_cell(self) -> None:
        cell: Cell = self._read()
        if cell is None and self.has_formula:
            cell = Uncounted()
        if cell is not None and self.place < MOST_COLUMNS:
            self.cells += [None] * (self.place - len(self.cells))
            self.cells.append(cell)

    def _read(self) -> Cell:
        if self.kind == "inlineStr":
            return self.inline or None
        if not self.value:
            return None
        read = READERS.get(self.kind)
        return read(self, self.value) if read else self.value

    def _read_number(self, text: str) -> Cell:
        number = int(text) if text.isdigit() else _to_number(text)
        if self.style not in self.formats.days:
            return number
        try:
            return from_excel(number, self.formats.epoch, timedelta=self.style in self.formats.spans)  # type: ignore[no-any-return]
        except (OverflowError, ValueError):
            return NO_DAY

    def _read_shared(self, text: str) -> Cell:
        return self.strings[int(text)] or None


def _to_number(text: str) -> int | float:
    return float(text) if "." in text or "E" in text or "e" in text else int(text)


READERS: dict[str, Callable[[_Rows, str], Cell]] = {
    "n": _Rows._read_number,
    "s": _Rows._read_shared,
    "b": lambda _rows, text: bool(int(text)),
    "d": lambda _rows, text: from_ISO8601(text),
}


def read_rows(source: IO[bytes], strings: list[str], formats: Formats) -> Iterator[FileRow]:
    """Yield the rows of a sheet, as many columns as are filled. Raise ExpatError, ValueError or IndexError where it is broken."""
    parser = _Rows(strings, formats)
    for _block in parser.feed(source):
        yield from parser.take()
