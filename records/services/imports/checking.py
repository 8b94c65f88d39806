"""Reads a file into staged rows: every cell checked, every fault kept by its place, and then matched with what there is.

The trick: rows flow from the file through the check into COPY one at a time, so a file of any length takes the same memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from records.import_kinds import LEFT_OUT, Cell, CellFault, Field, ImportKind, Value, Values, kind_of
from records.models import Import, ImportRow
from records.services.imports.cells import is_empty, refuse_formula, show
from records.services.imports.headings import find_header, find_mapping_faults, join_words, map_columns, name_fields
from records.services.imports.matching import match_rows
from records.services.imports.opening import Opened, open_source
from records.services.imports.source import MOST_ROWS, FileRow, SourceError
from records.services.imports.workbook import say_merged

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_SHOWN = 200
HIDDEN = "•••"
KNOWN_AT_MOST = 2_000
REPORT_EVERY = 500
COPY = "COPY records_importrow (import_id, number, cells, values, errors, status) FROM STDIN"
Report = Callable[[float, str], None]


@dataclass
class Choice:
    """What a person chose of how the file is read; what is not chosen is found."""

    sheet: str = ""
    header_row: int = 0
    mapping: Sequence[str] | None = None


@dataclass
class _Head:
    """The headings of a file and what its columns are read as."""

    row: int
    headings: list[str]
    mapping: list[str]
    faults: list[str]
    notes: list[str] = made(default_factory=list)


def check_import(row: Import, *, by: User, choice: Choice | None = None, report: Report | None = None) -> None:
    """Read the file anew and keep what it says; the import is then to be reviewed. Nothing else is written."""
    choice, kind = choice or Choice(), kind_of(row.kind)
    with transaction.atomic():
        Import.objects.select_for_update(no_key=True).get(pk=row.pk)
        ImportRow.objects.filter(of=row).delete()
        try:
            # Of its own, since a file that breaks off half-way ends the COPY, and with it whatever it is part of.
            with transaction.atomic(), open_source(row, sheet=choice.sheet) as opened:
                _read(row, kind, opened, choice, by, report or _silent)
        except SourceError as error:
            row.faults, row.counts, row.notes = [str(error)], {}, []
        row.status = Import.Status.REVIEW
        row.version += 1
        row.save()


def _read(row: Import, kind: ImportKind, opened: Opened, choice: Choice, by: User, report: Report) -> None:
    head = _find_head(row, kind, opened, choice)
    row.sheet, row.sheets = opened.sheet, opened.sheets
    row.header_row, row.headings, row.mapping = head.row, head.headings, head.mapping
    row.faults, row.notes = head.faults, [*head.notes, *_note_hidden(opened)]
    merged = [found for found in opened.merged if found[3] >= head.row]
    row.faults += [say_merged(found) for found in merged[:10]]
    stager = _Stager(row, kind, head, by)
    rows = (found for found in opened.rows() if found.number > head.row)
    _copy(stager.check(rows, report))
    if not stager.count:
        row.faults.append(_("There are no rows below the headings."))
    if stager.empty:
        said = ngettext("%(count)s empty row is left out.", "%(count)s empty rows are left out.", stager.empty)
        row.notes.append(said % {"count": stager.empty})
    report(70, _("Comparing with what there is"))
    row.counts = match_rows(row, kind, by)
    row.notes += kind.note(row)


def _find_head(row: Import, kind: ImportKind, opened: Opened, choice: Choice) -> _Head:
    first, names = opened.first(), name_fields(kind, row.period)
    chosen = (found for found in first if found.number == choice.header_row)
    header = next(chosen, None) or find_header(first, names)
    if header is None:
        raise SourceError(_("The file is empty. Choose another one."))
    headings = [show(cell)[:LONGEST_SHOWN] for cell in header.cells]
    gone: list[str] = []
    if choice.mapping is not None and len(choice.mapping) == len(headings):
        known = {found.key for found in kind.fields}
        mapping = [key if key in known else LEFT_OUT for key in choice.mapping]
    else:
        mapping, gone = map_columns(headings, kind, names, recall_mapping(row))
    refused = [
        _("Column %(column)s, %(heading)s: %(why)s")
        % {"column": get_column_letter(place + 1), "heading": headings[place], "why": why}
        for place, why in kind.find_head_faults(headings)
    ]
    return _Head(
        header.number, headings, mapping, [*refused, *gone, *find_mapping_faults(headings, mapping, kind, names)]
    )


def recall_mapping(row: Import) -> dict[str, str]:
    """Return what the headings were read as, the last time this kind was saved from this source; empty at the first."""
    last = (
        Import.objects.filter(kind=row.kind, source=row.source, saved_at__isnull=False)
        .exclude(pk=row.pk)
        .order_by("-saved_at")
        .first()
    )
    if last is None:
        return {}
    return {heading: key for heading, key in zip(last.headings, last.mapping, strict=False) if heading and key}


def _note_hidden(opened: Opened) -> list[str]:
    if not opened.hidden:
        return []
    names = join_words(_("“%(text)s”") % {"text": name} for name in opened.hidden[:5])
    said = ngettext(
        "The sheet %(names)s is hidden, and is not read.",
        "The sheets %(names)s are hidden, and are not read.",
        len(opened.hidden),
    )
    return [said % {"names": names}]


class _Stager:
    """Checks rows one at a time."""

    def __init__(self, row: Import, kind: ImportKind, head: _Head, by: User) -> None:
        self.row, self.kind, self.head = row, kind, head
        fields = {found.key: found for found in kind.fields}
        # What a column says again and again, such as a product's name, is read once.
        self.columns = [(place, fields[key], dict[str, Value]()) for place, key in enumerate(head.mapping) if key]
        self.places = {found.key: place for place, found, _known in self.columns}
        self.shown: dict[str, str] = {}
        self.forbids = kind.forbids
        self.refused = {place for place, _why in kind.find_head_faults(head.headings)}
        self.check_row = kind.start(row.period, by)
        self.count = self.empty = 0

    def check(self, rows: Iterator[FileRow], report: Report) -> Iterator[tuple[object, ...]]:
        """Yield what is copied of each row. SourceError where there are too many."""
        last = self.head.row
        for found in rows:
            self.empty += found.number - last - 1
            last = found.number
            if all(is_empty(cell) for cell in found.cells):
                self.empty += 1
                continue
            self.count += 1
            if self.count > MOST_ROWS:
                raise SourceError(_("The file has more than %(most)s rows. Split it.") % {"most": MOST_ROWS})
            if self.count % REPORT_EVERY == 0:
                # How long a file is, is not known before its end.
                report(min(65, self.count / MOST_ROWS * 200), _("%(count)s rows are read") % {"count": self.count})
            yield self._stage(found)

    def _stage(self, found: FileRow) -> tuple[object, ...]:
        errors: list[tuple[int, str]] = []
        read: dict[str, Value] = {}
        cells, width = found.cells, len(found.cells)
        for place, column, known in self.columns:
            try:
                read[column.key] = _read_cell(column, cells[place] if place < width else None, known)
            except CellFault as fault:
                errors.append((place, str(fault)))
        forbidden = dict(self._find_forbidden(found.cells)) if self.forbids else {}
        errors += forbidden.items()
        values = self.check_row(read, lambda key, text: errors.append((self.places.get(key, -1), text)))
        status = ImportRow.Status.BAD if errors else ImportRow.Status.READ
        # What may not be in the file is not kept either.
        hidden = self.refused | forbidden.keys()
        shown = [quote(HIDDEN) if place in hidden else self._show(cell) for place, cell in enumerate(cells)]
        return (
            self.row.pk,
            found.number,
            f"[{', '.join(shown)}]",
            "{}" if errors else dump_values(values),
            json.dumps(errors, ensure_ascii=False) if errors else "[]",
            status.value,
        )

    def _show(self, cell: Cell) -> str:
        """Return a cell's text as JSON."""
        if type(cell) is not str:
            return quote(show(cell)[:LONGEST_SHOWN])
        shown = self.shown.get(cell)
        if shown is None:
            shown = quote(show(cell)[:LONGEST_SHOWN])
            if len(self.shown) < KNOWN_AT_MOST:
                self.shown[cell] = shown
        return shown

    def _find_forbidden(self, cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
        for place, cell in enumerate(cells):
            why = self.kind.find_cell_fault(cell)
            if why:
                yield place, why


def _read_cell(column: Field, cell: Cell, known: dict[str, Value]) -> Value:
    if type(cell) is not str:
        refuse_formula(cell)
        return column.read(cell)
    if cell in known:
        return known[cell]
    refuse_formula(cell)
    value = column.read(cell)
    if len(known) < KNOWN_AT_MOST:
        known[cell] = value
    return value


def dump_values(values: Values) -> str:
    """Return values by column as JSON. Flat as they are, that takes a fraction of what an encoder for anything takes."""
    return f"{{{', '.join([f'{quote(name)}: {_dump(value)}' for name, value in values.items()])}}}"


def _dump(value: Value) -> str:
    if type(value) is str:
        return quote(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    return quote(value.isoformat() if isinstance(value, date) else str(value))


def _copy(rows: Iterator[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor:
        raw: Any = cursor
        with raw.copy(COPY) as copy:
            for row in rows:
                copy.write_row(row)


def _silent(percent: float, message: str = "") -> None:
    """Tell nobody."""
