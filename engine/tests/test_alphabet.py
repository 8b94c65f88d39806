"""The Swedish alphabet, as people sort by it."""

from __future__ import annotations

import random

import pytest

from engine.alphabet import FOLDED, swedish_key

# As in the finding that lists came in the order of machines.
SORTED = ["abonnemang", "Zebra", "Zoom", "åkeri", "Ånga", "Ängar", "Ölands avtal"]


def test_last_letters_come_last_and_capitals_beside_small_ones() -> None:
    for seed in range(20):
        mixed = random.Random(seed).sample(SORTED, len(SORTED))
        assert sorted(mixed, key=swedish_key) == SORTED


@pytest.mark.parametrize(
    ("less", "more"),
    [("Zo", "å"), ("Å", "ä"), ("ä", "Ö"), ("É", "f"), ("Müller", "Nils"), ("Ærö", "ö"), ("1", "a"), ("A 2", "ab")],
)  # fmt: skip
def test_accents_digits_and_marks_have_their_places(less: str, more: str) -> None:
    assert swedish_key(less) < swedish_key(more)


def test_every_folded_sign_becomes_one() -> None:
    assert {len(sign) for sign in FOLDED.values()} == {1}
