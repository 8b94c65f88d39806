"""What to look at before a sub-budget is submitted, from its sheet: no query of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from budgets.models import Budget
from budgets.selectors.sheets import Sheet, SheetLine, SheetProduct
from engine.readiness import Check, Finding, ReadyLine, ReadyProduct, find_warnings
from records.models import Provenance
from web.numbers import format_percent


@dataclass(frozen=True)
class Advice:
    """A finding in words, and the place on the sub-budget's page."""

    place: str
    where: str
    text: str


def list_warnings(sheet: Sheet, budget: Budget) -> list[Advice]:
    """What to look at, in the page's order. The sheet must hold all lines, not those of one cost kind."""
    found = find_warnings((_read_product(row) for row in sheet.products), jump_percent=budget.jump_percent)
    return [_tell(finding, budget) for finding in found]


def _read_product(row: SheetProduct) -> ReadyProduct:
    return ReadyProduct(str(row.product.lineage), row.product.name, [_read_line(line) for line in row.lines])


def _read_line(row: SheetLine) -> ReadyLine:
    line = row.line
    is_assumed = line.provenance == Provenance.ASSUMED
    text = "" if line.text in _placeholders() else line.text
    return ReadyLine(str(line.lineage), text, line.cost_kind, row.amounts, row.earlier, line.note, is_assumed)


@cache
def _placeholders() -> frozenset[str]:
    """What the grid calls a line that nobody has named yet, in both languages."""
    found = set()
    for language in ("sv", "en"):
        with override(language):
            found.add(_("New line"))
    return frozenset(found)


def _tell(finding: Finding, budget: Budget) -> Advice:
    if finding.line is None:
        return Advice(f"product-{finding.product.key}", finding.product.name, _say(finding, budget))
    text = finding.line.text.strip() or _("line without text")
    where = f"{finding.product.name}, {text}"
    return Advice(f"line-{finding.line.key}", where, _say(finding, budget))


def _say(finding: Finding, budget: Budget) -> str:
    if finding.check == Check.JUMP:
        shown = {"percent": format_percent(finding.percent, signed=True), "limit": format_percent(budget.jump_percent)}
        return _("%(percent)s %% against %(year)s, more than %(limit)s %%, and no note says why") % {
            **shown,
            "year": budget.fiscal_year - 1,
        }
    return {
        Check.NEGATIVE: _("an amount is negative"),
        Check.NO_LINES: _("the product has no lines"),
        Check.NO_TEXT: _("an amount has no text"),
        Check.ASSUMED: _("the amount is still assumed"),
    }[finding.check]
