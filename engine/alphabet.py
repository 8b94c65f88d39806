"""The Swedish alphabet: å, ä and ö come last, in that order, and capitals stand beside their small letters.

The trick: å, ä and ö become the three signs that come after z, so that plain comparison gives the order, here and in the
database's function `swedish_order`, wherever it runs: the one that is brought along knows no country's order. The other accents
that are met in names are looked away from; æ counts as ä, ø as ö and ü as y.
"""

from __future__ import annotations

import string
import unicodedata
from typing import Final

# What stands in the place of the last three letters.
LAST: Final = {"å": "{", "ä": "|", "ö": "}", "æ": "|", "ø": "}", "ü": "y"}
# The letters with accents that are met in names here. Each costs the database a comparison at every sign of every text.
LETTERS: Final = "åäöÅÄÖéÉèÈëËüÜáÁàÀæÆøØ"


def _base(letter: str) -> str:
    small = letter.lower()[:1]
    return LAST.get(small) or unicodedata.normalize("NFD", small)[0]


# Each sign that is not compared as it is, but the capitals A to Z.
FOLDED: Final = {letter: _base(letter) for letter in LETTERS}
_TABLE: Final = str.maketrans(FOLDED | dict(zip(string.ascii_uppercase, string.ascii_lowercase, strict=True)))


def swedish_key(text: str) -> str:
    """Return what a text is sorted by."""
    return text.translate(_TABLE)
