"""Workbooks for Excel: tables with headings, styles and real formulas, written row by row so that size costs no memory.

The trick: a formula is written together with the value it has now, so that viewers that do not calculate (a preview,
protected view, a script) show the same figures as Excel, which calculates everything anew. Text is always text: what
begins with = + - or @ never becomes a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from web.paper import A4, MARGIN, SIDE_MARGIN, fit_widths, least_width, place_breaks, scale_of
from web.workbook_styles import FORMATS, WRAPPED, Form, Styles, Weight

if TYPE_CHECKING:
    from openpyxl.cell import Cell as WrittenCell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

__all__ = [
    "CONTENT_TYPE",
    "Book",
    "Cell",
    "Column",
    "Form",
    "Formula",
    "Sheet",
    "Value",
    "Weight",
    "add_up",
    "clean_text",
    "is_formula_like",
    "name_sheet",
    "sek",
    "span",
]

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_SHEET_NAME = 31
MAX_TEXT = 32_767  # what a cell holds
ROW_HEIGHT = 15.0  # points that a row of one line takes
LINE_HEIGHT = 13.2  # points that a line of 10 points takes
SMALLER = 1.1  # a column's width is told in characters of 11 points
MAX_LINES = 30  # of 409 points, the most a row may have

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# How a workbook writes a sign by its number: text that looks so already has its first sign written in that way.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
_FORMULA = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v\s*/?>(?:</v>)?')


@dataclass(frozen=True)
class Formula:
    """A formula without its equals sign, and the value it has now: kronor, a share of one, or None for nothing."""

    text: str
    value: int | Decimal | None


Value = str | Promise | int | Decimal | date | Formula | None


@dataclass(frozen=True)
class Cell:
    """A value that is shown in another way than its column; `leads_to` names the sheet that it opens."""

    value: Value
    form: Form
    leads_to: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, width in characters, and how its values are shown.

    Columns that are not `on_paper` stand last, and are left out where the sheet is printed.
    """

    heading: str | Promise
    width: float
    form: Form = Form.TEXT
    on_paper: bool = True


def sek(ore: int | None) -> int | Decimal | None:
    """Return öre as exact kronor."""
    if ore is None:
        return None
    return Decimal(ore).scaleb(-2) if ore % 100 else ore // 100


def clean_text(text: str) -> str:
    """Return text without what no cell can hold."""
    return _CONTROL.sub("", text)[:MAX_TEXT]


def is_formula_like(text: str) -> bool:
    """Say whether a spreadsheet program could take the text for a formula."""
    return text.startswith(_FORMULA_LIKE)


def name_sheet(name: str, taken: Sequence[str]) -> str:
    """Return a valid name for a sheet that none of `taken` has: at most 31 characters, a long name cut at its end."""
    whole = " ".join(_NOT_IN_NAMES.sub(" ", clean_text(name)).split()).strip("' ") or "–"
    others = {other.casefold() for other in taken} | {"history"}
    for number in range(1, len(others) + 2):
        ending = "" if number == 1 else f" ({number})"
        room = MAX_SHEET_NAME - len(ending)
        candidate = (whole if len(whole) <= room else whole[: room - 1].rstrip("' ") + "…") + ending
        if candidate.casefold() not in others:
            return candidate
    raise AssertionError("there is always a free number")


def span(letter: str, first: int, last: int) -> str:
    """Return a range within a column, such as F8:F12."""
    return f"{letter}{first}:{letter}{last}"


def add_up(references: Sequence[str]) -> str:
    """Return a formula's text that sums single cells; empty ones and words count as nothing."""
    parts = [references[start : start + 250] for start in range(0, len(references), 250)]
    return "+".join(f"SUM({','.join(part)})" for part in parts) or "0"


def _place(sheet: str, cell: str) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


def _lines_of(cell: WrittenCell, width: float) -> int:
    text = cell.value
    is_text = cell.data_type == "s" and isinstance(text, str)
    return _count_lines(text, int(width * SMALLER)) if is_text else 1


