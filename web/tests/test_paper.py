"""Sheets on paper: what is printed fits landscape A4 without becoming small, and pages end between blocks."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from web.paper import HIGH, LEAST_SCALE, LEAST_WIDTH, MARGIN, POINTS, fit_widths, least_width, place_breaks, scale_of
from web.workbook import Book, Column, Form, Weight

WIDE = [
    Column("Product", 40),
    Column("Line", 60),
    *[Column("SEK", 12, Form.AMOUNT)] * 5,
    Column("Note", 50, Form.WRAPPED),
]
PAGE = (HIGH - 2 * MARGIN) * POINTS


def make(rows: int, columns: list[Column] = WIDE) -> Worksheet:
    book = Book(title="T", about="A", made="M", page="{page}")
    sheet = book.add_sheet("Rows", columns, head_row=1)
    sheet.start_table()
    for number in range(rows):
        sheet.add([f"Product {number}"], Weight.GROUP)
        for _line in range(9):
            sheet.add(["", "line", 1], level=1)
    return load_workbook(BytesIO(book.save()))["Rows"]


def test_wide_sheet_keeps_its_size_by_narrower_texts() -> None:
    sheet = make(1)
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEFGH"]
    assert scale_of(widths) >= LEAST_SCALE > scale_of([column.width for column in WIDE])
    assert widths[2:7] == [12] * 5
    assert all(width >= LEAST_WIDTH for width in widths)


def test_narrow_sheet_keeps_its_widths_and_is_not_enlarged() -> None:
    assert fit_widths([20, 12], [9, 12]) == [20, 12]
    assert scale_of([20, 12]) == 1


def test_no_word_of_a_heading_is_broken() -> None:
    assert least_width(30, "Kostnadsslag") == 18
    assert least_width(14, "Kostnadsslag") == 14
    assert least_width(16, "Budget 2027") == 9.6


def test_columns_off_paper_are_left_out_of_the_printed_part_only() -> None:
    sheet = make(1, [*WIDE[:3], Column("Object", 90, on_paper=False)])
    assert sheet.print_area == "'Rows'!$A$1:$C$11"
    assert (sheet["D1"].value, sheet.column_dimensions["D"].width) == ("Object", 90)


def test_page_ends_before_a_block_that_would_be_parted() -> None:
    breaks = [mark.id for mark in make(12).row_breaks.brk]
    assert breaks
    # Heads stand in row 1, and a block has ten rows.
    assert all((row - 1) % 10 == 0 for row in breaks)
    assert make(1).row_breaks.brk == []


@given(st.lists(st.floats(1, 200), min_size=1, max_size=20), st.floats(LEAST_SCALE, 1))
def test_no_block_that_fits_a_page_is_parted(blocks: list[float], scale: float) -> None:
    heights = [15.0, *blocks]
    breaks = list(place_breaks(heights, range(2, len(heights) + 1), 1, scale))
    pages = [heights[first:last] for first, last in pairwise([1, *breaks, len(heights)])]
    assert all(15 + sum(page) <= PAGE / scale + 1e-6 for page in pages)
    assert [height for page in pages for height in page] == blocks
