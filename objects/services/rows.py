"""Storing a row whose rules tell what is wrong with it by field."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Model


def save_checked(row: Model, faults: list[tuple[str, str]]) -> None:
    """Store a row without faults. Raise ValidationError by field."""
    if faults:
        raise ValidationError(dict(faults))
    row.full_clean()
    row.save()
