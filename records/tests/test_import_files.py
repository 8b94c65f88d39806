"""Excel files as they are read row by row: the same cells as openpyxl finds, and files that are broken half-way."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from desk.tests.test_imports import make_excel, read_in
from records.models import Import
from records.services.imports.sheets import Uncounted
from records.services.imports.source import SourceError
from records.services.imports.workbook import open_workbook
from tests.cast import DRAFT

SHEET = "xl/worksheets/sheet1.xml"
ROWS = (
    ("text", 1, 2.5, None, True, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), timedelta(hours=30)),  # noqa: DTZ001
    (),
    (None, None, "  åäö  ", "", -3, 1e20, 0.1, time(3, 4)),
    ("_x0041_ <&>", "rad\nbryts", "#N/A", False, 10**15, "=1+1"),
)


def make_book() -> Workbook:
    book = Workbook()
    sheet = book.active
    for row in ROWS:
        sheet.append(row)
    sheet["A6"] = CellRichText("ab ", TextBlock(InlineFont(b=True), "cd"), " e")
    sheet["BG6"] = "long way"
    sheet.merge_cells("A8:B9")
    return book


def keep(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def replace_sheet(content: bytes, change: bytes, into: bytes) -> bytes:
    """A file whose first sheet says something else."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            held = old.read(member)
            new.writestr(member.filename, held.replace(change, into, 1) if member.filename == SHEET else held)
    return stream.getvalue()


def test_cells_are_those_that_openpyxl_finds(tmp_path: Path) -> None:
    path = keep(make_book(), tmp_path / "fil.xlsx")
    wanted = load_workbook(path, data_only=True).active
    assert wanted is not None
    with open_workbook(str(path)) as book:
        rows = {row.number: row.cells for row in book.rows(book.sheets[0])}
        assert book.list_merged(book.sheets[0]) == [(1, 8, 2, 9)]
    assert isinstance(rows[4].pop(), Uncounted)
    for number, cells in rows.items():
        values = [cell.value for cell in wanted[number][: len(cells)]]
        assert [(type(cell), cell) for cell in cells] == [(type(value), value) for value in values], number


def test_texts_that_stand_in_the_sheet_itself_are_read_like_those_that_are_shared(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rader")
    for row in ROWS[2:3]:
        sheet.append(row)
    with open_workbook(str(keep(book, tmp_path / "fil.xlsx"))) as found:
        assert [row.cells for row in found.rows("Rader")] == [[None, None, "  åäö  ", None, -3, 1e20, 0.1, time(3, 4)]]


def test_hidden_sheets_are_named_and_charts_are_none(tmp_path: Path) -> None:
    book = make_book()
    book.create_sheet("dold").sheet_state = "hidden"
    book.create_chartsheet("diagram")
    with open_workbook(str(keep(book, tmp_path / "fil.xlsx"))) as found:
        assert (found.sheets, found.hidden) == (["Sheet"], ["dold"])


def test_a_document_type_is_refused_since_it_can_make_a_small_file_larger_than_any_memory(tmp_path: Path) -> None:
    content = replace_sheet(make_excel(("a",)), b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')
    (tmp_path / "fil.xlsx").write_bytes(content)
    with open_workbook(str(tmp_path / "fil.xlsx")) as found, pytest.raises(SourceError):
        list(found.rows(found.sheets[0]))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["broken.xlsx", "broken.csv"])
def test_a_file_that_breaks_off_half_way_is_told_of_and_leaves_no_rows(name: str) -> None:
    rows = [
        ("Produkt", "Kostnadsslag", "Text", "Belopp"),
        *(("x", "Direkt kostnad", f"rad {n}", n) for n in range(900)),
    ]
    content = replace_sheet(make_excel(*rows), b'<c r="A700"', b"<c <")
    if name.endswith(".csv"):
        lines = [";".join(map(str, row)) for row in rows]
        content = "\n".join([*lines, '"' + "y\n" * 15_000]).encode()
    row = read_in("lines", DRAFT, content, name)
    assert row.status == Import.Status.REVIEW and len(row.faults) == 1 and row.bad == 1
    assert not row.rows.exists()
