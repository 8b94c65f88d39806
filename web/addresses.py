"""Addresses that facts may ask for without naming a page.

The trick: a fact names what the page is about; the setting ADDRESSES says which page that is, so that an app of facts
knows no page and no name of one.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def site_address(about: str, *parts: str) -> str:
    """Return the whole address of the page about something, as a mail gives it; `about` is a key of ADDRESSES."""
    return str(settings.SITE_URL) + reverse(settings.ADDRESSES[about], args=parts)
