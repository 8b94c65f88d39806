"""Stories and comparisons as tables; in files every field that changed has a row of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_tables2.data import TableData

from budgets.models import Budget
from history.told import DELETE, INSERT, Change
from records.models import HistoryDigest
from web.numbers import format_sek, format_whole
from web.tables import BaseTable, NumberColumn, SekColumn, total_label
from web.workbook import Form


class StoryData(TableData):
    """A story, of which only the page that is shown is fetched."""

    def __len__(self) -> int:
        return len(self.data)


class StoryTable(BaseTable):
    """Changes in words, newest first. Two columns, so that a phone shows them beside each other."""

    caption = gettext_lazy("Changes, newest first")
    caption_hidden = True
    name = tables.Column(verbose_name=gettext_lazy("When and what"))
    story = tables.Column(accessor="fields", verbose_name=gettext_lazy("Story"), empty_values=())

    class Meta:
        orderable = False
        empty_text = gettext_lazy("No change matches. Choose other days, or show all.")

    def __init__(self, *args: Any, has_people: bool, restore_url: str, is_one: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_people, self.restore_url, self.is_one = has_people, restore_url, is_one

    def render_name(self, record: Change) -> SafeString:
        """When, and what it is and where, unless all is about one thing."""
        moment = format_html('<span class="muted small">{}</span>', show_moment(record.at))
        if self.is_one:
            return moment
        name = format_html('<a href="{}">{}</a>', record.url, record.name) if record.url else record.name
        kind = "" if record.name == str(record.kind.label) else str(record.kind.label)
        place = ", ".join(filter(None, (kind, record.place)))
        return format_html(
            '<span class="wrap">{}<br>{}<br><span class="muted small">{}</span></span>', moment, name, place
        )

    def render_story(self, record: Change) -> SafeString:
        """Old and new values, then who and why, as one sentence; and the way back to these values."""
        told = format_html("{} {}", tell_fields(record), self._tell_author(record))
        return format_html('<span class="wrap">{}{}</span>', told, self._lead_back(record))

    def _tell_author(self, record: Change) -> SafeString:
        who: str | SafeString = record.who
        if self.has_people and record.person:
            who = format_html('<a href="{}">{}</a>', reverse("reports:person_history", args=[record.person]), who)
        told = _("by %(who)s, because “%(reason)s”") if record.reason else _("by %(who)s")
        return format_html(told.replace("%(who)s", "{0}").replace("%(reason)s", "{1}"), who, record.reason)

    def _lead_back(self, record: Change) -> SafeString | str:
        if not self.restore_url:
            return ""
        url = self.restore_url.replace("/0/", f"/{record.number}/")
        of = _("the values of %(moment)s") % {"moment": show_moment(record.at)}
        link = '<br><a class="small" href="{}">{}<span class="visually-hidden"> {}</span></a>'
        return format_html(link, url, _("Restore"), of)


def show_moment(moment: Any) -> str:
    """Day and time, as the reader's clock has it."""
    return date_format(localtime(moment), "j b Y H:i")


def tell_fields(change: Change) -> SafeString:
    """“Amount 2027, SEK: 1 142 → 1 180”; what was added or deleted is said first."""
    if change.label in (INSERT, DELETE):
        values = format_html_join("; ", "{}: {}", ((row.label, row.new or row.old) for row in change.fields))
        return format_html("<b>{}</b>{}{}", change.what, ": " if values else "", values)
    if not change.fields:
        return format_html("<b>{}</b>", _("Saved without any change"))
    return format_html_join("; ", "{}: <b>{} → {}</b>", ((row.label, row.old, row.new) for row in change.fields))


@dataclass(frozen=True)
class FieldRow:
    """One field of one change, for a file."""

    change: Change
    label: str
    old: str
    new: str


class FieldRows(StoryData):
    """The fields of a story's changes; a change without any has one row."""

    def __iter__(self) -> Iterator[FieldRow]:
        for change in self.data:
            if not change.fields:
                yield FieldRow(change, "", "", "")
            for row in change.fields:
                yield FieldRow(change, row.label, row.old, row.new)


