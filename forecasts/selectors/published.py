"""What the federation says of its published tables: which figures must agree, and what rows and tables are called.

The trick: it is no rule but data of the installation, two files in settings.FEDERATION_FOLDER. They are read when a
process starts, and a bad row stops the start with its file, number and remedy.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from engine.reconcile import Part, Relation, Sign

RELATIONS: Final = "published_relations.csv"
NAMES: Final = "published_names.csv"
TOTAL: Final = "total"
SIGNS: Final[Mapping[str, Sign]] = {"plus": 1, "minus": -1}


class Name(NamedTuple):
    """What something is called on the pages."""

    name_sv: str
    name_en: str


class PublishedNames(NamedTuple):
    """The names of tables and rows by code, of those that only the federation's documents have."""

    tables: Mapping[str, Name]
    rows: Mapping[str, Name]


@cache
def load_relations() -> tuple[Relation, ...]:
    """Return the relations between this federation's published figures, in the order of its file."""
    return read_relations(settings.FEDERATION_FOLDER)


@cache
def load_names() -> PublishedNames:
    """Return this federation's names of published tables and rows."""
    return read_names(settings.FEDERATION_FOLDER)


def read_relations(folder: Path) -> tuple[Relation, ...]:
    """Return the relations of a folder: for each, a row with its total and a row for each part.

    Raise ImproperlyConfigured when a file can't be read so.
    """
    rows_by_relation: dict[str, list[_Row]] = {}
    for row in _read_rows(folder / RELATIONS, ("relation", "role", "table", "row", "across_editions")):
        rows_by_relation.setdefault(row.text("relation"), []).append(row)
    return tuple(_build_relation(total, parts) for total, *parts in rows_by_relation.values())


def read_names(folder: Path) -> PublishedNames:
    """Return the names of a folder. Raise ImproperlyConfigured."""
    names: dict[str, dict[str, Name]] = {"table": {}, "row": {}}
    for row in _read_rows(folder / NAMES, ("kind", "code", "name_sv", "name_en")):
        of_kind, code = names[row.choice("kind", names)], row.text("code")
        if code in of_kind:
            row.fail("code", "It occurs twice; remove one of the rows.")
        of_kind[code] = Name(row.text("name_sv"), row.text("name_en"))
    return PublishedNames(names["table"], names["row"])


def _build_relation(total: _Row, parts: list[_Row]) -> Relation:
    total.choice("role", (TOTAL,))
    table, row = total.text("table"), total.text("row")
    across_editions = total.choice("across_editions", ("yes", "")) == "yes"
    if row == "*":
        total.fail("row", "A total is one row; name it.")
    if not parts:
        total.fail("relation", "It has no parts; add a row with the role plus or minus.")
    return Relation((table, row), tuple(map(_build_part, parts)), across_editions)


def _build_part(row: _Row) -> Part:
    row.choice("across_editions", ("",))
    return Part(SIGNS[row.choice("role", SIGNS)], row.text("table"), row.text("row"))


@dataclass(frozen=True)
class _Row:
    """A row of a file, which can say what is wrong with it."""

    file: Path
    number: int
    cells: Mapping[str, str]

    def fail(self, name: str, remedy: str) -> NoReturn:
        value = self.cells.get(name, "")
        raise ImproperlyConfigured(
            f"The setting FEDERATION_FOLDER: {self.file} row {self.number}, field {name}: {value!r}. {remedy}"
        )

    def text(self, name: str) -> str:
        """Return a cell that must not be empty."""
        return self.cells[name] or self.fail(name, "It must not be empty.")

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """Return a cell that must be one of `allowed`."""
        value = self.cells[name]
        known = ", ".join(choice or "nothing" for choice in allowed)
        return value if value in allowed else self.fail(name, f"Known here: {known}.")


def _read_rows(file: Path, columns: tuple[str, ...]) -> Iterator[_Row]:
    try:
        lines = list(csv.reader(file.read_text(encoding="utf-8").splitlines(), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ImproperlyConfigured(f"The setting FEDERATION_FOLDER: {file} can't be read: {error}.") from error
    if tuple(lines[0] if lines else ()) != columns:
        raise ImproperlyConfigured(f"The setting FEDERATION_FOLDER: {file} must begin with {','.join(columns)}.")
    for number, cells in enumerate(lines[1:], start=2):
        row = _Row(file, number, dict(zip(columns, cells, strict=False)))
        if len(cells) != len(columns):
            row.fail(columns[0], f"The row has {len(cells)} fields, not {len(columns)}.")
        yield row
