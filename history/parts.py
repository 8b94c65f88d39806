"""What the pages of stories are made of: what a story is narrowed by, and its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import django_tables2 as tables
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.data import TableData

from history.nouns import load_kinds
from history.stories import Story
from history.told import DELETE, INSERT, LABELS, Change
from web.days import DayFormField
from web.tables import BaseTable

MOMENT = "%Y-%m-%dT%H:%M"
# The years that budgets may have.
FIRST_YEAR, LAST_YEAR = 2000, 2200


def check_year(value: date | datetime) -> None:
    """Raise ValidationError for a day that no budget can have, and which clocks may not be able to tell."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("There is no history of that year. Choose a year from %(first)s to %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )


class MomentInput(forms.DateTimeInput):
    """A day and time, by the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


class StoryForm(forms.Form):
    """When, who and what."""

    use_required_attribute = False
    since = DayFormField(label=gettext_lazy("From the day"), required=False)
    until = DayFormField(label=gettext_lazy("To the day"), required=False)
    who = forms.CharField(label=gettext_lazy("Who, name or email"), required=False, max_length=150)
    what = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    thing = forms.ChoiceField(label=gettext_lazy("With what"), required=False)

    def __init__(self, data: QueryDict, *, keys: list[str], with_author: bool, with_address: bool) -> None:
        super().__init__(data)
        kinds = load_kinds()
        if not with_address:
            self.fields["who"].label = _("Who, name")
        cast(forms.ChoiceField, self.fields["what"]).choices = [("", _("All")), *LABELS.items()]
        things = [(key, kinds[key].label) for key in keys]
        cast(forms.ChoiceField, self.fields["thing"]).choices = [("", _("All")), *things]
        if len(keys) < 2:
            del self.fields["thing"]
        if not with_author:
            del self.fields["who"]

    def clean(self) -> dict[str, object]:
        """Refuse a first day after the last."""
        values = self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first. Write a later one, or leave it empty."))
        return values

    def narrow(self, story: Story) -> Story:
        """Return only what the form asks for."""
        values, conditions = self.cleaned_data, []
        if values.get("since"):
            conditions.append(Q(pgh_created_at__gte=start_of(values["since"])))
        if values.get("until"):
            conditions.append(Q(pgh_created_at__lt=start_of(values["until"] + timedelta(days=1))))
        if values.get("what"):
            conditions.append(Q(pgh_label=values["what"]))
        narrowed = story.narrow(*conditions, kind=values.get("thing") or "")
        return narrowed.narrow_to_author(values["who"]) if values.get("who") else narrowed


class StoryFilter:
    """The form as lists know filters: what it leaves of the story."""

    def __init__(self, data: QueryDict, story: Story, *, with_author: bool) -> None:
        self.story = story
        self.form = StoryForm(data, keys=list(story.parts), with_author=with_author, with_address=story.inside)

    def is_valid(self) -> bool:
        """Return whether the form can be followed."""
        return self.form.is_valid()

    @property
    def qs(self) -> Story:
        """What is left."""
        return self.form.narrow(self.story)


def start_of(day: date) -> datetime:
    """Return the moment when a day begins."""
    return timezone.make_aware(datetime.combine(day, time()))


class StoryData(TableData):
    """A story, of which only the page that is shown is fetched."""

    def __len__(self) -> int:
        return len(self.data)

    def order_by(self, aliases: object) -> None:
        """Keep the order: a story is told newest first, whatever an address asks for."""


class StoryTable(BaseTable):
    """Changes in words, newest first. Two columns, so that a phone shows them beside each other."""

    caption = gettext_lazy("Changes, newest first")
    caption_hidden = True
    name = tables.Column(verbose_name=gettext_lazy("When and what"))
    story = tables.Column(accessor="fields", verbose_name=gettext_lazy("Story"), empty_values=())

    class Meta:
        orderable = False
        empty_text = gettext_lazy("No change matches. Choose other days, or show all.")

    def __init__(self, *args: object, has_people: bool, restore_url: str, is_one: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_people, self.restore_url, self.is_one = has_people, restore_url, is_one

    def render_name(self, record: Change) -> SafeString:
        """Return when, and what it is and where, unless all is about one thing."""
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
        """Say old and new values, then who and why, in one sentence; and lead back to these values."""
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


def show_moment(moment: datetime) -> str:
    """Return day and time, by the reader's clock."""
    return date_format(localtime(moment), "Y-m-d H:i")


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
        """Show the moment to the second, by the reader's clock."""
        return date_format(localtime(record.change.at), "Y-m-d H:i:s")
