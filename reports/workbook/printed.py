"""The workbook of a budget of which only the published figures are kept: as printed, each marked so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from records.models import Provenance
from web.workbook import Book, Column, Form, Weight, sek

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from reports.overview.printed import Printed
    from web.workbook import Sheet


def write_printed(book: Book, printed: Printed, *, head: list[str], head_row: int, year: int) -> None:
    """A sheet for each published table. Its total is the printed one, which its rows may miss by rounding."""
    tables = (
        (_("Sub-budgets"), printed.sub_budgets),
        (_("Result"), printed.result),
        (_("Revenue by category"), printed.categories),
    )
    amount = Column(_("Budget %(year)s, SEK") % {"year": year}, 14, Form.AMOUNT)
    columns = [Column(_("Item"), 48), amount, Column(_("Source"), 16)]
    for name, rows in tables:
        sheet = book.add_sheet(name, columns, head_row=head_row)
        sheet.write_head([name, *head])
        _write_rows(sheet, rows)
        sheet.note(_("Printed in tkr. The tables are shown as printed and need not add up."))


def _write_rows(sheet: Sheet, rows: Iterable[tuple[str | Promise, str, int]]) -> None:
    weights = {"sub": Weight.SUM, "total": Weight.TOTAL}
    sheet.start_table()
    for label, style, ore in rows:
        sheet.add([label, sek(ore), Provenance.PUBLISHED.label], weights.get(style, Weight.PLAIN))
