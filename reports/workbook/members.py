"""What each customer pays: a row for each share of a product, and their sums by customer, which are formulas.

A share is split by the engine to the öre, which no formula repeats, so the shares are numbers and all above them sums.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budgets.models import Budget
from budgets.selectors.compared import Compared
from engine.result import is_income, sum_amounts
from engine.years import Amounts
from objects.models import Customer
from reports.workbook.lines import YEARS, Written, compare, compared_columns, source_of, year_columns
from reports.workbook.shares import Shares
from web.names import name_of
from web.workbook import Cell, Column, Form, Formula, Sheet, Value, Weight, sek, span


def member_columns(budget: Budget) -> list[Column]:
    """Return the columns of the sums by customer."""
    return [Column(_("Customer"), 36), *compared_columns(budget)]


def share_columns(budget: Budget) -> list[Column]:
    """Return the columns of the shares."""
    heads = [
        (_("Customer"), 22),
        (_("Sub-budget"), 24),
        (_("Product"), 30),
        (_("Revenue category"), 22),
        (_("Key"), 24),
    ]
    source = Column(pgettext("of an allocation key", "Source of the key"), 14)
    return [*(Column(name, width) for name, width in heads), *year_columns(budget), source]


def write_shares(sheet: Sheet, shares: Shares) -> tuple[int, int]:
    """Write a row for each share, which readers may filter and sort; return the first and the last."""
    head = sheet.start_table()
    for row in shares.rows:
        product, source = row.product, source_of(row.key.provenance)
        names = [row.customer.name, name_of(product.sub_budget), product.name, product.get_category_display()]
        sheet.add([*names, name_of(row.key), *map(sek, row.amounts), source])
    if not shares.rows:
        sheet.add([Cell(_("No allocation key splits the cost, so nobody knows what each member pays."), Form.MUTED)])
    sheet.filter_rows(head)
    return head + 1, sheet.row


def write_members(
    sheet: Sheet, detail: Sheet, rows: tuple[int, int], shares: Shares, whole: Sequence[tuple[str, int]]
) -> None:
    """Write what each customer pays, beside the year before, and how the sum differs from `whole`: cells and their öre."""
    first = sheet.start_table() + 1
    for customer in shares.customers:
        _add_customer(sheet, detail, rows, customer, shares)
    last, row = sheet.row, sheet.row + 1
    figures = _figures(shares, shares.customers)
    sums = zip("BCDE", (*figures.amounts, figures.earlier), strict=True)
    formulas = [_sum(letter, first, last, ore) for letter, ore in sums]
    sheet.add([_("Total"), *formulas, *compare(row, "B", "E", "F", figures)], Weight.TOTAL)
    if shares.is_whole:
        _add_check(sheet, row, figures.amounts, whole)
    if shares.is_assumed:
        sheet.note(_("A key is assumed, and with it what each customer pays."))


def less_income(parts: Sequence[Written], place: int, cell: str, ore: int) -> tuple[str, int]:
    """Return what customers pay of a year's total, counted from 0: a formula of its cell less the income, and its öre."""
    earned = [
        (written.sheet.ref(YEARS[place], written.kinds[kind]), amounts[place])
        for written in parts
        for kind, amounts in written.by_kind.items()
        if is_income(kind) and any(amounts)
    ]
    names = "".join(f"-{name}" for name, _amount in earned)
    return (f"({cell}{names})" if earned else cell), ore - sum(amount for _name, amount in earned)


def _sum(letter: str, first: int, last: int, ore: int | None) -> Value:
    if ore is None or last < first:
        return None if ore is None else 0
    return Formula(f"SUM({span(letter, first, last)})", sek(ore))


def _add_customer(sheet: Sheet, detail: Sheet, rows: tuple[int, int], customer: Customer, shares: Shares) -> None:
    row, figures = sheet.row + 1, _figures(shares, [customer])
    names = _absolute(detail, "A", rows)
    sums = [
        Formula(f"SUMIF({names},$A{row},{_absolute(detail, letter, rows)})", sek(ore))
        for letter, ore in zip("FGH", figures.amounts, strict=True)
    ]
    sheet.add([customer.name, *sums, sek(figures.earlier), *compare(row, "B", "E", "F", figures)])


def _absolute(sheet: Sheet, letter: str, rows: tuple[int, int]) -> str:
    first, last = rows
    cell = sheet.ref(f"${letter}$", first)
    return f"{cell}:${letter}${last}"


def _figures(shares: Shares, customers: Sequence[Customer]) -> Compared:
    amounts = sum_amounts(row.amounts for row in shares.rows if row.customer in customers)
    earlier = shares.earlier
    return Compared(amounts, None if earlier is None else sum(earlier.get(customer.pk, 0) for customer in customers))


def _add_check(sheet: Sheet, row: int, amounts: Amounts, whole: Sequence[tuple[str, int]]) -> None:
    """Add by how much the sum differs from the lines: nothing, when all is computed and each product has a key."""
    checks = [
        Formula(f"ROUND({letter}{row}-{cell},2)", sek(ore - expected))
        for letter, ore, (cell, expected) in zip("BCD", amounts, whole, strict=True)
    ]
    label = pgettext("in a workbook", "Check: less the sub-budgets' total without their income")
    sheet.add([Cell(label, Form.MUTED), *checks])
