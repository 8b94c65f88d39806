"""A list as a file: all rows of the reader's filter and order, in the list's columns, amounts as numbers in SEK.

A long list is made by a job, which asks the list's own view for the file with a request that has a `report`.
Excel in Swedish opens CSV as columns when it is UTF-8 with a mark, has semicolons and decimal commas; so it is written.
A workbook says above its rows what they are and sums them below; CSV, which programs read, holds headings and rows only.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from io import StringIO
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View
from openpyxl.utils import get_column_letter

from web.filters import say_chosen
from web.numbers import format_whole, trim
from web.tables import BaseTable, NumberColumn, ValueColumn
from web.typing import Context
from web.workbook import CONTENT_TYPE, Book, Column, Form, Formula, Value, Weight, clean_text, is_formula_like, span

if TYPE_CHECKING:
    from django_filters import FilterSet
    from django_tables2.columns import BoundColumn
    from django_tables2.rows import BoundRow

FORMATS = {"xlsx": "Excel", "csv": "CSV"}
HEAD_ROW = 6
# A row takes up to a millisecond: more rows than this keep a person, and a web server's thread, for over two seconds.
ROWS_AT_ONCE = 2_000
Report = Callable[[float, str], None]
WIDTHS = {Form.TEXT: 30, Form.COUNT: 10, Form.PERCENT: 10, Form.DATE: 13, Form.MOMENT: 21}
# How the columns of a workbook add up the rows that its reader's own filter leaves.
SUM_OF_SHOWN = 109


@dataclass(frozen=True)
class Export:
    """A list to write: its name, and what is said of it above the table: where it is from, what is chosen, when it was made."""

    table: BaseTable
    title: str
    about: str
    chosen: FilterSet | None
    made: str
    report: Report | None = None

    def headings(self) -> list[str]:
        """Return the columns' headings; those of amounts name SEK, whatever the page shows."""
        return [_heading(column) for column in _columns(self.table)]

    def rows(self) -> Iterator[list[Value]]:
        """Return the values of all rows."""
        columns, count = list(_columns(self.table)), len(self.table.rows)
        for place, row in enumerate(self.table.rows):
            if self.report:
                self.report(100 * place / count, "")
            yield [_value(row, column) for column in columns]

    def write_csv(self) -> bytes:
        """Write UTF-8 with a mark, semicolons and decimal commas."""
        stream = StringIO()
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(map(_csv_cell, self.headings()))
        writer.writerows(map(_csv_cell, row) for row in self.rows())
        return stream.getvalue().encode("utf-8-sig")

    def write_xlsx(self) -> bytes:
        """Write a workbook of one sheet."""
        rows = list(self.rows())
        columns = [
            Column(heading, 40 if not place else WIDTHS.get(form, 16), form)
            for place, (heading, form) in enumerate(zip(self.headings(), map(_form, _columns(self.table)), strict=True))
        ]
        book = Book(
            title=self.title,
            about=", ".join(filter(None, (self.about, self.title))),
            made=self.made,
            page=_("Page {page} of {pages}"),
            amounts=_amounts(rows, columns),
        )
        sheet = book.add_sheet(self.title, columns, head_row=HEAD_ROW)
        sheet.write_head([self.title, self.about, say_held(len(rows), self.chosen), self.made])
        sheet.start_table()
        for row in rows:
            sheet.add([_share(value, column.form) for value, column in zip(row, columns, strict=True)])
        sheet.filter_rows(HEAD_ROW)
        totals = self._totals(rows)
        if any(total is not None for total in totals):
            sheet.add([_("Total"), *totals[1:]], Weight.TOTAL)
        return book.save()

    def _totals(self, rows: Sequence[Sequence[Value]]) -> list[Value]:
        """Return the totals that the page shows; a formula where the rows are what they add up."""
        return [self._total(column, place, rows) for place, column in enumerate(_columns(self.table))]

    def _total(self, column: BoundColumn, place: int, rows: Sequence[Sequence[Value]]) -> Value:
        own = column.column
        if not (isinstance(own, NumberColumn) and own.has_total and rows):
            return None
        total = own.value(own.count_total(column, self.table))
        counted = sum(value for row in rows if isinstance(value := row[place], int | Decimal))
        if total != counted or not isinstance(total, int | Decimal):
            return total
        below = span(get_column_letter(place + 1), HEAD_ROW + 1, HEAD_ROW + len(rows))
        return Formula(f"SUBTOTAL({SUM_OF_SHOWN},{below})", total)


WRITERS = {"xlsx": (Export.write_xlsx, CONTENT_TYPE), "csv": (Export.write_csv, "text/csv; charset=utf-8")}


