"""A sub-budget's sheet of the workbook: products with their lines, summed by formulas, and the sum of each cost kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budgets.models import COST_KINDS, Budget
from budgets.selectors.compared import Compared
from budgets.selectors.sheets import SheetLine, SheetProduct, list_counted
from budgets.words import name_earlier
from engine.provenance import DOUBTFUL, Source
from engine.result import CostKind, is_income, sum_amounts
from engine.years import Amounts
from records.models import Provenance
from reports.workbook.selectors import Part
from web.names import name_of
from web.workbook import Cell, Column, Form, Formula, Sheet, Value, Weight, add_up, sek, span

YEARS = ("F", "G", "H")
EARLIER, CHANGE = "I", "J"


@dataclass(frozen=True)
class Gone:
    """A row of what the year before had and this year has not, öre; `product` is None where the product is gone too."""

    row: int
    label: str
    product: SheetProduct | None
    ore: int


@dataclass(frozen=True)
class Written:
    """Where a sub-budget's figures stand, for the formulas of other sheets: rows by budget product, line and cost kind."""

    part: Part
    sheet: Sheet
    total: int
    products: dict[int, int]
    lines: dict[int, int]
    gone: list[Gone]
    kinds: dict[CostKind, int]
    by_kind: dict[CostKind, Amounts]


def year_columns(budget: Budget) -> list[Column]:
    """Return the columns of the budget's three years, SEK."""
    first, *plan = budget.years
    named = [_("Budget %(year)s, SEK") % {"year": first}, *(_("Plan %(year)s, SEK") % {"year": year} for year in plan)]
    return [Column(heading, 12, Form.AMOUNT) for heading in named]


def compared_columns(budget: Budget) -> list[Column]:
    """Return the three years, the year before, and how they differ."""
    earlier = _("Budget %(year)s, SEK") % {"year": name_earlier(budget)}
    return [
        *year_columns(budget),
        Column(earlier, 12, Form.AMOUNT),
        Column(_("Difference"), 12, Form.CHANGE),
        Column("%", 8, Form.PERCENT),
    ]


def compare(row: int, now: str, earlier: str, change: str, figures: Compared) -> list[Value]:
    """Return the difference from the year before and its share, as formulas.

    They are empty where the year before is not known.
    """
    if figures.change is None or figures.earlier is None:
        return [None, None]
    share = None if not figures.earlier else round(Decimal(figures.change) / abs(figures.earlier), 15)
    return [
        Formula(f"ROUND({now}{row}-{earlier}{row},2)", sek(figures.change)),
        Formula(f'IF({earlier}{row}=0,"",{change}{row}/ABS({earlier}{row}))', share),
    ]


def source_of(provenance: str) -> Value | Cell:
    """Return where a figure comes from; marked when it is assumed."""
    label = _("not known") if provenance == Source.UNKNOWN else Provenance(provenance).label
    return Cell(label, Form.MARK) if provenance in DOUBTFUL else label


def list_columns(budget: Budget) -> list[Column]:
    """Return the columns of a sub-budget's table."""
    return [
        Column(_("Product"), 20),
        Column(_("Line"), 22),
        Column(_("Cost kind"), 14),
        Column(_("Quantity"), 8, Form.QUANTITY),
        Column(_("Unit price, SEK"), 12, Form.EXACT),
        *compared_columns(budget),
        Column(_("Source"), 15),
        Column(pgettext("of a line", "Note"), 20, Form.WRAPPED),
        Column(_("Object that the cost is for"), 26, on_paper=False),
    ]


def write_part(sheet: Sheet, part: Part, budget: Budget) -> Written:
    """Write a sub-budget's table and its sums."""
    first = sheet.start_table() + 1
    writer = _Writer(sheet, budget)
    products = {row.product.pk: writer.add_product(row) for row in part.sheet.products}
    if not products:
        sheet.add([Cell(_("This sub-budget has no products yet. The economist adds them."), Form.MUTED)])
    total = _add_total(writer, part, list(products.values()), budget)
    by_kind = _sum_kinds(part)
    kinds = _add_kinds(sheet, (first, total - 1), by_kind, budget)
    return Written(part, sheet, total, products, writer.lines, writer.gone, kinds, by_kind)


