"""Workbooks: text that never becomes a formula, valid names, exact amounts, formulas with their values."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from web.workbook import Book, Cell, Column, Form, Formula, Weight, add_up, clean_text, name_sheet, sek

COLUMNS = [Column("Text", 20), Column("Amount", 12, Form.AMOUNT), Column("Note", 30, Form.WRAPPED)]
DANGEROUS = ['=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']


def make(rows: list[list[Any]], *, amounts: tuple[int, ...] = (), values: bool = False) -> Any:
    book = Book(title="T & t", about="Budget & more", made="Now", page="Page {page} of {pages}", amounts=amounts)
    sheet = book.add_sheet("Rows", COLUMNS, head_row=3)
    sheet.write_head(["Rows"])
    sheet.start_table()
    for row in rows:
        sheet.add(row)
    return load_workbook(BytesIO(book.save()), data_only=values)["Rows"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    sheet = make([[text, 1, text]])
    for name in ("A4", "C4"):
        assert (sheet[name].value, sheet[name].data_type) == (text, "s")
        assert sheet[name].quotePrefix


def test_quotes_newlines_and_control_characters_are_kept_or_left_out() -> None:
    sheet = make([['Rad "ett"\nrad två & <b>', 1, "a\x00b\x0bc\ud800"]])
    assert sheet["A4"].value == 'Rad "ett"\nrad två & <b>'
    assert sheet["C4"].value == "abc"
    assert sheet["C4"].alignment.wrap_text


def test_text_longer_than_a_cell_is_cut() -> None:
    assert len(clean_text("x" * 40_000)) == 32_767


def test_kronor_are_exact_also_when_very_large() -> None:
    assert (sek(None), sek(100), sek(-1), sek(10**15)) == (None, 1, Decimal("-0.01"), 10**13)
    sheet = make([["large", sek(10**15 - 1)], ["small", sek(-1)]], amounts=(10**15 - 1,))
    assert sheet["B4"].value == 9999999999999.99
    assert sheet["B5"].value == -0.01
    assert sheet.column_dimensions["B"].width >= len("9 999 999 999 999,99")


def test_amounts_show_ore_when_any_of_them_has_them() -> None:
    assert make([["whole", 1]], amounts=(100,))["B4"].number_format.startswith("#,##0;")
    assert make([["whole", 1]], amounts=(100, 1))["B4"].number_format.startswith("#,##0.00;")


def test_formula_holds_the_value_it_has_now() -> None:
    rows = [["a", 1], ["b", Decimal("2.50")], ["sum", Formula("SUM(B4:B5)", Decimal("3.50"))]]
    assert make(rows)["B6"].value == "=SUM(B4:B5)"
    assert make(rows, values=True)["B6"].value == 3.5


def test_word_in_place_of_a_number_is_marked_and_sums_pass_over_it() -> None:
    cell = make([["a", "not known"]])["B4"]
    assert (cell.value, cell.data_type, cell.font.i, cell.alignment.horizontal) == ("not known", "s", True, "right")


def test_sheet_prints_on_wide_a4_with_its_headings_on_every_page() -> None:
    sheet = make([["a", 1]])
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "B4"
    assert sheet.oddHeader.left.text == "Budget && more"
    assert sheet.oddFooter.right.text == "Page &P of &N"


def test_styled_rows_keep_their_weight() -> None:
    book = Book(title="T", about="A", made="M", page="{page}")
    sheet = book.add_sheet("Rows", COLUMNS, head_row=1)
    sheet.start_table()
    sheet.add(["Total", 1, Cell("assumed", Form.MARK)], Weight.TOTAL)
    sheet = load_workbook(BytesIO(book.save()))["Rows"]
    assert sheet["B2"].font.b
    assert sheet["B2"].border.bottom.style == "double"
    assert sheet["C2"].font.i


@given(st.lists(st.text(max_size=60), min_size=1, max_size=12))
def test_sheet_names_are_valid_and_differ(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(name_sheet(name, taken))
    assert len({name.casefold() for name in taken}) == len(names)
    for name in taken:
        assert 1 <= len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'") and not name.endswith("'")


def test_long_swedish_names_are_cut_and_numbered() -> None:
    name = "Förvaltningsobjekt för äldreomsorg och hemtjänst"
    first = name_sheet(name, [])
    second = name_sheet(name, [first])
    assert (first, second) == ("Förvaltningsobjekt för äldreom…", "Förvaltningsobjekt för äld… (2)")
    assert name_sheet("Ekonomi/inköp: [a]", []) == "Ekonomi inköp a"
    assert name_sheet("History", []) != "History"


def test_sums_of_many_cells_stay_within_what_a_function_takes() -> None:
    text = add_up([f"F{row}" for row in range(1, 601)])
    assert text.count("SUM(") == 3
    assert max(part.count(",") for part in text.split("+")) < 255
    assert add_up([]) == "0"
