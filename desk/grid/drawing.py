"""The rows of the grid: every cell an input that holds kronor, part of one form that works without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budgets.models import BudgetProduct, CostLine
from budgets.selectors.changes import LineChange
from budgets.selectors.sheets import SheetLine
from budgets.services.grid.edits import CELLS
from desk.sub_budget.drawing import SLOT, DrawnLine, Pen
from records.selectors.collaboration import Counts
from web import marks
from web.names import name_of
from web.numbers import format_change, format_quantity, format_sek, format_tkr

# Columns of the grid, so that a message spans them all.
COLUMNS = 12
INPUT = '<input class="cell{css}" form="grid-form" name="{key}:{name}" value="{value}" aria-label="{label}"{extra}>'
ROW = (
    '<tr class="line" id="line-{key}" data-seen="{seen}" data-earlier="{earlier}" data-product="{product}">'
    '<th scope="row" class="in{bad[0]}">{cells[0]}{about}</th><td class="in opt{bad[1]}">{cells[1]}</td>'
    '<td class="n in opt{bad[2]}">{cells[2]}</td><td class="n in opt{bad[3]}">{cells[3]}</td>'
    '<td class="n in now{bad[4]}">{cells[4]}</td><td class="n in{bad[5]}">{cells[5]}</td>'
    '<td class="n in{bad[6]}">{cells[6]}</td><td class="n cmp cmp-first">{before}</td><td class="n">{change}</td>'
    '<td class="in note{bad[7]}">{cells[7]}</td><td class="source">{source}</td>'
    '<td class="nowrap">{actions}</td></tr>'
)
# The script opens them in the row kept below the line; no icons, since a page has a thousand of them.
ACTIONS = (
    '<a class="row-act" data-form href="{url}{query}">{change}<span class="visually-hidden"> {about}</span></a>'
    '<a class="row-act" data-form href="{url}delete/{query}"><span aria-hidden="true">×</span>'
    '<span class="visually-hidden">{delete} {about}</span></a>'
)
MESSAGE = (
    '<tr class="cell-msg is-bad" id="msg-{key}"><td colspan="{columns}"><div><span class="status st-bad">{icon}</span>'
    "<span>{words}</span></div></td></tr>"
)
# (line, field) to what was typed, and a line to (field, what is wrong with it).
Typed = Mapping[tuple[UUID, str], str]
Problems = Mapping[UUID, Sequence[tuple[str, str]]]


def write_cells(line: CostLine, kinds: Mapping[str, str]) -> list[str]:
    """A line's cells as texts, in the order of CELLS: what the inputs hold, and what is compared when it is saved."""
    return [
        line.text,
        kinds[line.cost_kind],
        "" if line.quantity is None else format_quantity(line.quantity),
        "" if line.unit_price_ore is None else format_sek(line.unit_price_ore),
        format_sek(line.amount_1_ore),
        format_sek(line.amount_2_ore),
        format_sek(line.amount_3_ore),
        " ".join(line.note.split()),
    ]


class GridPen(Pen):
    """Draws a sheet's lines as inputs, with what was typed instead where something is wrong."""

    def __init__(
        self,
        address: list[str],
        *,
        unit: str,
        query: str,
        years: Sequence[int],
        corrections: Mapping[UUID, LineChange] | None = None,
        comments: Mapping[UUID, Counts] | None = None,
        typed: Typed | None = None,
        problems: Problems | None = None,
    ) -> None:
        super().__init__(address, unit=unit, query=query, corrections=corrections, comments=comments)
        self.typed, self.problems = typed or {}, problems or {}
        words = [
            _("text"),
            _("cost kind"),
            _("quantity"),
            _("unit price"),
            *map(str, years),
            pgettext("of a line", "note"),
        ]
        self.words = [escape(word) for word in words]
        self.bad_icon = marks.icon("bad")
        self.actions = partial(
            ACTIONS.format, change=escape(pgettext("verb", "Change")), delete=escape(_("Delete")), query=escape(query)
        )

    def _draw_line(self, row: SheetLine, product: BudgetProduct) -> DrawnLine:
        line: CostLine = row.line
        values = write_cells(line, self.kinds)
        wrong = {name for name, _words in self.problems.get(line.lineage, ())}
        key, text = str(line.lineage), escape(line.text)
        cells = [self._draw_cell(line, key, at, values[at], text, wrong) for at in range(len(CELLS))]
        show = format_sek if self.unit == "kr" else format_tkr
        change = row.change
        sign = "+" if self.unit == "kr" and change is not None and change > 0 else ""
        about = line.governance_object
        drawn = ROW.format(
            key=key,
            seen=line.edited_at.isoformat(),
            earlier="" if row.earlier is None else row.earlier,
            product=product.lineage,
            about=(f'<span class="muted small about">{escape(name_of(about))}</span>' if about else "")
            + self.draw_correction_of(line)
            + self.draw_comments_on(line.lineage, line.text),
            cells=cells,
            bad=[" bad" if name in wrong else "" for name in CELLS],
            before=show(row.earlier),
            change=sign + show(change) if self.unit == "kr" else format_change(change),
            source=self.draw_source(row),
            actions=self.actions(url=f"{self.base}lines/{key}/", about=f"{escape(product.name)}, {text}"),
        )
        return DrawnLine(key, mark_safe(drawn + self._draw_message(line)))

    def draw_row(self, row: SheetLine) -> SafeString:
        """One line's row, with the hidden row kept below it."""
        drawn = self._draw_line(row, row.line.budget_product)
        return mark_safe(drawn.cells + SLOT.format(drawn.key))

    def draw_source(self, row: SheetLine) -> SafeString:
        """Where a line's figures come from."""
        return self.copied if row.is_copied else self._draw_source(row.line.provenance)

    def _draw_cell(self, line: CostLine, key: str, at: int, value: str, text: str, wrong: set[str]) -> str:
        name = CELLS[at]
        extra = ' list="cost-kinds"' if name == "cost_kind" else ""
        if name in wrong:
            extra += f' aria-invalid="true" aria-describedby="msg-{key}"'
        label = f"{self.words[0]}, {text}" if at == 0 else f"{text}, {self.words[at]}"
        typed: Any = self.typed.get((line.lineage, name), value) if self.typed else value
        css = " line-text" if at == 0 else ""
        return INPUT.format(css=css, key=key, name=name, value=escape(typed), label=label, extra=extra)

    def _draw_message(self, line: CostLine) -> str:
        found = self.problems.get(line.lineage)
        if not found:
            return ""
        words = " ".join(
            f"<b>{self.words[CELLS.index(name)]}:</b> {escape(told)}" for name, told in found if name in CELLS
        )
        return MESSAGE.format(key=line.lineage, columns=COLUMNS, icon=self.bad_icon, words=words)
