"""What forms of kept rows have in common: they know what their reader has seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from records.services.stale import digest_of
from web.days import DayInput
from web.fields import AsksAboutSlips
from web.moments import read_instant

if TYPE_CHECKING:
    # Of any model: each form's Meta says which.
    KeptRowForm = forms.ModelForm[Any]
else:
    KeptRowForm = forms.ModelForm


def read_seen(text: str) -> datetime | None:
    """Return the moment that a form kept, None where it kept none; one that can't be read is as old as can be."""
    try:
        return read_instant(text) if text else None
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def day_input() -> DayInput:
    """Return the browser's own field for a day."""
    return DayInput()


def text_area(rows: int) -> forms.Textarea:
    """Return a field for a text of some rows."""
    return forms.Textarea({"rows": rows})


class SeenForm(AsksAboutSlips, KeptRowForm):
    """A form that knows when the row it shows was last changed, so that nothing newer is overwritten silently."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = self.mark()

    def mark(self) -> str:
        """Return what tells the row as it is shown from any other."""
        return str(self.instance.edited_at.isoformat())

    def clean_seen(self) -> datetime | str | None:
        """Return the moment."""
        return read_seen(self.cleaned_data["seen"])

    def add_faults(self, faults: list[tuple[str, str]]) -> None:
        """Tie what is wrong to its fields."""
        for field, said in faults:
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, said)


class CheckedForm(SeenForm):
    """A form of a row whose own rules say what can't be with it, by field, before the database's do without one."""

    def find_faults(self) -> list[tuple[str, str]]:
        """Return what can't be with the row as typed, as (field, words)."""
        raise NotImplementedError

    def clean(self) -> None:
        """Leave what is unique to the row's own rules too."""
        super().clean()
        self._validate_unique = False

    def _post_clean(self) -> None:
        """Look at what the fields say together, once the row has what they say."""
        super()._post_clean()  # type: ignore[misc]
        # The database's own words for what can't be name its constraint, and help nobody who has fields to correct.
        if set(self.errors) > {NON_FIELD_ERRORS}:
            self.errors.pop(NON_FIELD_ERRORS, None)
        elif set(self.errors) <= {NON_FIELD_ERRORS} and (faults := self.find_faults()):
            self.errors.pop(NON_FIELD_ERRORS, None)
            self.add_faults(faults)


class DigestForm(SeenForm):
    """The same for a row that keeps no time: it knows the digest of the fields it shows."""

    def mark(self) -> str:
        """Return the digest."""
        return digest_of(self.instance, self._meta.fields or ())

    def clean_seen(self) -> str | None:
        """Return the digest."""
        return self.cleaned_data["seen"] or None
