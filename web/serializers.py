"""Amounts in the API: decimal strings in SEK ("1234.50"), exact both ways.

The trick: `BaseModelSerializer` maps `OreField` by itself, so a serializer only lists its fields.
"""

import re
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engine.money import MAX_ORE
from web.fields import OreField

Row = TypeVar("Row", bound=models.Model)
_SEK = re.compile(r"(?P<sign>-?)(?P<kronor>[0-9]{1,18})(?:\.(?P<ore>[0-9]{1,2}))?")


class OreSerializerField(serializers.Field[int, str, str, object]):
    """Whole öre inside, SEK with two decimals as a string outside; a JSON number is refused as inexact."""

    default_error_messages = {
        "not_a_string": _('Send the amount as a string in SEK, such as "1234.50".'),
        "invalid": _('"{value}" is not an amount in SEK. Send a string such as "1234.50".'),
        "too_large": _("{value} is too large. The largest amount is 10000000000000.00."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("min_value", None)
        kwargs.pop("max_value", None)
        super().__init__(**kwargs)

    def to_representation(self, value: int) -> str:
        """Return öre as SEK."""
        kronor, ore = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{kronor}.{ore:02d}"

    def to_internal_value(self, data: str) -> int:
        """Return SEK as öre."""
        if not isinstance(data, str):
            self.fail("not_a_string")
        typed = _SEK.fullmatch(data.strip())
        if typed is None:
            self.fail("invalid", value=data[:40])
        ore = int(typed["kronor"]) * 100 + int((typed["ore"] or "0").ljust(2, "0"))
        if ore > MAX_ORE:
            self.fail("too_large", value=data)
        return -ore if typed["sign"] else ore


class BaseModelSerializer(serializers.ModelSerializer[Row]):
    """A ModelSerializer that knows amounts."""

    serializer_field_mapping = {**serializers.ModelSerializer.serializer_field_mapping, OreField: OreSerializerField}
