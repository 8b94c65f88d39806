"""Reads the demo's CSV files; every problem is found and named before anything is written.

The trick: a broken cell is noted with file, row, field, value and remedy, and reading goes on with a stand-in, so
that a person sees all problems at once.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _

from engine.days import FIRST_DAY, LAST_DAY, is_kept
from engine.texts import compose

UNKNOWN = "x"
# In tkr this is 10 000 mkr, in kronor 10 mdkr: any larger figure is a slip of the pen.
MOST = 10**10
LONGEST = 160


class DemoDataError(Exception):
    """The CSV files have problems; each names file, row, field and value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Row:
    """One row of a file; its readers note a problem rather than raise."""

    reader: Reader
    file: str
    number: int
    cells: dict[str, str]

    def fail(self, name: str, remedy: str) -> None:
        """Note a problem with the cell `name`."""
        place = _("%(file)s row %(row)s, field %(field)s: “%(value)s”.") % {
            "file": self.file, "row": self.number, "field": name, "value": self.cells.get(name, "")
        }  # fmt: skip
        self.reader.problems.append(f"{place} {remedy}")

    def text(self, name: str, *, required: bool = True, longest: int = LONGEST) -> str:
        """Return a cell's text of at most `longest` characters."""
        value = self.cells.get(name, "")
        if required and not value:
            self.fail(name, _("It must not be empty."))
        if len(value) > longest:
            self.fail(name, _("It must have at most %(longest)s characters.") % {"longest": longest})
        return value

    def known(self, name: str, allowed: Collection[str]) -> str:
        """Return a cell that must be one of `allowed`."""
        value = self.text(name)
        if value and value not in allowed:
            self.fail(name, _("It is not known. Known are: %(known)s.") % {"known": ", ".join(sorted(allowed))})
        return value

    def once(self, name: str, key: object, seen: set[object]) -> None:
        """Note a problem when `key` was there before; `seen` gathers the keys."""
        if key in seen:
            self.fail(name, _("It occurs twice; remove one of the rows."))
        seen.add(key)

    def whole(self, name: str, *, least: int | None = None, most: int = MOST) -> int | None:
        """Return a whole number, or None when the cell is empty or not yet known."""
        value = self.cells.get(name, "")
        if value in ("", UNKNOWN):
            return None
        try:
            number = int(value)
        except ValueError:
            self.fail(name, _("Write a whole number with digits only, such as 1234."))
            return None
        if least is not None and number < least:
            self.fail(name, _("It must be at least %(least)s.") % {"least": least})
        if number > most:
            self.fail(name, _("It must be at most %(most)s.") % {"most": most})
        return number

    def required_whole(self, name: str, *, least: int | None = None, most: int = MOST) -> int:
        """Return a whole number that must be there."""
        number = self.whole(name, least=least, most=most)
        if number is None and self.cells.get(name, "") in ("", UNKNOWN):
            self.fail(name, _("It must not be empty."))
        return number or 0

    def decimal(self, name: str) -> Decimal:
        """Return a number with a decimal point."""
        try:
            return Decimal(self.text(name))
        except InvalidOperation:
            self.fail(name, _("Write a number with a decimal point, such as 2.5."))
            return Decimal(0)

    def required_day(self, name: str) -> date:
        """Return a date that must be there."""
        day = self.day(name)
        if day is None and not self.cells.get(name, ""):
            self.fail(name, _("It must not be empty."))
        return day or date.min

    def day(self, name: str) -> date | None:
        """Return a date as YYYY-MM-DD, or None when empty."""
        value = self.cells.get(name, "")
        try:
            day = date.fromisoformat(value) if value else None
        except ValueError:
            self.fail(name, _("Write a date as 2026-03-31."))
            return None
        if day is not None and not is_kept(day):
            words = {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()}
            self.fail(name, _("Write a day from %(first)s to %(last)s.") % words)
            return None
        return day


@dataclass
class Reader:
    """Reads files of a folder and collects their problems."""

    folder: Path
    problems: list[str] = field(default_factory=list)

    def rows(self, file: str, *columns: str, key: tuple[str, ...] = ()) -> Iterator[Row]:
        """Return the rows of a file that must have these columns; no two rows may have the same `key`."""
        seen: set[object] = set()
        for row in self._rows(file, columns):
            if key:
                row.once(key[-1], tuple(row.cells[name] for name in key), seen)
            yield row

    def _rows(self, file: str, columns: tuple[str, ...]) -> Iterator[Row]:
        path = self.folder / file
        if not path.is_file():
            self.problems.append(
                _("The file %(file)s is missing in %(folder)s.") % {"file": file, "folder": self.folder}
            )
            return
        with path.open(encoding="utf-8", newline="") as stream:
            lines = csv.reader(stream, strict=True)
            try:
                head = next(lines, [])
            except (csv.Error, UnicodeDecodeError) as error:
                self._note_unreadable(file, 1, error)
                return
            missing = [column for column in columns if column not in head]
            if missing:
                self.problems.append(
                    _("%(file)s lacks the columns: %(columns)s.") % {"file": file, "columns": ", ".join(missing)}
                )
                return
            yield from self._read(file, head, lines)

    def _read(self, file: str, head: list[str], lines: Iterator[list[str]]) -> Iterator[Row]:
        number = 1
        try:
            for cells in lines:
                number += 1
                row = Row(self, file, number, dict(zip(head, map(compose, cells), strict=False)))
                if len(cells) != len(head):
                    facts = {"file": file, "row": number, "found": len(cells), "expected": len(head)}
                    self.problems.append(
                        _(
                            "%(file)s row %(row)s has %(found)s fields, not %(expected)s: put text with a comma in quotes."
                        )
                        % facts
                    )
                    continue
                yield row
        except (csv.Error, UnicodeDecodeError) as error:
            self._note_unreadable(file, number + 1, error)

    def _note_unreadable(self, file: str, number: int, error: Exception) -> None:
        facts = {"file": file, "row": number, "error": error}
        self.problems.append(
            _("%(file)s row %(row)s can't be read (%(error)s): close the quotes and save as UTF-8.") % facts
        )

    def check(self) -> None:
        """Raise DemoDataError when anything read had a problem."""
        if self.problems:
            raise DemoDataError(self.problems)
