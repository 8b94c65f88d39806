"""How an invoice's period is said."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format

ANY_YEAR = 2000


def name_month(year: int | None, month: int) -> str:
    """Return a month in the reader's language, with its year when given: "januari 2026"."""
    return date_format(date(year or ANY_YEAR, month, 1), "F Y" if year else "F")
