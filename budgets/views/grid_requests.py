"""What the grid sends, as JSON by the script or as a form without it, turned into the edit that the service takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from budgets.models import CostLine, EditStep
from budgets.services.grid.edits import CELLS, Deletion, GridEdit, LineEdit, Move, NewLine
from budgets.views.grid_drawing import write_cells

MOST_CELLS = 20_000


class UnreadableError(ValueError):
    """The request is not what the grid sends."""


def read_json(body: bytes) -> GridEdit:
    """Return the edit of a JSON request. UnreadableError."""
    try:
        sent = json.loads(body)
        edit = _read_edit(sent)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableError(str(error)) from error
    if sum(len(line.cells) for line in edit.changed) + sum(len(line.cells) for line in edit.added) > MOST_CELLS:
        raise UnreadableError(f"more than {MOST_CELLS} cells")
    return edit


def _read_edit(sent: dict[str, Any]) -> GridEdit:
    changed = tuple(
        LineEdit(UUID(row["line"]), _cells(row["cells"]), _cells(row.get("was", {})), _moment(row.get("seen")))
        for row in sent.get("changed", ())
    )
    added = tuple(
        NewLine(UUID(row["line"]), UUID(row["product"]), _uuid(row.get("after")), _cells(row.get("cells", {})),
                _uuid(row.get("copy_of")))
        for row in sent.get("added", ())
    )  # fmt: skip
    moved = tuple(Move(UUID(r["line"]), UUID(r["product"]), _uuid(r.get("after"))) for r in sent.get("moved", ()))
    deleted = tuple(Deletion(UUID(row["line"]), _moment(row.get("seen"))) for row in sent.get("deleted", ()))
    action = EditStep.Action(sent.get("action", "cells"))
    return GridEdit(changed, added, moved, deleted, action, sent.get("partial") is True)


def _cells(sent: dict[str, Any]) -> dict[str, str]:
    if not all(name in CELLS and isinstance(typed, str) for name, typed in sent.items()):
        raise UnreadableError("an unknown cell")
    # Half a character or a zero, which a clipboard can hold, is nothing that can be stored.
    return {name: typed.replace("\0", "").encode("utf-8", "replace").decode() for name, typed in sent.items()}


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _moment(text: str | None) -> datetime | None:
    found = datetime.fromisoformat(text) if text else None
    if found is not None and found.tzinfo is None:
        raise UnreadableError("a moment without its zone")
    return found


def read_moment(text: str | None) -> datetime | None:
    """A moment of an address or a form; None when there is none that can be read."""
    try:
        return _moment(text)
    except ValueError:
        return None


def read_form(posted: Mapping[str, str], lines: Iterable[CostLine], kinds: Mapping[str, str]) -> GridEdit:
    """Return what differs in a posted form from the lines now. A line changed since the form was loaded counts as unseen."""
    loaded = read_moment(posted.get("loaded"))
    changed = []
    for line in lines:
        now = dict(zip(CELLS, write_cells(line, kinds), strict=True))
        sent = {name: posted.get(f"{line.lineage}:{name}") for name in CELLS}
        cells = {name: typed for name, typed in sent.items() if typed is not None and typed != now[name]}
        if cells:
            is_newer = loaded is not None and line.edited_at > loaded
            changed.append(LineEdit(line.lineage, cells, {}, loaded if is_newer else line.edited_at))
    return GridEdit(tuple(changed), partial="partial" in posted)
