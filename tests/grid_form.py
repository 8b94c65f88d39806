"""The form of the table of lines as a browser without script posts it; cells here are named `lineage:field`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from uuid import UUID


class _Inputs(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.own: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input" and dict(attrs).get("form", "g") == "g":
            self.own.append(dict(attrs))


def read_cells(html: str) -> dict[str, str]:
    """Return what every cell of a page holds."""
    inputs = {str(own.get("name")): own.get("value") or "" for own in _Inputs(html).own}
    lines = [UUID(key) for key in inputs["lines"].split()]
    cells = [(name.split(":"), value) for name, value in inputs.items() if re.match("[0-9]+:", name)]
    return {f"{lines[int(number)]}:{field}": value for (number, field), value in cells if "-" not in field}


def as_posted(cells: Mapping[str, str]) -> dict[str, str]:
    """Return cells under the numbers that a page would give their lines, with the list of these, and all else as it is."""
    lines = list(dict.fromkeys(name.partition(":")[0] for name in cells if _is_cell(name)))
    named = {_number(name, lines) if _is_cell(name) else name: typed for name, typed in cells.items()}
    return named | {"lines": " ".join(UUID(line).hex for line in lines)}


def _is_cell(name: str) -> bool:
    return ":" in name and not name.endswith("-asked")


def _number(name: str, lines: list[str]) -> str:
    line, _colon, field = name.partition(":")
    return f"{lines.index(line)}:{field}"
