"""Days and years that people type: refused far from today, at every door.

The trick: the model field brings its form field, as an amount's does, and both ask one validator. A migration sees Django's
own fields, since the database stores the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

# Years from today that a day may lie in where nothing narrower is said.
BACK, AHEAD = 60, 20


@dataclass(frozen=True)
class WithinYears:
    """Refuses a day or a year more than so many calendar years back or ahead; none ahead is up to today."""

    back: int = BACK
    ahead: int = AHEAD

    def find_bounds(self) -> tuple[date, date]:
        """Return the first and the last day allowed today."""
        today = timezone.localdate()
        return date(today.year - self.back, 1, 1), date(today.year + self.ahead, 12, 31) if self.ahead else today

    def __call__(self, value: date | int) -> None:
        """Raise ValidationError, which says what is allowed."""
        first, last = self.find_bounds()
        if isinstance(value, int):
            if not first.year <= value <= last.year:
                said = _("The year %(value)s is far from now. Write a year from %(first)s to %(last)s.")
                raise ValidationError(said % {"value": value, "first": first.year, "last": last.year}, code="far")
            return
        if not first <= value <= last:
            is_ahead = not self.ahead and last < value
            coming = _("%(value)s has not come yet. Write a day from %(first)s to %(last)s, or enter it later.")
            said = coming if is_ahead else _("%(value)s is far from today. Write a day from %(first)s to %(last)s.")
            shown = {"value": value, "first": first, "last": last}
            raise ValidationError(said % {name: day.isoformat() for name, day in shown.items()}, code="far")


class DayFormField(forms.DateField):
    """A day by the browser's own calendar, near today."""

    def __init__(self, *, back: int = BACK, ahead: int = AHEAD, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**options)
        self.validators = [*self.validators, WithinYears(back, ahead)]


class DayField(models.DateField):  # type: ignore[type-arg]
    """A day that a person enters."""

    def __init__(self, *args: Any, back: int = BACK, ahead: int = AHEAD, **options: Any) -> None:
        self.span = WithinYears(back, ahead)
        super().__init__(*args, **{**options, "validators": [self.span]})

    def formfield(self, **options: Any) -> forms.Field | None:
        """Return the field for a day near today."""
        own = {"form_class": DayFormField, "back": self.span.back, "ahead": self.span.ahead}
        return super().formfield(**{**own, **options})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return Django's own field, for migrations."""
        name, _path, args, options = super().deconstruct()
        options.pop("validators", None)
        return name, "django.db.models.DateField", args, options


class YearField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """A year that a person enters."""

    def __init__(self, *args: Any, back: int = BACK, ahead: int = BACK, **options: Any) -> None:
        super().__init__(*args, **{**options, "validators": [WithinYears(back, ahead)]})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return Django's own field, for migrations."""
        name, _path, args, options = super().deconstruct()
        options.pop("validators", None)
        return name, "django.db.models.PositiveSmallIntegerField", args, options
