"""What the review of an import shows: columns with what they are read as, rows with their faults, and what will change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from engine.money import ORE_PER_TKR
from records.import_kinds import Form, Words, kind_of
from records.models import Import, ImportRow
from records.selectors.imports import (
    FAULTS_AT_MOST,
    GROUPS_AT_MOST,
    ROWS_A_PAGE,
    GroupSum,
    Shown,
    list_bad,
    list_rows,
    sum_groups,
)
from records.services.imports.saving import find_same_file
from web.numbers import UNKNOWN, format_change, format_decimal, format_sek, format_tkr

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ColumnHead:
    """A column of the file."""

    place: int
    letter: str
    heading: str
    read_as: str
    is_number: bool
    options: list[tuple[str, Words]]


@dataclass(frozen=True)
class Cell:
    """A shown cell; `anchor` is where a link to its fault leads."""

    text: str
    is_number: bool
    is_left_out: bool
    anchor: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a place: the row and column in words, and what to do."""

    place: str
    text: str
    anchor: str


@dataclass(frozen=True)
class ShownRow:
    """A row of the file, and before it how many are left out."""

    number: int | None
    cells: list[Cell]
    now: str
    change: str
    status: str
    faults: list[Fault] = field(default_factory=list)
    gap: str = ""
    anchor: str = ""


