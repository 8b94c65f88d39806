"""The file with its errors marked: an Excel file with the same rows, the wrong fields in red and the reason beside them.

The trick: rows are written as they are read, so a long file takes no more memory than a short one.
"""

from __future__ import annotations

from io import BytesIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from records.models import Import, ImportRow
from records.selectors.imports import Shown, list_rows
from web.workbook import CONTENT_TYPE, clean_text

RED = PatternFill("solid", fgColor="F7D6D6")
WRONG, BOLD = Font(bold=True, color="A32020"), Font(bold=True)
ROWS_AT_ONCE = 2_000


class CorrectedFile:
    """Writes it."""

    def __init__(self, row: Import) -> None:
        self.row = row
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet((row.sheet or _("Rows"))[:31])

    def respond(self) -> HttpResponse:
        """Return it as a download."""
        self.sheet.freeze_panes = "A2"
        self.sheet.append([self._cell(text, font=BOLD) for text in (*self.row.headings, _("To correct"))])
        for found in list_rows(self.row, Shown.ALL).iterator(chunk_size=ROWS_AT_ONCE):
            self._write(found)
        stream = BytesIO()
        self.book.save(stream)
        response = HttpResponse(stream.getvalue(), content_type=CONTENT_TYPE)
        stem = self.row.file_name.rpartition(".")[0] or self.row.file_name
        name = _("%(name)s to correct.xlsx") % {"name": stem}
        response.headers["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def _write(self, found: ImportRow) -> None:
        wrong: dict[int, str] = {}
        for place, text in found.errors:
            wrong[place] = f"{wrong[place]} {text}" if place in wrong else text
        width = len(self.row.headings)
        texts = [*found.cells[:width], *[""] * (width - len(found.cells))]
        cells = [self._cell(text, wrong.get(place, "")) for place, text in enumerate(texts)]
        self.sheet.append([*cells, self._cell(" ".join(wrong.values()), font=WRONG)])

    def _cell(self, text: str, why: str = "", *, font: Font | None = None) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet, value=clean_text(text))
        cell.data_type = "s"
        if why:
            cell.fill, cell.font = RED, WRONG
            cell.comment = Comment(why, "Itsam Budget")
        elif font is not None:
            cell.font = font
        return cell
