"""How cells of workbooks look: the form of their value and the weight of their row, in the colours of the site."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FONT = "Calibri"
INK, MUTED, PRIMARY, ASSUMED = "14212B", "52616B", "0B5C7A", "8A5A00"
SURFACE, TINT, LINE = "F5F7F8", "E5F0F4", "D8DEE3"


class Form(StrEnum):
    """How a column's values are shown. Codes of numbers are the file format's own, so each Excel shows its language's."""

    TEXT = "text"
    WRAPPED = "wrapped"
    MUTED = "muted"
    LINK = "link"
    MARK = "mark"  # a word that marks a figure, such as assumed
    WORD = "word"  # the same in place of a number, such as not known
    AMOUNT = "amount"
    EXACT = "exact"  # kronor with öre
    QUANTITY = "quantity"
    COUNT = "count"
    CHANGE = "change"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    YEAR = "year"


class Weight(StrEnum):
    """What a row is among the others."""

    PLAIN = "plain"
    GROUP = "group"
    SUM = "sum"
    TOTAL = "total"


FORMATS = {
    Form.AMOUNT: "#,##0;\\−#,##0",
    Form.EXACT: "#,##0.00;\\−#,##0.00",
    Form.QUANTITY: "#,##0.####;\\−#,##0.####",
    Form.COUNT: "#,##0",
    Form.CHANGE: "+#,##0;\\−#,##0;0",
    Form.PERCENT: "+0.0%;\\−0.0%;0.0%",
    Form.DATE: "yyyy\\-mm\\-dd",
    Form.MOMENT: "yyyy\\-mm\\-dd\\ hh:mm:ss",
    Form.YEAR: "0",
}
COLORS = {Form.LINK: PRIMARY, Form.MUTED: MUTED, Form.MARK: ASSUMED, Form.WORD: ASSUMED}
# What is long is broken rather than drawn over the next column, so that columns may be as narrow as a sheet of paper asks.
WRAPPED = (Form.TEXT, Form.WRAPPED, Form.MUTED, Form.MARK)
# With öre in any amount all are shown with öre, so that no shown figure is rounded.
WITH_ORE = {Form.AMOUNT: FORMATS[Form.EXACT], Form.CHANGE: "+#,##0.00;\\−#,##0.00;0.00"}


class Styles:
    """The looks of cells, each made once in a book."""

    def __init__(self, *, with_ore: bool) -> None:
        self.formats = FORMATS | (WITH_ORE if with_ore else {})
        self.made: dict[tuple[str, ...], StyleArray] = {}

    def of(self, sheet: WriteOnlyWorksheet, form: Form, weight: Weight, *, quoted: bool) -> StyleArray:
        """Return the style of a cell in a row of this weight; `quoted` keeps text text also when it is edited."""
        return self._make((form, weight, str(quoted)), sheet, lambda cell: self._dress(cell, form, weight, quoted))

    def heading(self, sheet: WriteOnlyWorksheet, form: Form) -> StyleArray:
        """Return the style of the heading of a column of this form."""
        return self._make(("heading", form), sheet, lambda cell: _dress_heading(cell, form))

    def title(self, sheet: WriteOnlyWorksheet, size: int) -> StyleArray:
        """Return the style of a line above the tables."""
        font = Font(name=FONT, size=size, bold=size > 10, color=INK if size > 10 else MUTED)
        return self._make(("title", str(size)), sheet, lambda cell: setattr(cell, "font", font))

    def _make(self, key: tuple[str, ...], sheet: WriteOnlyWorksheet, dress: Callable[[Cell], None]) -> StyleArray:
        if key not in self.made:
            cell = WriteOnlyCell(sheet)
            dress(cell)
            self.made[key] = cell._style
        return self.made[key]

    def _dress(self, cell: Cell, form: Form, weight: Weight, quoted: bool) -> None:
        is_bold = weight != Weight.PLAIN and form != Form.MUTED
        is_italic = form in (Form.MARK, Form.WORD)
        underline = "single" if form == Form.LINK else None
        cell.font = Font(
            name=FONT, size=10, bold=is_bold, italic=is_italic, color=COLORS.get(form, INK), underline=underline
        )
        cell.alignment = Alignment(**_align(form), vertical="top", wrap_text=form in WRAPPED)
        cell.number_format = self.formats.get(form, "General")
        if weight == Weight.GROUP:
            cell.fill = PatternFill("solid", SURFACE)
        strong = weight in (Weight.SUM, Weight.TOTAL)
        cell.border = Border(
            top=Side("thin", INK) if strong else None,
            bottom=Side("double", INK) if weight == Weight.TOTAL else Side("hair", LINE),
        )
        cell.quotePrefix = quoted


def _align(form: Form) -> dict[str, str | int]:
    """Put numbers to the right, a little from the text of the next column."""
    is_left = (form not in FORMATS and form != Form.WORD) or form == Form.YEAR
    return {"horizontal": "left"} if is_left else {"horizontal": "right", "indent": 1}


def _dress_heading(cell: Cell, form: Form) -> None:
    cell.font = Font(name=FONT, size=10, bold=True, color=PRIMARY)
    cell.fill = PatternFill("solid", TINT)
    cell.border = Border(bottom=Side("thin", INK))
    cell.alignment = Alignment(**_align(form), vertical="bottom", wrap_text=True)