class Review:
    """All that the page shows of an import."""

    def __init__(self, row: Import, asked: Mapping[str, str], user: User) -> None:
        self.row, self.kind, self.user = row, kind_of(row.kind), user
        self.is_open = row.status == Import.Status.REVIEW
        chosen = asked.get("rows", "")
        self.shown = Shown(chosen) if chosen in list(Shown) else (Shown.NEAR if row.counts.get("bad") else Shown.ALL)
        page = asked.get("page", "1")
        self.page = max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1

    @cached_property
    def columns(self) -> list[ColumnHead]:
        """The columns with what they can be read as."""
        fields = {found.key: found for found in self.kind.fields}
        options: list[tuple[str, Words]] = [(key, found.label) for key, found in fields.items()]
        options.append(("", _("Not read")))
        return [
            ColumnHead(
                place, get_column_letter(place + 1), heading, key, key in fields and fields[key].is_number, options
            )
            for place, (heading, key) in enumerate(zip(self.row.headings, self.row.mapping, strict=False))
        ]

    @cached_property
    def rows(self) -> list[ShownRow]:
        """The rows of the page that is asked for, with what is left out between them."""
        found = list(list_rows(self.row, self.shown)[(self.page - 1) * ROWS_A_PAGE : self.page * ROWS_A_PAGE + 1])
        self.has_more = len(found) > ROWS_A_PAGE
        return list(self._show(found[:ROWS_A_PAGE]))

    def _show(self, rows: Sequence[ImportRow]) -> Iterator[ShownRow]:
        last = self.row.header_row if self.page == 1 else None
        for row in rows:
            left_out = 0 if last is None or row.number is None else row.number - last - 1
            last = row.number
            yield self._show_row(row, self._say_gap(left_out))

    def _say_gap(self, count: int) -> str:
        if count < 1 or self.shown != Shown.NEAR:
            return ""
        return ngettext("%(count)s row without errors", "%(count)s rows without errors", count) % {"count": count}

    def _show_row(self, row: ImportRow, gap: str) -> ShownRow:
        faults = [self._show_fault(row, place, text) for place, text in row.errors]
        wrong = {place: fault.anchor for (place, _text), fault in zip(row.errors, faults, strict=True)}
        cells = [
            Cell(
                row.cells[head.place] if head.place < len(row.cells) else "",
                head.is_number,
                not head.read_as,
                wrong.get(head.place, ""),
            )
            for head in self.columns
        ]
        now, change = self._show_figure(row)
        return ShownRow(row.number, cells, now, change, row.status, faults, gap, wrong.get(-1, ""))

    def _show_fault(self, row: ImportRow, place: int, text: str) -> Fault:
        heading = next((head.heading or head.letter for head in self.columns if head.place == place), "")
        said = _("Row %(number)s, %(heading)s") if heading else _("Row %(number)s")
        anchor = f"row-{row.number}-{place + 1}"
        return Fault(said % {"number": row.number, "heading": heading}, text, anchor)

    def _show_figure(self, row: ImportRow) -> tuple[str, str]:
        if not self.kind.figure or row.status in (ImportRow.Status.BAD, ImportRow.Status.READ):
            return UNKNOWN, UNKNOWN
        before, after = (row.before or {}).get(self.kind.figure), row.values.get(self.kind.figure)
        if row.status == ImportRow.Status.GONE:
            return self.show(before), self.show_change(-(before or 0))
        return self.show(before), self.show_change((after or 0) - (before or 0))

    def show(self, value: int | None) -> str:
        """Return a figure of the kind as shown."""
        if value is None:
            return UNKNOWN
        if self.kind.form == Form.ORE:
            return format_sek(value)
        return format_tkr(value * ORE_PER_TKR) if self.kind.form == Form.TKR else format_decimal(value)

    def show_change(self, value: int) -> str:
        """Return a difference as shown, with its sign."""
        if self.kind.form == Form.TKR:
            return format_change(value * ORE_PER_TKR)
        return f"+{self.show(value)}" if value > 0 else self.show(value)

    @cached_property
    def groups(self) -> list[tuple[str, str, str, str]]:
        """What the figure sums to in each group: now, in the file, and the difference."""
        found: list[GroupSum] = sum_groups(self.row)
        shown = found[:GROUPS_AT_MOST]
        rest = found[GROUPS_AT_MOST:]
        if rest:
            shown.append(GroupSum(_("Others"), sum(one.before for one in rest), sum(one.after for one in rest)))
        return [
            (one.name, self.show(one.before), self.show(one.after), self.show_change(one.after - one.before))
            for one in shown
        ]

    @cached_property
    def faults(self) -> list[tuple[str, str, str]]:
        """The first faults of rows, as (address, place, what)."""
        on_page = {fault.anchor for row in self.rows for fault in row.faults}
        found = [self._show_fault(row, place, text) for row in list_bad(self.row) for place, text in row.errors][
            :FAULTS_AT_MOST
        ]
        other = f"{reverse('records:import', args=[self.row.uuid])}?rows=near"
        return [
            (f"{'' if fault.anchor in on_page else other}#{fault.anchor}", fault.place, fault.text) for fault in found
        ]

    @property
    def heading(self) -> str:
        """What is to be done first, in one line."""
        bad = int(self.row.counts.get("bad", 0))
        if not bad:
            return _("Nothing is saved. The file can't be saved as it is")
        said = ngettext(
            "Nothing is saved. Correct %(count)s row first: the file is saved whole or not at all",
            "Nothing is saved. Correct %(count)s rows first: the file is saved whole or not at all",
            bad,
        )
        return said % {"count": bad}

    @property
    def chips(self) -> list[tuple[str, str, bool]]:
        """Which rows can be shown, as (key, words, whether they are)."""
        counts = self.row.counts
        bad, gone = counts.get("bad", 0), counts.get("gone", 0)
        chips = [(Shown.NEAR, _("Errors and neighbours"))] if bad else []
        chips.append((Shown.ALL, _("All %(count)s") % {"count": format_decimal(counts.get("rows", 0))}))
        if bad:
            chips.append((Shown.BAD, _("Errors %(count)s") % {"count": format_decimal(bad)}))
        if gone:
            chips.append((Shown.GONE, _("Removed %(count)s") % {"count": format_decimal(gone)}))
        return [(key.value, words, key == self.shown) for key, words in chips]

    @property
    def count_words(self) -> str:
        """How many rows the file has."""
        return self._say_count(ngettext("%(count)s row", "%(count)s rows", self._count))

    @property
    def save_words(self) -> str:
        """What the button says."""
        return self._say_count(ngettext("Save %(count)s row", "Save %(count)s rows", self._count))

    @property
    def held_words(self) -> str:
        """The heading of the sums."""
        return self._say_count(ngettext("%(count)s row in the file", "%(count)s rows in the file", self._count))

    @property
    def _count(self) -> int:
        return int(self.row.counts.get("rows", 0))

    def _say_count(self, words: str) -> str:
        return words % {"count": format_decimal(self._count)}

    @property
    def can_save(self) -> bool:
        """Whether it may be saved as it is."""
        return self.is_open and not self.row.bad and self.row.counts.get("rows", 0) > 0

    @cached_property
    def same(self) -> Import | None:
        """The saved import of the same file."""
        return find_same_file(self.row) if self.is_open else None

    @property
    def pages(self) -> tuple[int, int]:
        """The page before and the one after; zero where there is none."""
        rows = self.rows
        return (self.page - 1, self.page + 1 if rows and self.has_more else 0)

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return len(self.columns) + (3 if self.kind.figure else 1)
