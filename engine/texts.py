"""One form for every text: composed (NFC), without what can't be seen, so that what looks the same is the same.

A file's name from a Mac and words copied from a PDF have their dots and rings apart, soft hyphens and hard spaces: such a
word was found by nobody who typed it. What turns the direction of writing stays, since a number that has it is refused
(`web.reading`), and so does a zero, which is refused everywhere.

A number is no text and stays as it was typed: its own reading decides what may be left out of it, and a field that nobody
touched is told by the very signs that were shown.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_HIDDEN: Final = re.compile("[\u00ad\u200b-\u200e\u2060-\u2064\ufeff\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SPACES: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
# A letter that belongs to no unit of an amount.
_LETTER: Final = re.compile(r"(?!(?:mkr|tkr|kr|sek)\b)(?<![^\W\d_])[^\W\d_]", re.IGNORECASE)
_LINES: Final = re.compile("[\x85\u2028\u2029]")


def compose(text: str) -> str:
    """Return a text in its one form; lines and tabs stay, and so does what has no word, such as a number with its unit."""
    if (text.isascii() and text.isprintable()) or not _LETTER.search(text):
        return text
    seen = _SPACES.sub(" ", _HIDDEN.sub("", _LINES.sub("\n", text)))
    return unicodedata.normalize("NFC", seen)