class FieldTable(BaseTable):
    """What a file of a story holds: a row for every field."""

    caption = gettext_lazy("Changes, newest first")
    at = tables.Column(accessor="change__at", verbose_name=gettext_lazy("When"))
    kind = tables.Column(accessor="change__kind__label", verbose_name=gettext_lazy("Of what kind"))
    name = tables.Column(accessor="change__name", verbose_name=gettext_lazy("What"))
    place = tables.Column(accessor="change__place", verbose_name=gettext_lazy("Where"))
    what = tables.Column(accessor="change__what", verbose_name=gettext_lazy("What was done"))
    label = tables.Column(verbose_name=gettext_lazy("Field"))
    old = tables.Column(verbose_name=gettext_lazy("Before"))
    new = tables.Column(verbose_name=gettext_lazy("After"))
    who = tables.Column(accessor="change__who", verbose_name=gettext_lazy("By whom"))
    reason = tables.Column(accessor="change__reason", verbose_name=gettext_lazy("Why"))

    class Meta:
        orderable = False

    def render_at(self, record: FieldRow) -> str:
        """To the second, as the reader's clock has it."""
        return date_format(localtime(record.change.at), "Y-m-d H:i:s")


class SekChange(SekColumn):
    """A difference in öre as signed kronor."""

    form = Form.CHANGE

    def show(self, value: Any) -> str:
        """Return signed kronor."""
        return ("+" if value and value > 0 else "") + format_sek(value, decimals=2)


class CompareTable(BaseTable):
    """The lines that differ between two moments, SEK; the footer is of all lines."""

    text = tables.Column(verbose_name=gettext_lazy("Line"), footer=total_label)
    product = tables.Column(verbose_name=gettext_lazy("Product"))
    place = tables.Column(verbose_name=gettext_lazy("Sub-budget"))
    what = tables.Column(verbose_name=gettext_lazy("What was done"))
    was = SekColumn(total=True, css="cmp cmp-first")
    now = SekColumn(total=True, css="now")
    first = SekChange(accessor="changes__0", total=True)
    second = SekChange(accessor="changes__1", total=True)
    third = SekChange(accessor="changes__2", total=True)

    class Meta:
        orderable = False
        empty_text = gettext_lazy("No line differs between the two moments.")

    def __init__(self, *args: Any, budget: Budget, moments: tuple[str, str], is_one: bool, **kwargs: Any) -> None:
        caption = _("Lines that differ, SEK")
        super().__init__(*args, caption=caption, exclude=("place",) if is_one else (), **kwargs)
        self.budget = budget
        year = str(budget.fiscal_year)
        for name, moment in zip(("was", "now"), moments, strict=True):
            self.columns[name].column.verbose_name = f"{year}, {moment}"
        word = pgettext("amount", "Change")
        for name, of_year in zip(("first", "second", "third"), budget.years, strict=True):
            self.columns[name].column.verbose_name = f"{word} {of_year}"


class CountColumn(NumberColumn):
    """A whole number."""

    form = Form.COUNT

    def show(self, value: Any) -> str:
        """Return it with its thousands apart."""
        return format_whole(value)


class DigestTable(BaseTable):
    """The seals of history, newest first."""

    caption = gettext_lazy("Seals, newest first")
    caption_hidden = True
    row_header = "number"
    number = tables.Column(verbose_name=gettext_lazy("Number"))
    day = tables.Column(verbose_name=gettext_lazy("Day (UTC)"), attrs={"td": {"class": "nowrap"}})
    count = CountColumn(verbose_name=gettext_lazy("Events"))
    sealed_at = tables.Column(verbose_name=gettext_lazy("Sealed"), attrs={"td": {"class": "nowrap"}})
    disposal = tables.Column(verbose_name=gettext_lazy("Disposed of"), empty_values=())
    hash = tables.Column(verbose_name=gettext_lazy("Hash"))

    class Meta:
        orderable = False
        empty_text = gettext_lazy("Nothing is sealed yet. It is done once an hour, or by manage.py seal_history.")

    def render_day(self, record: HistoryDigest) -> str:
        """The day as the chain has it."""
        return record.day.isoformat()

    def render_sealed_at(self, record: HistoryDigest) -> str:
        """Day and time."""
        return show_moment(record.sealed_at)

    def render_disposal(self, record: HistoryDigest) -> str:
        """By whom and why its events were removed."""
        disposal = getattr(record, "disposal", None)
        if disposal is None:
            return ""
        return _("by %(who)s, because “%(reason)s”") % {"who": disposal.disposed_by, "reason": disposal.reason}

    def render_hash(self, value: str) -> SafeString:
        """All of it, so that it can be compared by eye."""
        return format_html('<span class="wrap num small">{}</span>', value)
