"""How acts are drawn: a page of them with their rows folded in, and a file with a row for every field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tables2.data import TableData

from accounts.models import User
from history.acts import walk
from history.parts import show_moment
from history.stories import Story
from history.told import DELETE, INSERT, Change
from history.words import ToldAct, tell_acts
from web.tables import BaseTable, MomentColumn, SekColumn

# So many acts of a file are read at a time.
CHUNK = 100


class StoryTable(BaseTable):
    """Acts in words, newest first. Two columns, so that a phone shows them beside each other."""

    caption = gettext_lazy("What was done, newest first")
    caption_hidden = True
    at = tables.Column(verbose_name=gettext_lazy("When"), attrs={"th": {"class": "small"}})
    story = tables.Column(accessor="did", verbose_name=gettext_lazy("What was done"), empty_values=())

    class Meta:
        orderable = False
        empty_text = gettext_lazy("No change matches. Choose other days, or show all.")

    def __init__(
        self,
        *args: object,
        has_people: bool,
        restore_url: str,
        is_one: bool,
        home: str,
        query: str,
        is_open: bool,
        is_all: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_all = is_all
        self.has_people, self.restore_url, self.is_one = has_people, restore_url, is_one
        self.home, self.query, self.is_open = home, query, is_open

    def render_at(self, record: ToldAct) -> SafeString:
        """Return day and time."""
        return format_html('<span class="muted small">{}</span>', show_moment(record.at))

    def render_story(self, record: ToldAct) -> SafeString:
        """Say who did what and where, by how much and why; then its rows, folded where they are several."""
        parts = [self._say(record), *self._sums(record), *self._why(record), *self._rows(record), *self._ask(record)]
        return format_html('<div class="wrap act">{}</div>', format_html_join("", "{}", ((part,) for part in parts)))

    def _say(self, act: ToldAct) -> SafeString:
        who: str | SafeString = act.who
        if self.has_people and act.person:
            who = format_html('<a href="{}">{}</a>', reverse("reports:person_history", args=[act.person]), who)
        place = "" if self.home.endswith(act.place) else act.place.removesuffix(f", {self.home}")
        if not place:
            said = "%(who)s %(did)s"
        else:
            said = _("%(who)s %(did)s in %(place)s") if act.is_in_sub_budget else _("%(who)s %(did)s (%(place)s)")
        for name in ("who", "did", "place"):
            said = said.replace(f"%({name})s", f"{{{name}}}")
        return format_html(f"<p>{said}</p>", who=format_html("<b>{}</b>", who), did=act.did, place=place)

    def _sums(self, act: ToldAct) -> Iterator[SafeString]:
        if act.sums:
            yield format_html("<p>{}</p>", _("Together, SEK: %(sums)s") % {"sums": "; ".join(act.sums)})

    def _why(self, act: ToldAct) -> Iterator[SafeString]:
        if act.reason:
            yield format_html('<p class="why">{} <q>{}</q></p>', _("Why:"), act.reason)

    def _ask(self, act: ToldAct) -> Iterator[SafeString]:
        if act.is_own:
            address = reverse("reports:act_reason", args=[act.id]) + self.query
            words = _("Change why") if act.reason else _("Say why")
            yield format_html('<p><a class="small" href="{}">{}</a></p>', address, words)

    def _rows(self, act: ToldAct) -> Iterator[SafeString]:
        rows = format_html_join("", "<li>{}</li>", ((self._row(row),) for row in act.rows))
        if len(act.rows) == act.count == 1:
            yield format_html('<ul class="act-rows">{}</ul>', rows)
        elif act.rows:
            said = ngettext("%(count)s row", "%(count)s rows", act.count) % {"count": act.count}
            more = self._more(act) if act.count > len(act.rows) else ""
            fold = '<details class="as-table"{}><summary>{}</summary><ul class="act-rows">{}</ul>{}</details>'
            yield format_html(fold, mark_safe(" open") if self.is_open else "", said, rows, more)

    def _more(self, act: ToldAct) -> SafeString:
        address = "?" + urlencode({"at": act.at.isoformat()})
        return format_html('<a class="small" href="{}">{}</a>', address, _("All rows of this"))

    def _row(self, row: Change) -> SafeString:
        """Return what one row is, where it lies, old and new values, and the way back to these values."""
        told = tell_fields(row)
        if not self.is_one:
            name = format_html('<a href="{}">{}</a>', row.url, row.name) if row.url else row.name
            kind = "" if row.name == str(row.kind.label) else str(row.kind.label)
            place = ", ".join(filter(None, (kind, row.place)))
            told = format_html('{} <span class="muted small">{}</span><br>{}', name, place, told)
        return format_html("{}{}", told, self._lead_back(row))

    def _lead_back(self, row: Change) -> SafeString | str:
        if not self.restore_url:
            return ""
        url = self.restore_url.replace("/0/", f"/{row.number}/")
        of = _("the values of %(moment)s") % {"moment": show_moment(row.at)}
        link = ' <a class="small" href="{}">{}<span class="visually-hidden"> {}</span></a>'
        return format_html(link, url, _("Restore"), of)


def tell_fields(change: Change) -> SafeString:
    """Return “Amount 2027, SEK: 1 142 → 1 180”; what was added or deleted comes first."""
    if change.label in (INSERT, DELETE):
        values = format_html_join("; ", "{}: {}", ((row.label, row.new or row.old) for row in change.fields))
        return format_html("<b>{}</b>{}{}", change.what, ": " if values else "", values)
    if not change.fields:
        return format_html("<b>{}</b>", _("Saved without any change"))
    return format_html_join("; ", "{}: <b>{} → {}</b>", ((row.label, row.old, row.new) for row in change.fields))


@dataclass(frozen=True)
class FieldRow:
    """One field of one change of an act, for a file."""

    act: ToldAct
    change: Change
    label: str
    old: str
    new: str
    was: int | None = None
    now: int | None = None


class FieldRows(TableData):
    """The fields of a story's changes, act by act; a change without any has one row."""

    def __init__(self, story: Story, reader: User) -> None:
        super().__init__(story)
        self.reader = reader

    @cached_property
    def _count(self) -> int:
        return len(self.data)

    def __len__(self) -> int:
        """Return how many changes there are, which is about as many as the rows."""
        return self._count

    def __iter__(self) -> Iterator[FieldRow]:
        for acts in walk(self.data, CHUNK):
            for act in tell_acts(acts, self.reader, inside=self.data.inside):
                for change in act.rows:
                    yield from _list_fields(act, change)

    def order_by(self, aliases: object) -> None:
        """Keep the order: a story is told newest first, whatever an address asks for."""


