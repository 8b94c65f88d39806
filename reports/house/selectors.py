"""Pages of the house: the accessibility statement as stored, else as it came with the system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.template.loader import render_to_string

from reports.models import HouseText


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a list with its items."""

    kind: str
    text: str = ""
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Statement:
    """A text's blocks, and when somebody last edited it; None for the one that came with the system."""

    blocks: list[Block]
    edited_at: datetime | None


def load_statement(slug: str, user: object, language: str) -> Statement:
    """Return a page's text in a language."""
    stored = HouseText.objects.visible_to(user).filter(slug=slug).first()
    if stored is None:
        return Statement(list(read_blocks(load_default(slug, language))), None)
    return Statement(list(read_blocks(stored.text_en if language == "en" else stored.text_sv)), stored.edited_at)


def load_default(slug: str, language: str) -> str:
    """Return the text that came with the system."""
    return render_to_string(f"reports/house/{slug}_{'en' if language == 'en' else 'sv'}.txt").strip()


def read_blocks(text: str) -> Iterator[Block]:
    """Yield blocks: blank lines separate them, # begins a heading, - an item of a list; nothing else has a meaning."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        while lines and lines[0].startswith("#"):
            yield Block("heading", lines.pop(0).lstrip("# "))
        if lines and all(line.startswith("-") for line in lines):
            yield Block("list", items=[line.lstrip("- ") for line in lines])
        elif lines:
            yield Block("paragraph", " ".join(lines))
