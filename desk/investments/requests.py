"""What the grid of the investment budget sends, as JSON by the script or as a form without it."""

from __future__ import annotations

import json
import re

from django.http import QueryDict

from investments.services.cells import COLUMNS, TypedCell

MOST_CELLS = 20_000
CELL = re.compile(r"[0-9]{1,5}:[0-9]{1,2}")


class UnreadableError(ValueError):
    """The request is not what the page sends."""


def read_json(body: bytes) -> tuple[list[TypedCell], bool]:
    """Return the cells that the script sends, and whether they were pasted. UnreadableError."""
    try:
        sent = json.loads(body)
        cells = [_read_cell(cell) for cell in sent["cells"]]
        is_paste = sent.get("action") == "paste"
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    if len(cells) > MOST_CELLS:
        raise UnreadableError(f"more than {MOST_CELLS} cells")
    return cells, is_paste


def _read_cell(cell: dict[str, object]) -> TypedCell:
    values = [cell[name] for name in ("to", "pool", "typed", "was")]
    if not all(isinstance(value, str) for value in values):
        raise UnreadableError("a cell is no text")
    row, column, typed, was = map(str, values)
    return TypedCell(row, column, typed, was)


def read_form(data: QueryDict) -> tuple[list[TypedCell], bool]:
    """Return the cells of the page's form that differ from what it showed. UnreadableError."""
    rows = data.get("rows", "").split()
    try:
        shown = json.loads(data.get("shown", "{}"))
        cells = []
        for name in data:
            if CELL.fullmatch(name):
                row, column = map(int, name.split(":"))
                typed, was = str(data.get(name, "")), str(shown.get(name, ""))
                if typed.strip() != was:
                    cells.append(TypedCell(rows[row - 1], COLUMNS[column - 1], typed, was))
    except (ValueError, IndexError, AttributeError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    return cells, False
