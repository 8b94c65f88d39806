"""What a story is narrowed by, and which page of it an address asks for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.acts import Cursor
from history.nouns import load_kinds
from history.stories import Story
from history.told import LABELS
from web.days import DayFormField
from web.moments import read_instant

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
        narrowed = story.choose(values.get("thing") or "").narrow(*conditions)
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

    @property
    def words(self) -> str:
        """What is asked for, as “From the day: 1 Nov 2026”; empty for everything."""
        return "; ".join(f"{field.label}: {_show_choice(field)}" for field in self.form if field.data)


def _show_choice(field: BoundField) -> str:
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(field.data, field.data))


def read_cursor(data: QueryDict, size: int) -> Cursor:
    """Return which page an address asks for; the first where it asks for none, or for what is no moment."""
    return Cursor(size, *(_read_moment(data.get(name, "")) for name in ("before", "after", "at")))


def _read_moment(text: str) -> datetime | None:
    try:
        moment = read_instant(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def start_of(day: date) -> datetime:
    """Return the moment when a day begins."""
    return timezone.make_aware(datetime.combine(day, time()))


def show_moment(moment: datetime) -> str:
    """Return day and time, by the reader's clock."""
    return date_format(localtime(moment), "Y-m-d H:i")
