"""Names in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language


def name_of(thing: Any) -> str:
    """A name in the reader's language, of anything with name_sv and name_en."""
    return str(thing.name_en if get_language() == "en" else thing.name_sv)