class ExportMixin(TemplateResponseMixin, ContextMixin, View):
    """A list view that answers `?export=xlsx` and `?export=csv` with a file. It goes before the views it extends."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the page, or the list as a file; a filter with an error shows the page, which says why."""
        wanted = request.GET.get("export")
        if wanted is not None and wanted not in WRITERS:
            known = ", ".join(WRITERS)
            message = _("“%(wanted)s” is not a format of this list. Known are: %(known)s.")
            said = message % {"wanted": wanted[:40], "known": known}
            return HttpResponseBadRequest(said, content_type="text/plain; charset=utf-8")
        context = self.get_context_data(**kwargs)
        if wanted is None or not context["exports"]:
            return self.render_to_response(context)
        return self.render_file(wanted, context)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add `exports`: the formats' names and addresses, none while the filter has an error."""
        context = super().get_context_data(**kwargs)
        chosen = context.get("filter")
        context["exports"] = list(self._links()) if chosen is None or chosen.is_valid() else []
        return context

    def _links(self) -> Iterator[tuple[str, str]]:
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, label in FORMATS.items():
            query["export"] = name
            yield label, f"?{query.urlencode()}"

    def render_file(self, wanted: str, context: Context) -> HttpResponse:
        """Return the list as a file, or a page that offers to start the job when it is long: GET only reads."""
        report: Report | None = getattr(self.request, "report", None)
        if report is None and len(context["table"].rows) > ROWS_AT_ONCE:
            shown = {
                **context,
                "row_count": len(context["table"].rows),
                "address": self.request.get_full_path(),
                "back": self.request.path,
                "target": reverse(settings.LIST_FILE_URL),
            }
            return TemplateResponse(self.request, "web/export.html", shown)
        now = timezone.localtime()
        write, content_type = WRITERS[wanted]
        about = ", ".join(str(label) for label, _url in context["crumbs"])
        chosen = context.get("filter")
        export = Export(context["table"], context["title"], about, chosen, _say_made(now), report)
        parts = (self.kwargs.get("budget", ""), slugify(context["title"]), now.date().isoformat())
        response = HttpResponse(write(export), content_type=content_type)
        name = "-".join(filter(None, parts))
        response["Content-Disposition"] = f'attachment; filename="{name}.{wanted}"'
        return response


def say_held(count: int, chosen: FilterSet | None, *, is_all: bool = True) -> str:
    """Say how many rows a list holds, or shows of more that nobody has counted, and what its filter leaves out."""
    words = ngettext("%(count)s row", "%(count)s rows", count) if is_all else _("%(count)s shown, there are more")
    said = words % {"count": format_whole(count)}
    filtered = "" if chosen is None else say_chosen(chosen.form)
    return ". ".join([said, _("Filter: %(chosen)s") % {"chosen": filtered}]) if filtered else said


def _say_made(now: datetime) -> str:
    return _("Exported %(moment)s") % {"moment": date_format(now, "Y-m-d H:i")}


def _columns(table: BaseTable) -> Iterable[BoundColumn]:
    return (column for column in table.columns if not column.column.exclude_from_export)


def _form(column: BoundColumn) -> Form:
    return column.column.form if isinstance(column.column, ValueColumn) else Form.TEXT


def _heading(column: BoundColumn) -> str:
    heading, in_sek = str(column.header), _("%(heading)s, SEK")
    if _form(column) in (Form.AMOUNT, Form.CHANGE):
        return heading if heading.endswith(in_sek % {"heading": ""}) else in_sek % {"heading": heading}
    unit = column.column.unit if isinstance(column.column, ValueColumn) else ""
    return f"{heading}, {unit}" if unit else heading


def _value(row: BoundRow, column: BoundColumn) -> Value:
    """Return a cell's value: numbers and days as they are stored, text without its markup, a text column's own word for
    nothing."""
    if isinstance(column.column, ValueColumn):
        stored = column.accessor.resolve(row.record, quiet=True)
        return None if stored is None else column.column.value(stored)
    value = row.get_cell_value(column.name)
    if value is None:
        value = column.column.default
    return _text(value) or None


def _text(value: object) -> str:
    if value is None:
        return ""
    return unescape(strip_tags(value)).strip() if isinstance(value, SafeString) else str(value)


def _share(value: Value, form: Form) -> Value:
    """Return per cent as a share of one, which is what Excel shows as per cent."""
    return value / 100 if form == Form.PERCENT and isinstance(value, Decimal) else value


def _amounts(rows: Iterable[Sequence[Value]], columns: Sequence[Column]) -> Iterator[int]:
    """Return what amounts are shown, öre."""
    places = [place for place, column in enumerate(columns) if column.form in (Form.AMOUNT, Form.CHANGE)]
    for row in rows:
        yield from (int(value * 100) for place in places if isinstance(value := row[place], int | Decimal))


def _csv_cell(value: Value) -> str:
    """Write numbers plain with a decimal comma, days as 2026-01-31; text that a program could take for a formula gets an
    apostrophe."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return f"{trim(value):f}".replace(".", ",")
    if isinstance(value, date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    text = clean_text(str(value))
    return f"'{text}" if is_formula_like(text) else text
