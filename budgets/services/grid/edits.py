"""What the grid asks for, and how it is refused: plain values between the page and the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from budgets.models import LINE_FIELDS, CostLine, EditStep

# What a cell holds when it is read, or as JSON keeps it.
CellValue: TypeAlias = str | int | Decimal | None
Values: TypeAlias = dict[str, Any]

# A line's cells, in the order of the grid; the governance object has none.
CELLS = tuple(name for name in LINE_FIELDS if name != "governance_object_id")


@dataclass(frozen=True)
class LineEdit:
    """Cells of a line as typed; `was` is what stood there, and `seen` the line's edited_at, when the author saw it.

    `kept` are amounts in öre that the author was asked about and keeps.
    """

    line: UUID
    cells: dict[str, str]
    was: dict[str, str] = field(default_factory=dict)
    seen: datetime | None = None
    kept: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class WholeEdit:
    """Values of a line that are read already, as a form has them; refused where the line was changed or moved since."""

    line: UUID
    product: UUID
    values: Values
    seen: datetime | None = None


@dataclass(frozen=True)
class NewLine:
    """A line to add in `product` after the line `after` (None is first), with what `copy_of` holds, `values` and `cells`.

    The page chooses its lineage, so that a request sent twice adds one line. `is_last` puts it last whatever `after` says.
    A line that comes back has the `position` it had, which it keeps where nothing has taken it.
    """

    line: UUID
    product: UUID
    after: UUID | None = None
    cells: dict[str, str] = field(default_factory=dict)
    copy_of: UUID | None = None
    values: Values = field(default_factory=dict)
    is_last: bool = False
    position: int = 0


@dataclass(frozen=True)
class Move:
    """A line's new place."""

    line: UUID
    product: UUID
    after: UUID | None


@dataclass(frozen=True)
class Deletion:
    """A line to delete, as its author saw it."""

    line: UUID
    seen: datetime | None = None


@dataclass(frozen=True)
class GridEdit:
    """One save. `partial` takes the good cells where some are bad.

    With `is_asking`, amounts about a thousand times what stood there are bad cells until they are kept (`engine.slips`);
    a page with script has asked by itself. `plan_years` is what quantity × unit price does with them, as
    services.grid.filling has it.
    """

    changed: tuple[LineEdit, ...] = ()
    added: tuple[NewLine, ...] = ()
    moved: tuple[Move, ...] = ()
    deleted: tuple[Deletion, ...] = ()
    action: str = EditStep.Action.CELLS
    partial: bool = False
    whole: tuple[WholeEdit, ...] = ()
    is_asking: bool = False
    plan_years: str = "leave"


@dataclass(frozen=True)
class BadCell:
    """A cell that can't be stored; `field` is empty when it is about the whole line, `asked` an amount that may be kept."""

    line: UUID
    field: str
    typed: str
    reason: str
    asked: int | None = None


@dataclass(frozen=True)
class Clash:
    """A cell that somebody else has changed: what is typed, and the line as it is now; no `field` is the whole line."""

    line: CostLine
    field: str
    typed: str


class GridRefusedError(Exception):
    """Nothing was written: bad cells, somebody else's changes, or lines and products that are gone (with words)."""

    def __init__(
        self, *, bad: list[BadCell] | None = None, clashes: list[Clash] | None = None, gone: list[BadCell] | None = None
    ) -> None:
        super().__init__("the grid's edit was refused")
        self.bad, self.clashes, self.gone = bad or [], clashes or [], gone or []


class UndoRefusedError(Exception):
    """There is nothing to undo, or somebody else has changed the same since; the message says where."""


@dataclass
class Saved:
    """What a save, undo or redo did: lines with new values, lines with a new place, and those that are gone."""

    changed: list[CostLine] = field(default_factory=list)
    placed: list[CostLine] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class EditedLine:
    """A line before and after, as an EditStep keeps it."""

    line: UUID
    before: Values | None
    after: Values | None

    def reversed(self) -> EditedLine:
        """Return the change that takes this one back."""
        return EditedLine(self.line, self.after, self.before)

    def as_json(self) -> Values:
        """Return it as an EditStep keeps it."""
        return {"line": str(self.line), "before": self.before, "after": self.after}

    @staticmethod
    def from_json(stored: Values) -> EditedLine:
        """Return the change that an EditStep keeps."""
        return EditedLine(UUID(stored["line"]), stored["before"], stored["after"])
