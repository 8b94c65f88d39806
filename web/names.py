"""Names in the reader's language."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language


class Named(Protocol):
    """Whatever has a name in both languages."""

    @property
    def name_sv(self) -> str:
        """Return its Swedish name."""

    @property
    def name_en(self) -> str:
        """Return its English name."""


def name_of(thing: Named) -> str:
    """Return the thing's name in the reader's language."""
    return str(thing.name_en if get_language() == "en" else thing.name_sv)