@lru_cache(maxsize=10_000)
def _count_lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column of so many characters."""
    if len(text) <= width and "\n" not in text:
        return 1
    return sum(len(wrap(line, max(width, 1))) or 1 for line in text.splitlines())


@dataclass
class Sheet:
    """One sheet, written from its first row to its last."""

    written: WriteOnlyWorksheet
    styles: Styles
    columns: Sequence[Column] = ()
    widths: Sequence[float] = ()
    row: int = 0
    values: dict[str, str] = field(default_factory=dict)
    head_row: int = 0
    heights: list[float] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    paper_columns: int = 0

    @property
    def name(self) -> str:
        """Return its name, as on its tab."""
        return str(self.written.title)

    def ref(self, letter: str, row: int) -> str:
        """Return a cell of this sheet as formulas of other sheets name it."""
        return _place(self.name, f"{letter}{row}")

    def write_head(self, lines: Sequence[str | Promise], *, back: Cell | None = None) -> None:
        """Write the title and what is said below it; the empty row that ends it may hold a way back."""
        for place, line in enumerate(lines):
            self._append([self._text(str(line), self.styles.title(self.written, 10 if place else 16))])
        self._append([self._cell(1, back, Weight.PLAIN)] if back else [])

    def start_table(self, columns: Sequence[Column] = (), *, title: str | Promise = "") -> int:
        """Write the headings of the sheet's table, or of a further one with a `title`; return their row."""
        if title:
            self.blocks.append(self.row + 2)
            self._append([])
            self._append([self._text(str(title), self.styles.title(self.written, 12))])
        self.columns = columns or self.columns
        cells = (
            self._text(str(column.heading), self.styles.heading(self.written, column.form)) for column in self.columns
        )
        return self._append(cells, is_broken=True)

    def add(self, values: Sequence[Value | Cell], weight: Weight = Weight.PLAIN, *, level: int = 0) -> int:
        """Write a row in the columns' forms, return its number; with `level` it can be folded under the one above."""
        if weight == Weight.GROUP:
            self.blocks.append(self.row + 1)
        if level:
            self.written.row_dimensions[self.row + 1].outlineLevel = level
        padded = [*values, *[None] * (len(self.columns) - len(values))]
        cells = (self._cell(place, value, weight) for place, value in enumerate(padded, start=1))
        return self._append(cells, is_broken=True)

    def filter_rows(self, head_row: int) -> None:
        """Let the reader filter and sort the rows below the headings in `head_row`."""
        last = get_column_letter(len(self.columns))
        self.written.auto_filter.ref = f"A{head_row}:{last}{max(self.row, head_row)}"

    def note(self, text: str | Promise) -> int:
        """Write a remark below a table."""
        return self._append([self._text(str(text), self.styles.title(self.written, 9))])

    def end_pages(self) -> None:
        """Say what of the sheet is printed, and where its pages end."""
        last = get_column_letter(self.paper_columns or len(self.columns))
        self.written.print_area = f"A1:{last}{max(self.row, 1)}"
        scale = scale_of(self.widths[: self.paper_columns])
        for row in place_breaks(self.heights, self.blocks, self.head_row, scale):
            self.written.row_breaks.append(Break(id=row))

    def _append(self, cells: Iterable[WrittenCell], *, is_broken: bool = False) -> int:
        """Write a row; with `is_broken` as high as its longest text, since not every program finds that out itself."""
        row = list(cells)
        self.row += 1
        lines = max(map(_lines_of, row, self.widths), default=1) if is_broken else 1
        height = LINE_HEIGHT * min(lines, MAX_LINES)
        if lines > 1:
            self.written.row_dimensions[self.row].height = height
        self.heights.append(max(height, ROW_HEIGHT))
        self.written.append(row)
        return self.row

    def _cell(self, place: int, given: Value | Cell, weight: Weight) -> WrittenCell:
        form = given.form if isinstance(given, Cell) else self.columns[place - 1].form
        value = given.value if isinstance(given, Cell) else given
        if isinstance(value, Formula):
            return self._formula(place, value, self.styles.of(self.written, form, weight, quoted=False))
        if isinstance(value, str | Promise):
            text = clean_text(str(value))
            shown = Form.WORD if form in FORMATS else form
            quoted = is_formula_like(text)
            written = self._text(text, self.styles.of(self.written, shown, weight, quoted=quoted))
            if isinstance(given, Cell) and given.leads_to:
                written._hyperlink = Hyperlink(ref="", location=_place(given.leads_to, "A1"), display=text)
            return written
        cell = WriteOnlyCell(self.written, value)
        cell._style = self.styles.of(self.written, form, weight, quoted=False)
        return cell

    def _text(self, text: str, style: StyleArray) -> WrittenCell:
        cell = WriteOnlyCell(self.written)
        cell.value = _ESCAPE.sub("_x005F_", clean_text(text))
        cell.data_type = "s"
        cell._style = style
        return cell

    def _formula(self, place: int, formula: Formula, style: StyleArray) -> WrittenCell:
        cell = WriteOnlyCell(self.written, f"={formula.text}")
        cell._style = style
        if formula.value is not None:
            self.values[f"{get_column_letter(place)}{self.row + 1}"] = str(formula.value)
        return cell


