"""What a file holds, whatever its kind: rows of cells with their numbers, one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from records.import_kinds import Cell

MOST_COLUMNS = 60
MOST_ROWS = 300_000


class SourceError(Exception):
    """The file can't be read; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row as the file has it; its number is that which a spreadsheet shows."""

    number: int
    cells: list[Cell]
