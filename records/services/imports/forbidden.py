"""What may not be in a file of a kind at all, such as personal numbers in a staff list: looked for before the file is kept.

All sheets are read, hidden ones too, since the file is kept whole and can be downloaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from tempfile import NamedTemporaryFile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from records.import_kinds import ImportKind
from records.services.imports.cells import show
from records.services.imports.headings import fold, name_fields
from records.services.imports.opening import EXCEL, SEEN_FIRST
from records.services.imports.source import FileRow
from records.services.imports.texts import open_text, read_rows
from records.services.imports.workbook import open_workbook

TOLD_AT_MOST = 20
Sheets = list[tuple[str, Iterable[FileRow]]]


def find_forbidden(content: bytes, content_type: str, kind: ImportKind, period: str) -> list[str]:
    """Return by place what may not be in the file at all, the first of it; nothing where the kind forbids nothing.

    Raise SourceError where the file can't be read.
    """
    if not kind.forbids:
        return []
    names = name_fields(kind, period)
    with _open(content, content_type) as sheets:
        found = (said for sheet, rows in sheets for said in _find_in(sheet, rows, kind, names))
        told = list(islice(found, TOLD_AT_MOST))
        more = sum(1 for _said in found)
    if more:
        told.append(ngettext("%(count)s more place.", "%(count)s more places.", more) % {"count": more})
    return told


@contextmanager
def _open(content: bytes, content_type: str) -> Iterator[Sheets]:
    """Open what was sent, by a file that is gone afterwards."""
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        if content_type != EXCEL:
            with open_text(file.name) as stream:
                yield [("", read_rows(stream))]
            return
        with open_workbook(file.name) as book:
            yield [(name, book.rows(name)) for name in (*book.sheets, *book.hidden)]


def _find_in(sheet: str, rows: Iterable[FileRow], kind: ImportKind, names: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield what is forbidden in a sheet: columns by their headings, and cells. Any of the first rows may be headings."""
    known = set[str]().union(*names.values())
    for order, row in enumerate(rows):
        shown = [show(cell) for cell in row.cells]
        if order < SEEN_FIRST and any(fold(text) in known for text in shown):
            for place, why in kind.find_head_faults(shown):
                said = _("%(place)s, column %(column)s, %(heading)s: %(why)s")
                yield said % (_place(sheet, row.number, place) | {"heading": shown[place], "why": why})
        for place, cell in enumerate(row.cells):
            why = kind.find_cell_fault(cell)
            if why:
                yield _("%(place)s, column %(column)s: %(why)s") % (_place(sheet, row.number, place) | {"why": why})


def _place(sheet: str, number: int, place: int) -> dict[str, str]:
    row = _("Row %(number)s") % {"number": number}
    where = _("Sheet “%(sheet)s”, row %(number)s") % {"sheet": sheet, "number": number} if sheet else row
    return {"place": where, "column": get_column_letter(place + 1)}
