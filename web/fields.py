"""Amounts and other numbers in forms: whole öre in the database, kronor in what people type.

The trick: the model field brings its own form field, so a ModelForm and the admin read and write kronor without being
told. The REST field is in `serializers`, the filters in `filters`.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms.renderers import BaseRenderer
from django.forms.widgets import Input
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.days import Doubt, find_doubt
from engine.money import MAX_ORE
from engine.slips import is_slip, mend_slip
from web.formulas import parse_exact, parse_sum
from web.numbers import format_quantity, format_sek
from web.reading import NumberError, Scale, clean


class NumberInput(forms.TextInput):
    """A text input for a number: digits keyboard on a phone, right-aligned."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "form-control n", **(attrs or {})})


class AskingInput(Input):
    """An input of what may be asked about. What it has asked is sent along, so that the same sent again is kept."""

    asked: str = ""

    def render(
        self, name: str, value: object, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Draw the input, and beside it what it has asked about."""
        drawn = super().render(name, value, attrs, renderer)
        if not self.asked:
            return drawn
        return drawn + format_html('<input type="hidden" name="{}" value="{}">', name_of_answer(name), self.asked)


class OreInput(AskingInput, NumberInput):
    """A text input for kronor."""


class OreFormField(forms.Field):
    """Kronor typed as in `formulas.parse_sum`; the cleaned value is whole öre, or None when left empty."""

    widget = OreInput

    def to_python(self, value: object) -> int | None:
        """Return öre; a value that is already öre stays. ValidationError says what to write instead."""
        if value is None or value == "":
            return None
        if isinstance(value, int):
            return value
        try:
            return parse_sum(str(value)) if clean(str(value)) else None
        except NumberError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: object) -> object:
        """Return öre as kronor for the input; what the person typed stays as typed."""
        return format_sek(value) if isinstance(value, int) else value


class NumberField(forms.Field):
    """A number typed as in `formulas.parse_exact`; the cleaned value is an exact Decimal, or None when left empty.

    `max_digits`, `decimal_places`, `min_value` and `max_value` are those of a model's field.
    """

    widget = NumberInput

    def __init__(
        self,
        *,
        max_digits: int = 18,
        decimal_places: int = 0,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        most = (Decimal(10) ** max_digits - 1).scaleb(-decimal_places)
        self.scale = Scale(decimal_places, -most, most)
        self.narrow(least=min_value, most=max_value)

    def narrow(self, *, least: Decimal | int | None, most: Decimal | int | None) -> None:
        """Set limits, within those that the number of digits sets."""
        low = self.scale.least if least is None else max(self.scale.least, Decimal(least))
        high = self.scale.most if most is None else min(self.scale.most, Decimal(most))
        self.scale = replace(self.scale, least=low, most=high)

    def keep_within(self, field: "models.Field[Any, Any]") -> None:
        """Set the limits that a model's field checks, so that what is advised is within them."""
        limits = {type(one): one.limit_value for one in field.validators if hasattr(one, "limit_value")}
        self.narrow(least=limits.get(MinValueValidator), most=limits.get(MaxValueValidator))

    def to_python(self, value: object) -> Decimal | None:
        """Return the number; ValidationError says what to write instead. A percentage may have its sign."""
        if value is None or isinstance(value, Decimal):
            return value
        typed = clean(str(value)).removesuffix("%").rstrip()
        try:
            return parse_exact(typed, self.scale) if typed else None
        except NumberError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: object) -> object:
        """Return the number as it can be typed back; what the person typed stays as typed."""
        return format_quantity(value) if isinstance(value, Decimal) else value


class WholeNumberField(NumberField):
    """A number without decimals; the cleaned value is an int, or None when left empty."""

    def clean(self, value: object) -> int | None:
        """Return the number."""
        number: Decimal | None = super().clean(value)
        return None if number is None else int(number)


