"""A sub-budget's sheet as shown: cells made once in Python, since a template with hundreds of rows is slow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import COST_KINDS, BudgetProduct, CostLine
from budgets.selectors.changes import LineChange
from budgets.selectors.compared import Compared
from budgets.selectors.sheets import Sheet, SheetLine, SheetProduct
from records.selectors.collaboration import Counts
from web import marks
from web.names import name_of
from web.numbers import format_change, format_quantity, format_sek, format_tkr

TKR_CELLS = (
    '<td class="n now" title="{} kr">{}</td><td class="n">{}</td><td class="n">{}</td>'
    '<td class="n cmp cmp-first">{}</td><td class="n">{}</td>'
)
SEK_CELLS = (
    '<td class="n now">{}</td><td class="n">{}</td><td class="n">{}</td>'
    '<td class="n cmp cmp-first">{}</td><td class="n">{}</td>'
)
LINE_CELLS = (
    '<th scope="row"><span class="d-block line-text">{}{}{}{}{}</span></th><td class="opt">{}</td>'
    '<td class="n opt">{}</td><td class="n opt">{}</td>{}<td>{}</td>'
)
CORRECTED = ' <a class="status st-info small" href="#corrections" title="{}">{}{}</a>'
NOTE = ' <span class="muted" title="{0}">{1}<span class="visually-hidden">{0}</span></span>'
COMMENTS = (
    ' <a class="row-act" href="{0}?about={1}" title="{2}">{3}{4}<span class="visually-hidden"> {2}: {5}</span></a>'
)
# The row kept below a line for its form and for what was done there.
SLOT = '<tr id="form-{}" hidden></tr>'
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
class DrawnLine:
    """A line's row: its key in the page, and all its cells."""

    key: str
    cells: SafeString


@dataclass(frozen=True)
class DrawnProduct(Drawn):
    """A product's row with its lines."""

    lines: list[DrawnLine]
    gone: str
    earlier: int | None
    comments: SafeString | str

    @property
    def keys(self) -> set[str]:
        """Its lines' keys."""
        return {line.key for line in self.lines}

    @property
    def rows(self) -> SafeString:
        """All its lines' rows, each with the row kept below it."""
        return mark_safe("".join(f"{line.cells}{SLOT.format(line.key)}" for line in self.lines))


def draw_cells(row: Compared, unit: str) -> SafeString:
    """The three years, the year before and the change; in tkr the budget year tells its kronor when pointed at.

    Shown numbers hold nothing that needs escaping.
    """
    values = (*row.amounts, row.earlier)
    if unit == "kr":
        sign = "+" if row.change is not None and row.change > 0 else ""
        return mark_safe(SEK_CELLS.format(*map(format_sek, values), sign + format_sek(row.change)))
    return mark_safe(TKR_CELLS.format(format_sek(row.amounts[0]), *map(format_tkr, values), format_change(row.change)))


def draw_correction(change: LineChange) -> SafeString:
    """The mark of a line that the reviewer changed: a link to both values, which are told when it is pointed at."""
    told = "; ".join(f"{field.label}: {field.old} → {field.new}" for field in change.fields)
    return format_html(CORRECTED, f"{change.by}. {told}", marks.icon("submitted"), _("changed by the reviewer"))


def draw_comment_link(address: str, lineage: UUID, name: str, own: Counts) -> SafeString:
    """The link to the comments on a line or product; `address` is that of the sub-budget's comments."""
    said = ngettext("%(count)s comment", "%(count)s comments", own.total) % {"count": own.total}
    if own.open:
        said += ", " + ngettext("%(count)s open", "%(count)s open", own.open) % {"count": own.open}
    return format_html(COMMENTS, address, lineage, said, marks.icon("comment"), f" {own.total}", name)


class Pen:
    """Draws a sheet in a unit; addresses and words are looked up once."""

    def __init__(
        self,
        address: list[str],
        *,
        unit: str,
        query: str,
        corrections: Mapping[UUID, LineChange] | None = None,
        comments: Mapping[UUID, Counts] | None = None,
    ) -> None:
        self.base = reverse("budgets:sub_budget", args=address)
        self.unit, self.query = unit, query
        self.corrections, self.comments = corrections or {}, comments or {}
        self.sources: dict[str, SafeString] = {}
        self.kinds = {kind: str(label) for kind, label in COST_KINDS}
        self.comment = marks.icon("comment")
        self.plus, self.add, self.within = marks.icon("plus"), _("Line"), _("in")
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
        comments = self.draw_comments_on(product.lineage, product.name)
        return DrawnProduct(
            str(product.lineage),
            product.name,
            category,
            cells,
            self._draw_add(product),
            lines,
            gone,
            row.earlier,
            comments,
        )

    def _draw_line(self, row: SheetLine, product: BudgetProduct) -> DrawnLine:
        line: CostLine = row.line
        about = line.governance_object
        cells = format_html(
            LINE_CELLS,
            line.text,
            format_html(' <span class="muted small">{}</span>', name_of(about)) if about else "",
            format_html(NOTE, line.note, self.comment) if line.note else "",
            self.draw_correction_of(line),
            self.draw_comments_on(line.lineage, line.text),
            self.kinds[line.cost_kind],
            "" if line.quantity is None else format_quantity(line.quantity),
            "" if line.unit_price_ore is None else format_sek(line.unit_price_ore),
            draw_cells(row, self.unit),
            self.copied if row.is_copied else self._draw_source(line.provenance),
        )
        return DrawnLine(str(line.lineage), cells)

    def draw_comments_on(self, lineage: UUID, name: str) -> SafeString | str:
        """The link to the comments on a line or product, nothing where there are none."""
        own = self.comments.get(lineage)
        return draw_comment_link(f"{self.base}comments/", lineage, name, own) if own else ""

    def draw_correction_of(self, line: CostLine) -> SafeString | str:
        """The mark of a line that the reviewer changed, nothing of another."""
        return draw_correction(self.corrections[line.lineage]) if line.lineage in self.corrections else ""

    def _draw_source(self, provenance: str) -> SafeString:
        if provenance not in self.sources:
            self.sources[provenance] = marks.provenance(provenance)
        return self.sources[provenance]

    def _draw_add(self, product: BudgetProduct) -> SafeString:
        url = f"{self.base}products/{product.lineage}/add/{self.query}"
        label = format_html("{}{}", self.plus, self.add)
        return format_html(ACTION, url, product.lineage, label, f"{self.within} {product.name}")
