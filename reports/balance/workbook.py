"""The budgeted balance sheet as a workbook: sums by formulas, and words where an amount is not known."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from budgets.models import Budget
from engine.equity import Figure
from forecasts.selectors.balance import BalanceReport
from reports.balance.rows import BalanceRow, judge, list_beside_debt, list_changes, list_sides
from web.workbook import Book, Column, Form, Formula, Sheet, Value, Weight, sek, span

HEAD_ROW = 4


def name_balance_workbook(budget: Budget) -> str:
    """Return the file's name."""
    subject = _("balance-sheet")
    return f"{budget.slug}-{subject}.xlsx"


def make_balance_workbook(budget: Budget, report: BalanceReport) -> bytes:
    """Return the file, in the language at hand, in kronor."""
    title = _("Budgeted balance sheet")
    made = _("Made %(time)s") % {"time": date_format(timezone.localtime(), "Y-m-d H:i")}
    owned, owed = list_sides(report)
    rows = [*owned, *owed, *list_changes(report), *list_beside_debt(report)]
    amounts = [figure.ore for row in rows for figure in row.figures if figure.ore is not None]
    book = Book(
        title=f"{budget.title}, {title}",
        about=f"{budget.title}, {budget.stage}",
        made=made,
        page=_("Page {page} of {pages}"),
        amounts=amounts,
    )
    sheet = book.add_sheet(_("Balance sheet"), _columns([row.year for row in report.rows]), head_row=HEAD_ROW)
    sheet.write_head([f"{title}, kr", f"{budget.title}, {budget.stage}", f"{judge(report).headline}. {made}"])
    sheet.start_table()
    assets = _add_side(sheet, owned)
    total = _add_side(sheet, owed)
    _add_difference(sheet, report, assets, total)
    sheet.start_table(_columns([row.year for row in report.years]), title=_("Change in the year"))
    for row in list_changes(report):
        sheet.add([row.label, *map(_value, row.figures)])
    sheet.start_table(_columns([row.year for row in report.rows]), title=_("Book value beside loans"))
    for row in list_beside_debt(report):
        sheet.add([row.label, *map(_value, row.figures)], Weight.TOTAL if row.style else Weight.PLAIN)
    for said in judge(report).said:
        sheet.note(said)
    return book.save()


def _columns(years: Sequence[int]) -> list[Column]:
    return [Column(_("31 December"), 44), *(Column(str(year), 16, Form.AMOUNT) for year in years)]


def _value(figure: Figure) -> Value:
    return _("not known") if figure.ore is None else sek(figure.ore)


def _letters(count: int) -> list[str]:
    return [chr(ord("B") + place) for place in range(count)]


def _add_side(sheet: Sheet, rows: Sequence[BalanceRow]) -> int:
    """Write a side's items and its sum; return the row of the sum."""
    *items, total = rows
    first = sheet.row + 1
    for row in items:
        sheet.add([row.label, *map(_value, row.figures)])
    last = sheet.row
    sums: list[Value] = [
        _value(figure) if figure.ore is None else Formula(f"SUM({span(letter, first, last)})", sek(figure.ore))
        for letter, figure in zip(_letters(len(total.figures)), total.figures, strict=True)
    ]
    return sheet.add([total.label, *sums], Weight.TOTAL)


def _add_difference(sheet: Sheet, report: BalanceReport, assets: int, owed: int) -> None:
    differences: list[Value] = [
        _value(row.difference)
        if row.difference.ore is None
        else Formula(f"ROUND({letter}{assets}-{letter}{owed},2)", sek(row.difference.ore))
        for letter, row in zip(_letters(len(report.rows)), report.rows, strict=True)
    ]
    sheet.add([_("Difference, 0 when it balances"), *differences], Weight.SUM)