class Book:
    """A workbook. `about` stands in the printed head of every sheet, `made` and the page number in its foot.

    `amounts`, öre, are what it is to show: they decide the width of columns and whether öre are shown.
    """

    def __init__(self, *, title: str, about: str, made: str, page: str, amounts: Iterable[int] = ()) -> None:
        self.written = Workbook(write_only=True)
        self.written.properties.title = clean_text(title)
        self.written.properties.creator = "Itsam Budget"
        largest, with_ore = 0, False
        for ore in amounts:
            largest, with_ore = max(largest, abs(ore)), with_ore or ore % 100 != 0
        self.styles = Styles(with_ore=with_ore)
        self.amount_width = len(f"{largest // 100:,}") + (3 if with_ore else 0) + 1
        self.sheets: list[Sheet] = []
        self.about, self.made, self.page = about, made, page

    def add_sheet(self, name: str, columns: Sequence[Column], *, head_row: int, frozen_columns: int = 1) -> Sheet:
        """Return a new last sheet whose rows down to `head_row` stay in sight and are repeated on each printed page."""
        taken = [sheet.name for sheet in self.sheets]
        written = self.written.create_sheet(name_sheet(name, taken))
        widths = self._list_widths(columns)
        for place, width in enumerate(widths, start=1):
            written.column_dimensions[get_column_letter(place)].width = width
        written.freeze_panes = f"{get_column_letter(frozen_columns + 1)}{head_row + 1}"
        written.print_title_rows = f"{head_row}:{head_row}"
        written.sheet_view.showGridLines = False
        self._set_up_print(written)
        sheet = Sheet(written, self.styles, columns, widths, head_row=head_row)
        sheet.paper_columns = sum(column.on_paper for column in columns)
        self.sheets.append(sheet)
        return sheet

    def _list_widths(self, columns: Sequence[Column]) -> list[float]:
        """Return the columns' widths, of which those that are printed fit the paper."""
        widths = [self._width(column) for column in columns]
        printed = [place for place, column in enumerate(columns) if column.on_paper]
        leasts = [
            least_width(widths[place], str(columns[place].heading)) if columns[place].form in WRAPPED else widths[place]
            for place in printed
        ]
        fitted = fit_widths([widths[place] for place in printed], leasts)
        return [*fitted, *widths[len(fitted) :]]

    def _width(self, column: Column) -> float:
        is_amount = column.form in (Form.AMOUNT, Form.CHANGE)
        return max(column.width, self.amount_width) if is_amount else column.width

    def _set_up_print(self, written: WriteOnlyWorksheet) -> None:
        written.page_setup.orientation = "landscape"
        written.page_setup.paperSize = A4
        written.page_setup.fitToWidth, written.page_setup.fitToHeight = 1, 0
        written.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        written.sheet_properties.outlinePr.summaryBelow = False
        written.page_margins.left = written.page_margins.right = SIDE_MARGIN
        written.page_margins.top = written.page_margins.bottom = MARGIN
        written.oddHeader.left.text = _printed(self.about)
        written.oddHeader.right.text = "&A"
        written.oddFooter.left.text = _printed(self.made)
        written.oddFooter.right.text = _printed(self.page).replace("{page}", "&P").replace("{pages}", "&N")

    def save(self) -> bytes:
        """Return the file."""
        for sheet in self.sheets:
            sheet.end_pages()
        buffer = BytesIO()
        self.written.save(buffer)
        return _fill_in(buffer, [sheet.values for sheet in self.sheets])


def _printed(text: str) -> str:
    """Return text for a printed head or foot, where & begins a code and all of it has 255 characters."""
    return clean_text(text)[:100].replace("&", "&&")


def _fill_in(buffer: BytesIO, values: Sequence[dict[str, str]]) -> bytes:
    """Put the values that formulas have now beside them, which openpyxl leaves empty."""
    filled = BytesIO()
    with ZipFile(buffer) as old, ZipFile(filled, "w", ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item, b"".join(_with_values(item.filename, old.read(item), values)))
    return filled.getvalue()


def _with_values(path: str, content: bytes, values: Sequence[dict[str, str]]) -> Iterator[bytes]:
    sheet_path = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", path)
    if not sheet_path:
        yield content
        return
    own = values[int(sheet_path[1]) - 1]
    yield _FORMULA.sub(lambda match: match[1] + f"<v>{own.get(match[2].decode(), '')}</v>".encode(), content)
