"""What the rows of a sub-budget's table are drawn from, besides the sheet; templates/desk/sub_budget/_rows.jinja draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from budgets.selectors.sheets import Equity, Sheet, SheetLine
from budgets.words import LineChange
from records.models import Provenance
from records.selectors.collaboration import Counts
from web import marks

if TYPE_CHECKING:
    from desk.grid.rows import GridLine

NOT_CALCULATED = "not_calculated"


def mark_sources() -> dict[str, SafeString]:
    """Return the marks that say where a line's figures come from, by `source_of`."""
    return {source: marks.sign(source, words) for source, words in _say_sources().items()}


def explain_signs(sheet: Sheet) -> list[tuple[SafeString, str]]:
    """Return the signs that the sheet's lines have, each with what it means."""
    present = {source_of(row) for product in sheet.products for row in product.lines} & marks.SIGNS.keys()
    return [(marks.sign(source, ""), str(words)) for source, words in _say_sources().items() if source in present]


def _say_sources() -> dict[str, marks.Words]:
    copied = _("copied from the earlier budget's plan, not yet calculated")
    return {NOT_CALCULATED: copied, **{source: marks.PROVENANCES[source] for source in Provenance.values}}


def source_of(row: SheetLine) -> str:
    """Return where a line's figures come from."""
    return NOT_CALCULATED if row.is_copied else row.line.provenance


NOBODY = str(UUID(int=0))


@dataclass(frozen=True)
class Commented:
    """How many comments there are on a line or product, also in words."""

    total: int
    words: str


def say_comments(counts: Mapping[UUID, Counts]) -> dict[UUID, Commented]:
    """Return what the links to comments say, by what the comments are about."""
    return {lineage: Commented(own.total, _say_count(own)) for lineage, own in counts.items() if own}


def _say_count(own: Counts) -> str:
    words = ngettext("%(count)s comment", "%(count)s comments", own.total) % {"count": own.total}
    if own.open:
        words += ", " + ngettext("%(count)s open", "%(count)s open", own.open) % {"count": own.open}
    return words


@dataclass(frozen=True)
class Shown:
    """How rows are shown: in which unit, with which marks; made once for all rows.

    `address` is the sub-budget's page, `lines` what the addresses of its lines begin with, `query` what is chosen on it,
    `by_economist` who reads it.
    """

    address: str
    lines: str
    unit: str
    query: str
    corrections: Mapping[UUID, LineChange] = field(default_factory=dict)
    comments: Mapping[UUID, Commented] = field(default_factory=dict)
    sources: Mapping[str, SafeString] = field(default_factory=mark_sources)
    by_economist: bool = False
    # What a product's calculated cost rests on, with NOBODY for the product; empty for who may not read it.
    rests_on: str = ""
    change_word: str = field(default_factory=lambda: pgettext("verb", "Change"))

    def rests_on_of(self, product: UUID) -> str:
        """Return the page that tells what a product's calculated lines rest on; nothing for who may not read it."""
        return self.rests_on.replace(NOBODY, str(product))

    def source_of(self, row: SheetLine) -> SafeString:
        """Return the mark that says where a line's figures come from."""
        return self.sources[source_of(row)]


@dataclass(frozen=True)
class Table:
    """A sheet to be drawn; `lines` are the products' lines as the grid's inputs, None where they can't be changed."""

    sheet: Sheet
    equity: Equity | None
    shown: Shown
    kinds: Mapping[str, str]
    kind: str
    earlier_year: str
    is_base_grant: bool
    lines: Mapping[UUID, list[GridLine]] | None

    @property
    def has_income(self) -> bool:
        """Whether all kinds are shown and some of the lines are income."""
        return not self.kind and any(self.sheet.income)


@dataclass(frozen=True)
class Said:
    """What was just done, for the row kept `beside` it; `undo_url` undoes a deletion."""

    text: str
    beside: UUID
    undo_url: str
