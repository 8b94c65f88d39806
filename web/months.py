"""Months that people type: 2027-03, a day of it, or what the browser's own field for a month gives; kept as its first day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from web.days import AHEAD, BACK, WithinYears
from web.reading import clean

MONTH = re.compile(r"(\d{4})[-/. ]?(0[1-9]|1[0-2])(?:[-/. ]?([0-2]\d|3[01]))?")


def read_month(typed: str) -> date | None:
    """Return the first day of a typed month; None where it is none."""
    match = MONTH.fullmatch(typed)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1)).replace(day=1)
    except ValueError:
        return None


class MonthInput(forms.DateInput):
    """The browser's own field for a month; where there is none, text."""

    input_type = "month"

    def __init__(self) -> None:
        super().__init__({"placeholder": "2027-03", "pattern": "[0-9]{4}-[0-9]{2}"}, format="%Y-%m")


class MonthFormField(forms.Field):
    """A month near today; the cleaned value is its first day, or None when left empty."""

    widget = MonthInput

    def __init__(self, *, back: int = BACK, ahead: int = AHEAD, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [*self.validators, WithinYears(back, ahead)]

    def to_python(self, value: object) -> date | None:
        """Return the first day; ValidationError says what to write instead."""
        if isinstance(value, date):
            return value.replace(day=1)
        typed = clean(str(value)) if value is not None else ""
        if not typed:
            return None
        month = read_month(typed)
        if month is None:
            raise ValidationError(say_no_month(typed), code="invalid")
        return month


def say_no_month(typed: str) -> str:
    """Return that something typed is no month, and what to write instead."""
    return _("%(value)s is not a month. Write it as 2027-03.") % {"value": typed[:40]}
