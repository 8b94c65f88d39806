"""A sub-budget's sheet as shown: cells made once in Python, since a template with hundreds of rows is slow."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budgets.models import COST_KINDS, BudgetProduct, CostLine
from budgets.selectors import Compared, name_of
from budgets.selectors.sheets import Sheet, SheetLine, SheetProduct
from itsam.web import marks
from itsam.web.numbers import format_change, format_decimal, format_sek, format_tkr

TKR_CELLS = (
    '<td class="n now" title="{} kr">{}</td><td class="n">{}</td><td class="n">{}</td>'
    '<td class="n cmp cmp-first">{}</td><td class="n">{}</td>'
)
SEK_CELLS = (
    '<td class="n now">{}</td><td class="n">{}</td><td class="n">{}</td>'
    '<td class="n cmp cmp-first">{}</td><td class="n">{}</td>'
)
ACTION = (
    '<a class="row-act" href="{0}" hx-get="{0}" hx-target="#form-{1}" hx-swap="outerHTML">{2}'
    '<span class="visually-hidden"> {3}</span></a>'
)


@dataclass(frozen=True)
class Drawn:
    """A row: its key in the page, and its cells."""

    key: str
    text: str
    kind: str
    cells: SafeString
    actions: SafeString


@dataclass(frozen=True)
class DrawnLine(Drawn):
    """A line's row."""

    about: str
    note: str
    quantity: str
    price: str
    source: SafeString


@dataclass(frozen=True)
class DrawnProduct(Drawn):
    """A product's row with its lines."""

    lines: list[DrawnLine]
    gone: str


def draw_cells(row: Compared, unit: str) -> SafeString:
    """The three years, the year before and the change; in tkr the budget year tells its kronor when pointed at.

    Shown numbers hold nothing that needs escaping.
    """
    values = (*row.amounts, row.earlier)
    if unit == "kr":
        sign = "+" if row.change is not None and row.change > 0 else ""
        return mark_safe(SEK_CELLS.format(*map(format_sek, values), sign + format_sek(row.change)))
    return mark_safe(TKR_CELLS.format(format_sek(row.amounts[0]), *map(format_tkr, values), format_change(row.change)))


class Pen:
    """Draws a sheet in a unit; addresses and words are looked up once."""

    def __init__(self, address: list[str], *, unit: str, query: str) -> None:
        self.base = reverse("budgets:sub_budget", args=address)
        self.unit, self.query = unit, query
        self.kinds = {kind: str(label) for kind, label in COST_KINDS}
        self.change, self.delete = pgettext("verb", "Change"), _("Delete")
        self.close, self.plus, self.add, self.within = marks.icon("close"), marks.icon("plus"), _("Line"), _("in")
        self.copied = format_html(
            '<span class="assumed" title="{}">{}<span class="visually-hidden">, {}</span></span>',
            _("copied, not yet calculated"),
            _("copied"),
            _("not yet calculated"),
        )

    def draw(self, sheet: Sheet) -> list[DrawnProduct]:
        """Return the sheet's products with their lines."""
        return [self._draw_product(product) for product in sheet.products]

    def _draw_product(self, row: SheetProduct) -> DrawnProduct:
        product = row.product
        gone = (format_sek if self.unit == "kr" else format_tkr)(row.gone) if row.gone else ""
        category, cells = product.get_category_display(), draw_cells(row, self.unit)
        lines = [self._draw_line(line, product) for line in row.lines]
        return DrawnProduct(str(product.lineage), product.name, category, cells, self._draw_add(product), lines, gone)

    def _draw_line(self, row: SheetLine, product: BudgetProduct) -> DrawnLine:
        line: CostLine = row.line
        return DrawnLine(
            key=str(line.lineage),
            text=line.text,
            kind=self.kinds[line.cost_kind],
            cells=draw_cells(row, self.unit),
            actions=self._draw_actions(line, product),
            about=name_of(line.governance_object) if line.governance_object else "",
            note=line.note,
            quantity="" if line.quantity is None else format_decimal(line.quantity.normalize()),
            price="" if line.unit_price_ore is None else format_sek(line.unit_price_ore),
            source=self.copied if row.is_copied else marks.provenance(line.provenance),
        )

    def _draw_add(self, product: BudgetProduct) -> SafeString:
        url = f"{self.base}products/{product.lineage}/add/{self.query}"
        label = format_html("{}{}", self.plus, self.add)
        return format_html(ACTION, url, product.lineage, label, f"{self.within} {product.name}")

    def _draw_actions(self, line: CostLine, product: BudgetProduct) -> SafeString:
        url, key = f"{self.base}lines/{line.lineage}/", line.lineage
        about = f"{product.name}, {line.text}"
        edit: SafeString = format_html(ACTION, url + self.query, key, self.change, about)
        delete: SafeString = format_html(ACTION, f"{url}delete/{self.query}", key, self.close, f"{self.delete} {about}")
        return edit + delete
