"""What a story is narrowed by, and the two moments that are compared."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.kinds import KINDS
from history.stories import Story
from history.told import LABELS

MOMENT = "%Y-%m-%dT%H:%M"
# The years that budgets may have.
FIRST_YEAR, LAST_YEAR = 2000, 2200


def check_year(value: date | datetime) -> None:
    """Raises ValidationError for a day that no budget can have, and which clocks may not be able to tell."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("There is no history of that year. Choose a year from %(first)s to %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )


class DayInput(forms.DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and time, by the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


class StoryForm(forms.Form):
    """When, who and what."""

    use_required_attribute = False
    since = forms.DateField(
        label=gettext_lazy("From the day"), required=False, widget=DayInput, validators=[check_year]
    )
    until = forms.DateField(label=gettext_lazy("To the day"), required=False, widget=DayInput, validators=[check_year])
    who = forms.CharField(label=gettext_lazy("Who, name or email"), required=False, max_length=150)
    what = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    thing = forms.ChoiceField(label=gettext_lazy("With what"), required=False)

    def __init__(self, data: Any, *, keys: list[str], with_author: bool, with_address: bool) -> None:
        super().__init__(data)
        if not with_address:
            self.fields["who"].label = _("Who, name")
        self.fields["what"].choices = [("", _("All")), *LABELS.items()]  # type: ignore[attr-defined]
        self.fields["thing"].choices = [("", _("All")), *((key, KINDS[key].label) for key in keys)]  # type: ignore[attr-defined]
        if len(keys) < 2:
            del self.fields["thing"]
        if not with_author:
            del self.fields["who"]

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        values: dict[str, Any] = self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first. Write a later one, or leave it empty."))
        return values

    def narrow(self, story: Story) -> Story:
        """Only what the form asks for."""
        values, conditions = self.cleaned_data, []
        if values.get("since"):
            conditions.append(Q(pgh_created_at__gte=_start_of(values["since"])))
        if values.get("until"):
            conditions.append(Q(pgh_created_at__lt=_start_of(values["until"] + timedelta(days=1))))
        if values.get("what"):
            conditions.append(Q(pgh_label=values["what"]))
        found = story.narrow(*conditions, kind=values.get("thing") or "")
        return found.narrow_to_author(values["who"]) if values.get("who") else found


class StoryFilter:
    """The form as lists know filters: what it leaves of the story."""

    def __init__(self, data: Any, story: Story, *, with_author: bool) -> None:
        self.story = story
        self.form = StoryForm(data, keys=list(story.parts), with_author=with_author, with_address=story.inside)

    def is_valid(self) -> bool:
        """Whether the form can be followed."""
        return self.form.is_valid()

    @property
    def qs(self) -> Story:
        """What is left."""
        return self.form.narrow(self.story)


class MomentsForm(forms.Form):
    """Two moments; the second is now when left out."""

    use_required_attribute = False
    first = forms.DateTimeField(label=gettext_lazy("As it was"), widget=MomentInput, validators=[check_year])
    second = forms.DateTimeField(
        label=gettext_lazy("Against (now, when left empty)"),
        required=False,
        widget=MomentInput,
        validators=[check_year],
    )

    def clean_second(self) -> datetime:
        """Now when left out."""
        return self.cleaned_data["second"] or timezone.now()

    def clean(self) -> dict[str, Any]:
        """The first moment is the earlier one."""
        values: dict[str, Any] = self.cleaned_data
        first, second = values.get("first"), values.get("second")
        if first and second and first >= second:
            self.add_error("first", _("This moment is not before the other. Write an earlier one."))
        return values


def default_moments() -> dict[str, str]:
    """Since the day began, for a form that nobody has filled in."""
    return {"first": _start_of(timezone.localdate()).strftime(MOMENT), "second": ""}


def _start_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