def type_number(field: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """Return how a model's field is typed in a form, a number as everywhere else: a form's `formfield_callback`."""
    if isinstance(field, models.DecimalField | models.IntegerField) and not field.choices:
        options["form_class"] = NumberField if isinstance(field, models.DecimalField) else WholeNumberField
    made = field.formfield(**options)
    if isinstance(made, NumberField):
        made.keep_within(field)
    return made


def name_of_answer(name: str) -> str:
    """Return the name of the input that tells which amount its reader was asked about."""
    return f"{name}-asked"


def ask_at(form: forms.BaseForm, name: str, value: object, question: str) -> None:
    """Ask about a typed value at its field, with all that is typed kept; the same sent again is kept too."""
    answer, widget = str(value), form.fields[name].widget
    if name in form.errors or not isinstance(widget, AskingInput):
        return
    if form.data.get(name_of_answer(form.add_prefix(name))) == answer:
        return
    widget.asked = answer
    form.add_error(name, question)


def ask_about_slips(form: forms.BaseForm) -> None:
    """Ask about typed amounts that are about a thousand times what stood there (`engine.slips`).

    To be called when a form is cleaned.
    """
    for name, field in form.fields.items():
        before, after = form.get_initial_for_field(field, name), form.cleaned_data.get(name)
        if not (isinstance(field.widget, OreInput) and isinstance(before, int) and isinstance(after, int)):
            continue
        if is_slip(before, after):
            ask_at(form, name, after, say_slip(before, after))


def ask_about_days(form: forms.BaseForm) -> None:
    """Ask about typed days that are rare (`engine.days`); one that stood there is asked about no more.

    A form about a budget has its `fiscal_year`.
    """
    for name, field in form.fields.items():
        kind, day = getattr(field, "kind", None), form.cleaned_data.get(name)
        if kind is None or day is None or str(form.get_initial_for_field(field, name)) == str(day):
            continue
        year: int | None = getattr(form, "fiscal_year", None)
        doubt = find_doubt(day, kind, today=timezone.localdate(), fiscal_year=year)
        if doubt is not None:
            ask_at(form, name, day, say_doubt(doubt, day, year))


def say_doubt(doubt: Doubt, day: date, year: int | None) -> str:
    """Return the question about a day, and how to answer it."""
    said = {
        Doubt.PASSED: _("%(day)s has passed. Write another day, or save again to keep it."),
        Doubt.LONG_AGO: _("%(day)s is more than a year ago. Write another day, or save again to keep it."),
        Doubt.OTHER_YEAR: _(
            "%(day)s is neither in %(year)s nor in the year before. Write another day, or save again to keep it."
        ),
    }
    return said[doubt] % {"day": day.isoformat(), "year": year}


def say_slip(before: int, after: int) -> str:
    """Return the question about an amount that is about a thousand times what stood there, and how to answer it."""
    shown = {"before": before, "after": after, "mended": mend_slip(before, after)}
    words = _(
        "%(before)s kr became %(after)s kr. Did you mean %(mended)s kr? Write that, or save again to keep %(after)s kr."
    )
    return words % {name: format_sek(ore) for name, ore in shown.items()}


class AsksAboutSlips:
    """A form that asks about slips of a thousand and of days, to be named before its base."""

    def clean(self) -> dict[str, Any] | None:
        """Ask after all else is looked at."""
        cleaned: dict[str, Any] | None = super().clean()  # type: ignore[misc]
        ask_about_slips(cast(forms.BaseForm, self))
        ask_about_days(cast(forms.BaseForm, self))
        return cleaned


class OreField(models.BigIntegerField):  # type: ignore[type-arg]
    """An amount in whole öre within ±10^15."""

    description = gettext_lazy("Amount in öre")
    default_validators = [MinValueValidator(-MAX_ORE), MaxValueValidator(MAX_ORE)]

    def formfield(self, *args: Any, **kwargs: Any) -> forms.Field | None:
        """Return the field for kronor; the admin's number input is left out, since it cannot show 1 234,50."""
        if _is_number_input(kwargs.get("widget")):
            del kwargs["widget"]
        kwargs["form_class"] = OreFormField
        return models.Field.formfield(self, *args, **kwargs)


def _is_number_input(widget: object) -> bool:
    if isinstance(widget, type):
        return issubclass(widget, forms.NumberInput)
    return isinstance(widget, forms.NumberInput)
