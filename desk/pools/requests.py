"""What the table of hours sends, as JSON by the script or as a form without it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from pricing.services.weights import TypedWeight

MOST_CELLS = 20_000
CELL = re.compile(r"[0-9]{1,5}:[0-9]{1,4}")


class UnreadableError(ValueError):
    """The request is not what the page sends."""


@dataclass(frozen=True)
class SentWeights:
    """Cells to save, and how they came to be."""

    cells: list[TypedWeight]
    action: str = ""


def read_json(body: bytes) -> SentWeights:
    """Return what the script sends. UnreadableError."""
    try:
        sent = json.loads(body)
        cells = [_read_cell(cell) for cell in sent["cells"]]
        action = str(sent.get("action", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    if len(cells) > MOST_CELLS:
        raise UnreadableError(f"more than {MOST_CELLS} cells")
    return SentWeights(cells, action)


def _read_cell(cell: dict[str, object]) -> TypedWeight:
    names = ("pool", "to", "typed", "was")
    values = [cell[name] for name in names]
    if not all(isinstance(value, str) for value in values):
        raise UnreadableError("a cell is no text")
    pool, to, typed, was = map(str, values)
    return TypedWeight(pool, to, typed, was)


def read_form(data: QueryDict) -> SentWeights:
    """Return the cells of the page's form that differ from what it showed. UnreadableError."""
    rows, pools = data.get("rows", "").split(), data.get("pools", "").split()
    try:
        shown = json.loads(data.get("shown", "{}"))
        return SentWeights(list(_differing(data, rows, pools, shown)))
    except (ValueError, IndexError, AttributeError, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def _differing(data: QueryDict, rows: list[str], pools: list[str], shown: dict[str, str]) -> Iterator[TypedWeight]:
    for name in data:
        if CELL.fullmatch(name):
            row, pool = map(int, name.split(":"))
            typed, was = str(data.get(name, "")), str(shown.get(name, ""))
            if typed.strip() != was:
                yield TypedWeight(pools[pool - 1], rows[row - 1], typed, was)
