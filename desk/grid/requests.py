"""What the grid sends, as JSON by the script or as a form without it, turned into the edit that the service takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Set
from datetime import UTC, datetime
from typing import TypedDict
from uuid import UUID

from budgets.models import CostLine, EditStep
from budgets.services.grid.edits import CELLS, Deletion, GridEdit, LineEdit, Move, NewLine
from budgets.services.grid.filling import PlanYears
from desk.grid.rows import LineCells, write_cells
from engine.texts import compose
from web.fields import name_of_answer
from web.moments import read_instant

MOST_CELLS = 20_000
# When a line was seen that has been changed since.
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class SentLine(TypedDict, total=False):
    """A line as the script sends it; which parts are there depends on what is done with it."""

    line: str
    product: str
    after: str | None
    copy_of: str | None
    seen: str | None
    cells: dict[str, str]
    was: dict[str, str]


class SentEdit(TypedDict, total=False):
    """What the script sends. Nothing of it is trusted: whatever is not so is unreadable."""

    changed: list[SentLine]
    added: list[SentLine]
    moved: list[SentLine]
    deleted: list[SentLine]
    action: str
    partial: bool
    plan_years: str


class UnreadableError(ValueError):
    """The request is not what the grid sends."""


def read_json(body: bytes) -> GridEdit:
    """Return the edit of a JSON request. UnreadableError."""
    try:
        sent = json.loads(body)
        edit = _read_edit(sent)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    if sum(len(line.cells) for line in edit.changed) + sum(len(line.cells) for line in edit.added) > MOST_CELLS:
        raise UnreadableError(f"more than {MOST_CELLS} cells")
    return edit


def _read_edit(sent: SentEdit) -> GridEdit:
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
    plan_years = PlanYears(sent.get("plan_years", "leave"))
    return GridEdit(changed, added, moved, deleted, action, sent.get("partial") is True, plan_years=plan_years)


def _cells(sent: dict[str, str]) -> dict[str, str]:
    if not all(name in CELLS and isinstance(typed, str) for name, typed in sent.items()):
        raise UnreadableError("an unknown cell")
    # Half a character or a zero, which a clipboard can hold, is nothing that can be stored.
    whole = {name: typed.replace("\0", "").encode("utf-8", "replace").decode() for name, typed in sent.items()}
    return {name: compose(typed) for name, typed in whole.items()}


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _moment(text: str | None) -> datetime | None:
    moment = read_instant(text) if text else None
    if moment is not None and moment.tzinfo is None:
        raise UnreadableError("a moment without its zone")
    return moment


def read_moment(text: str | None) -> datetime | None:
    """Return the moment of an address or a form; None when there is none that can be read."""
    try:
        return _moment(text)
    except ValueError:
        return None


def read_number(text: str) -> int | None:
    """Return the number of a step; None when there is none that can be read."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


class PostedForm:
    """The grid's form as posted without script. It holds every cell, so most of them are as its author saw them.

    A cell's name has the line's number in the list of `lines` that the form brings. UnreadableError where it brings another.

    The trick: the page says only by a number which event of its lines was the newest when it was read (`mark`); no clock
    has a say. A line without a later event was seen as it is; what one with a later event looked like then comes from its
    history (`unseen` names those lines). A cell that reads as it did then was not touched by this author, so it neither
    clashes nor puts an old value back.
    """

    def __init__(self, posted: Mapping[str, str], lines: Iterable[CostLine]) -> None:
        self.posted, self.lines = posted, {line.lineage: line for line in lines}
        self.mark = read_number(posted.get("mark", ""))
        self.sent = _read_cells(posted)

    def read(self, kinds: Mapping[str, str], unseen: Set[UUID], as_seen: Mapping[UUID, LineCells]) -> GridEdit:
        """Return what the author changed; `as_seen` are the lines that `unseen` names as they were."""
        edits = (self._read_line(key, kinds, as_seen.get(key) if key in unseen else self.lines.get(key), unseen)
                 for key in self.sent)  # fmt: skip
        return GridEdit(tuple(edit for edit in edits if edit.cells), partial="partial" in self.posted, is_asking=True)

    def _read_line(self, key: UUID, kinds: Mapping[str, str], shown: LineCells | None, unseen: Set[UUID]) -> LineEdit:
        was = dict(zip(CELLS, write_cells(shown, kinds), strict=True)) if shown is not None else {}
        cells = {name: typed for name, typed in self.sent[key].items() if typed != was.get(name)}
        line = self.lines.get(key)
        kept = {name: ore for name in cells if (ore := self._read_kept(key, name)) is not None}
        return LineEdit(key, cells, was, BEFORE_ALL if key in unseen or line is None else line.edited_at, kept)

    def _read_kept(self, key: UUID, name: str) -> int | None:
        """Return the amount that the page has asked about."""
        sent = self.posted.get(name_of_answer(f"{key}:{name}"), "")
        return int(sent) if re.fullmatch("-?[0-9]{1,16}", sent, re.ASCII) else None


def _read_cells(posted: Mapping[str, str]) -> dict[UUID, dict[str, str]]:
    cells: dict[UUID, dict[str, str]] = {}
    try:
        lines = dict(enumerate(map(UUID, posted.get("lines", "").split())))
        for key, typed in posted.items():
            number, _colon, name = key.partition(":")
            if name in CELLS:
                cells.setdefault(lines[int(number)], {})[name] = typed
    except (ValueError, KeyError) as error:
        raise UnreadableError(f"a cell of no line: {error}") from error
    return cells
