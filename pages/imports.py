"""The way from a page to reading in what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from records.import_kinds import list_kinds

if TYPE_CHECKING:
    from accounts.models import User


def find_import_url(kind: str, user: User, period: str = "") -> str:
    """Return where the user reads in this kind, for a period where it may be chosen; empty where the user may not."""
    found = next((one for one in list_kinds(user) if one.key == kind), None)
    if found is None or (period and period not in dict(found.list_periods(user))):
        return ""
    return reverse("records:new_import", args=[kind]) + (f"?{urlencode({'period': period})}" if period else "")