class _Writer:
    """Writes products and lines; words are looked up once."""

    def __init__(self, sheet: Sheet, budget: Budget) -> None:
        self.sheet = sheet
        self.kinds = {kind: str(label) for kind, label in COST_KINDS}
        self.copied = Cell(_("copied, not yet calculated"), Form.MARK)
        self.gone_label = _("Lines of %(earlier_year)s that are gone") % {"earlier_year": name_earlier(budget)}
        self.lines: dict[int, int] = {}
        self.gone: list[Gone] = []
        self.last_year = budget.years[-1]
        self.sources = {source.value: source_of(source) for source in Provenance}

    def add_product(self, row: SheetProduct) -> int:
        """Add a product's sums with its lines below; return the row of the sums."""
        number = self.sheet.row + 1
        counted = list_counted(row.lines)
        known = [line.earlier for line in counted if line.earlier is not None]
        has_lines_before = row.earlier is not None and len(known) == len(counted)
        gone = (row.earlier or 0) - sum(known) if has_lines_before else 0
        rows = _Rows(number, row, has_gone=bool(gone))
        earlier = rows.sum(EARLIER, row.earlier or 0) if has_lines_before else sek(row.earlier)
        self.sheet.add(
            [
                row.product.name,
                Cell(row.product.get_category_display(), Form.MUTED),
                *[None] * 3,
                *(rows.sum(letter, ore) for letter, ore in zip(YEARS, row.amounts, strict=True)),
                earlier,
                *compare(number, YEARS[0], EARLIER, CHANGE, row),
            ],
            Weight.GROUP,
        )
        for line in row.lines:
            self._add_line(row.product.name, line)
        if gone:
            name, label = Cell(row.product.name, Form.MUTED), Cell(self.gone_label, Form.MUTED)
            added = self.sheet.add([name, label, *[None] * 6, sek(gone)], level=1)
            self.gone.append(Gone(added, self.gone_label, row, gone))
        return number

    def _source_of(self, row: SheetLine) -> Value | Cell:
        """Return where a line's amounts come from; of the last year too, where an index made that."""
        early, _same, last = row.line.sources
        if row.is_copied:
            return self.copied
        if early == last:
            return self.sources[early]
        words = {"source": Provenance(early).label, "year": self.last_year, "last": Provenance(last).label}
        return Cell(_("%(source)s; %(year)s %(last)s") % words, Form.MARK)

    def _add_line(self, product: str, row: SheetLine) -> None:
        line = row.line
        about = line.governance_object
        self.lines[line.pk] = self.sheet.add(
            [
                Cell(product, Form.MUTED),
                line.text,
                self.kinds[line.cost_kind],
                line.quantity,
                sek(line.unit_price_ore),
                *map(sek, row.amounts),
                sek(row.earlier),
                *compare(self.sheet.row + 1, YEARS[0], EARLIER, CHANGE, row),
                self._source_of(row),
                line.note or None,
                name_of(about) if about else None,
            ],
            level=1,
        )


class _Rows:
    """The rows of a product's lines, below that of its sums; what it earns is no part of these."""

    def __init__(self, number: int, row: SheetProduct, *, has_gone: bool) -> None:
        self.first, self.last = number + 1, number + len(row.lines) + has_gone
        below = range(self.first, self.last + 1)
        earned = {number + place for place, line in enumerate(row.lines, 1) if is_income(line.line.cost_kind)}
        self.chosen = [place for place in below if place not in earned] if earned else []

    def sum(self, letter: str, ore: int) -> Value:
        """Return the sum of a column over them."""
        if self.chosen:
            return Formula(add_up([f"{letter}{place}" for place in self.chosen]), sek(ore))
        return Formula(f"SUM({span(letter, self.first, self.last)})", sek(ore)) if self.last >= self.first else sek(ore)


def _add_total(writer: _Writer, part: Part, products: list[int], budget: Budget) -> int:
    sheet, figures = writer.sheet, part.sheet
    known = [row.earlier or 0 for row in figures.products]
    gone = 0 if figures.earlier is None else figures.earlier - sum(known)
    rows = list(products)
    if gone:
        label = _("Products of %(earlier_year)s that are gone") % {"earlier_year": name_earlier(budget)}
        rows.append(sheet.add([Cell(label, Form.MUTED), *[None] * 7, sek(gone)]))
        writer.gone.append(Gone(rows[-1], label, None, gone))
    label = _("Base grant to charge") if part.sub_budget.is_base_grant else _("Total")
    values = zip(YEARS, figures.amounts, strict=True)
    return sheet.add(
        [
            label,
            *[None] * 4,
            *(add_rows(letter, products, ore) for letter, ore in values),
            None if figures.earlier is None else add_rows(EARLIER, rows, figures.earlier),
            *compare(sheet.row + 1, YEARS[0], EARLIER, CHANGE, figures),
        ],
        Weight.TOTAL,
    )


def add_rows(letter: str, rows: Sequence[int], ore: int) -> Value:
    """Add the sum of a column's cells in some rows."""
    return Formula(add_up([f"{letter}{row}" for row in rows]), sek(ore)) if rows else sek(ore)


def _sum_kinds(part: Part) -> dict[CostKind, Amounts]:
    lines = [line.line for product in part.sheet.products for line in product.lines]
    return {kind: sum_amounts(line.amounts for line in lines if line.cost_kind == kind) for kind in CostKind}


def _add_kinds(
    sheet: Sheet, lines: tuple[int, int], by_kind: dict[CostKind, Amounts], budget: Budget
) -> dict[CostKind, int]:
    """Add the sum of each cost kind over the table above."""
    first, last = lines
    blank = [Column("", 0)] * 4
    sheet.start_table([Column(_("Cost kind"), 0), *blank, *year_columns(budget)], title=_("By cost kind"))
    rows = {}
    for kind, label in COST_KINDS:
        row = sheet.row + 1
        values = zip(YEARS, by_kind[CostKind(kind)], strict=True)
        rows[CostKind(kind)] = sheet.add(
            [label, *[None] * 4, *(Formula(_sum_of(letter, first, last, row), sek(ore)) for letter, ore in values)]
        )
    return rows


def _sum_of(letter: str, first: int, last: int, row: int) -> str:
    return f"SUMIF($C${first}:$C${last},$A{row},{letter}${first}:{letter}${last})"