def _list_fields(act: ToldAct, change: Change) -> Sequence[FieldRow]:
    fields = [
        FieldRow(act, change, row.label, "", "", *row.amounts)
        if row.amounts
        else FieldRow(act, change, row.label, row.old, row.new)
        for row in change.fields
    ]
    return fields or [FieldRow(act, change, "", "", "")]


class FieldTable(BaseTable):
    """What a file of a story holds: a row for every field, with the act that it is of."""

    caption = gettext_lazy("What was done, newest first")
    at = MomentColumn(accessor="act__at", verbose_name=gettext_lazy("When"))
    who = tables.Column(accessor="act__who", verbose_name=gettext_lazy("Who"))
    did = tables.Column(accessor="act__did", verbose_name=gettext_lazy("What was done"))
    reason = tables.Column(accessor="act__reason", verbose_name=gettext_lazy("Why"))
    kind = tables.Column(accessor="change__kind__label", verbose_name=gettext_lazy("Of what kind"))
    name = tables.Column(accessor="change__name", verbose_name=gettext_lazy("What"))
    place = tables.Column(accessor="change__place", verbose_name=gettext_lazy("Where"))
    what = tables.Column(accessor="change__what", verbose_name=gettext_lazy("Change of the row"))
    label = tables.Column(verbose_name=gettext_lazy("Field"))
    was = SekColumn(verbose_name=gettext_lazy("Before"))
    now = SekColumn(verbose_name=gettext_lazy("After"))
    old = tables.Column(verbose_name=gettext_lazy("Before, in words"))
    new = tables.Column(verbose_name=gettext_lazy("After, in words"))

    class Meta:
        orderable = False
