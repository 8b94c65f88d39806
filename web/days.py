"""Days and years that people type: refused far from today, at every door.

The trick: the model field brings its form field, as an amount's does, and both ask one validator. A migration sees Django's
own fields, since the database stores the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from engine.days import FIRST_DAY, LAST_DAY, DayKind
from web.fields import AskingInput, NumberInput
from web.reading import clean, named

# Years from today that a day may lie in where nothing narrower is said.
BACK, AHEAD = 60, 20


def day_checks(prefix: str, *names: str) -> list[models.BaseConstraint]:
    """Return the constraints that hold each of a model's days within those that anything is kept on."""
    within = (FIRST_DAY, LAST_DAY)
    return [
        models.CheckConstraint(condition=Q(**{f"{name}__range": within}), name=f"{prefix}_{name}_held")
        for name in names
    ]


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


class YearFormField(forms.Field):
    """A year, near now; the cleaned value is an int, or None when left empty."""

    widget = NumberInput

    def __init__(self, *, span: WithinYears | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.span = span or WithinYears(BACK, BACK)
        self.validators = [*self.validators, self.span]

    def to_python(self, value: object) -> int | None:
        """Return the year; ValidationError says what to write instead."""
        typed = clean(str(value)) if value is not None else ""
        if not typed:
            return None
        if re.fullmatch("[0-9]{1,9}", typed):
            return int(typed)
        first, last = (day.year for day in self.span.find_bounds())
        said = _("%(value)s is not a year. Write a year from %(first)s to %(last)s.")
        raise ValidationError(said % {**named(typed), "first": first, "last": last}, code="invalid")


class DayInput(AskingInput, forms.DateInput):
    """The browser's own field for a day."""

    def __init__(self) -> None:
        super().__init__({"type": "date"}, format="%Y-%m-%d")


class DayFormField(forms.DateField):
    """A day by the browser's own calendar, near today; of a `kind` it is asked about where it is rare (`engine.days`)."""

    def __init__(self, *, back: int = BACK, ahead: int = AHEAD, kind: DayKind | None = None, **options: Any) -> None:
        options.setdefault("widget", DayInput())
        super().__init__(**options)
        self.kind = kind
        self.validators = [*self.validators, WithinYears(back, ahead)]


class DayField(models.DateField):  # type: ignore[type-arg]
    """A day that a person enters."""

    def __init__(
        self, *args: Any, back: int = BACK, ahead: int = AHEAD, kind: DayKind | None = None, **options: Any
    ) -> None:
        self.span, self.kind = WithinYears(back, ahead), kind
        super().__init__(*args, **{**options, "validators": [self.span]})

    def formfield(self, **options: Any) -> forms.Field | None:
        """Return the field for a day near today; the administration's own input can't ask, so it is left out."""
        options.pop("widget", None)
        own = {"form_class": DayFormField, "back": self.span.back, "ahead": self.span.ahead, "kind": self.kind}
        return super().formfield(**{**own, **options})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return Django's own field, for migrations."""
        name, _path, args, options = super().deconstruct()
        options.pop("validators", None)
        return name, "django.db.models.DateField", args, options


class YearField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """A year that a person enters."""

    def __init__(self, *args: Any, back: int = BACK, ahead: int = BACK, **options: Any) -> None:
        self.span = WithinYears(back, ahead)
        super().__init__(*args, **{**options, "validators": [self.span]})

    def formfield(self, *args: Any, **options: Any) -> forms.Field | None:
        """Return the field for a year near now, whatever a form takes for other numbers."""
        own = {"form_class": YearFormField, "span": self.span, "widget": NumberInput}
        return models.Field.formfield(self, *args, **{**options, **own})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return Django's own field, for migrations."""
        name, _path, args, options = super().deconstruct()
        options.pop("validators", None)
        return name, "django.db.models.PositiveSmallIntegerField", args, options
