"""Scenarios side by side as a workbook: the page's rows, amounts in kronor as numbers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from budgets.models import Budget
from desk.stress.side_by_side import Section, SideCell, SideColumn
from web.workbook import Book, Cell, Column, Form, Value, Weight, sek

HEAD_ROW = 5
MARKS = {"assumed": Form.MARK, "unknown": Form.WORD}


def write_workbook(budget: Budget, columns: Sequence[SideColumn], sections: Sequence[Section]) -> bytes:
    """Return the file."""
    made = _("Made %(time)s") % {"time": date_format(timezone.localtime(), "Y-m-d H:i")}
    title = _("Compare scenarios")
    cells = [cell for section in sections for row in section.rows for cell in row.cells]
    book = Book(
        title=title,
        about=f"{budget.title}, {title}",
        made=made,
        page=_("Page {page} of {pages}"),
        amounts=[cell.ore for cell in cells if cell.ore is not None],
    )
    heads = [Column(f"{column.title}, {column.said}", 24, Form.AMOUNT) for column in columns]
    sheet = book.add_sheet(_("Scenarios"), [Column("", 46, Form.TEXT), *heads], head_row=HEAD_ROW)
    sheet.write_head([f"{title}, kr", budget.title, made])
    sheet.start_table()
    for section in sections:
        sheet.add([section.title.replace(", tkr", ", kr")], Weight.GROUP)
        for row in section.rows:
            weight = Weight.SUM if row.style else Weight.PLAIN
            sheet.add([row.label.replace(", tkr", ", kr"), *map(_write, row.cells)], weight)
    return book.save()


def _write(cell: SideCell) -> Value | Cell:
    if cell.ore is not None:
        return sek(cell.ore)
    words = {"assumed": _("assumed"), "unknown": _("not known")}.get(cell.mark, cell.words)
    return Cell(words, MARKS.get(cell.mark, Form.WORD))
