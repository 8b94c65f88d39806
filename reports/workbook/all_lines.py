"""All lines under each other, for pivots and filters: one row of headings, a row for each line, no sums between them.

The trick: amounts are formulas that name the line in its sub-budget's sheet, so that a figure that is changed there is
changed here too, and the sheet adds up to the overview.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budgets.models import COST_KINDS, Budget
from budgets.selectors.sheets import SheetLine, SheetProduct
from budgets.words import name_earlier
from reports.workbook.lines import EARLIER, YEARS, Gone, Written, source_of, year_columns
from web.names import name_of
from web.workbook import Cell, Column, Form, Formula, Sheet, Value, sek

FIGURES = (*YEARS, EARLIER)


def all_line_columns(budget: Budget) -> list[Column]:
    """Return the columns."""
    return [
        Column(_("Sub-budget"), 16),
        Column(_("Product"), 20),
        Column(_("Line"), 22),
        Column(_("Cost kind"), 14),
        Column(_("Quantity"), 8, Form.QUANTITY),
        Column(_("Unit price, SEK"), 12, Form.EXACT),
        *year_columns(budget),
        Column(_("Budget %(year)s, SEK") % {"year": name_earlier(budget)}, 12, Form.AMOUNT),
        Column(_("Source"), 15),
        Column(pgettext("of a line", "Note"), 20, Form.WRAPPED),
        Column(_("Object that the cost is for"), 26, on_paper=False),
        Column(_("Kind of object"), 24, on_paper=False),
        Column(_("Revenue category"), 40, on_paper=False),
    ]


def write_all_lines(sheet: Sheet, parts: Sequence[Written]) -> None:
    """Write every line, and what the year before had and this year has not; readers may filter and sort them."""
    head = sheet.start_table()
    kinds = {kind: str(label) for kind, label in COST_KINDS}
    for written in parts:
        place = _place(written)
        for product in written.part.sheet.products:
            for line in product.lines:
                _add_line(sheet, written, product, line, [*place, kinds[line.line.cost_kind]])
        for gone in written.gone:
            _add_gone(sheet, written, gone, place)
    sheet.filter_rows(head)


def _place(written: Written) -> list[str]:
    about = written.part.sub_budget.governance_object
    return [name_of(written.part.sub_budget), about.get_kind_display() if about else _("base grant")]


def _add_line(sheet: Sheet, written: Written, product: SheetProduct, row: SheetLine, place: list[str]) -> None:
    line, (sub_budget, object_kind, kind) = row.line, place
    at = written.lines[line.pk]
    figures: list[Value] = [
        None if ore is None else Formula(written.sheet.ref(letter, at), sek(ore))
        for letter, ore in zip(FIGURES, (*row.amounts, row.earlier), strict=True)
    ]
    about = line.governance_object
    sheet.add(
        [
            sub_budget,
            product.product.name,
            line.text,
            kind,
            line.quantity,
            sek(line.unit_price_ore),
            *figures,
            _source(row),
            line.note or None,
            name_of(about) if about else None,
            object_kind,
            product.product.get_category_display(),
        ]
    )


def _source(row: SheetLine) -> Value | Cell:
    early, _same, _last = row.line.sources
    return Cell(_("copied, not yet calculated"), Form.MARK) if row.is_copied else source_of(early)


def _add_gone(sheet: Sheet, written: Written, gone: Gone, place: list[str]) -> None:
    product = gone.product.product if gone.product else None
    name, category = (product.name, product.get_category_display()) if product else (None, None)
    before = Formula(written.sheet.ref(EARLIER, gone.row), sek(gone.ore))
    sub_budget, object_kind = place
    label = Cell(gone.label, Form.MUTED)
    sheet.add([sub_budget, name, label, *[None] * 6, before, *[None] * 3, object_kind, category])
