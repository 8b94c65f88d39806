"""Amounts: whole öre in the database, kronor in what people type.

The trick: the model field brings its own form field, so a ModelForm and the admin read and write kronor without being
told. The REST field is in `serializers`, the filters in `filters`.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engine.money import MAX_ORE
from web.formulas import parse_sum
from web.numbers import NumberError, format_sek


class OreInput(forms.TextInput):
    """A text input for kronor: digits keyboard on a phone, right-aligned."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "form-control n", **(attrs or {})})


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
            return parse_sum(str(value)) if str(value).strip() else None
        except NumberError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: object) -> object:
        """Return öre as kronor for the input; what the person typed stays as typed."""
        return format_sek(value) if isinstance(value, int) else value


class OreField(models.BigIntegerField):  # type: ignore[type-arg]
    """An amount in whole öre within ±10^15."""

    description = _("Amount in öre")
    default_validators = [MinValueValidator(-MAX_ORE), MaxValueValidator(MAX_ORE)]

    def formfield(self, *args: Any, **kwargs: Any) -> forms.Field | None:
        """Return the field for kronor; the admin's number input is left out, since it cannot show 1 234,50."""
        if _is_number_input(kwargs.get("widget")):
            del kwargs["widget"]
        kwargs.setdefault("form_class", OreFormField)
        return models.Field.formfield(self, *args, **kwargs)


def _is_number_input(widget: object) -> bool:
    if isinstance(widget, type):
        return issubclass(widget, forms.NumberInput)
    return isinstance(widget, forms.NumberInput)
