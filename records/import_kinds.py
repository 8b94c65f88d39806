"""What can be imported: the kinds, which the apps above register, since what a row means is theirs to know.

The trick: a kind says only how a cell is read, which rows of which table it is about and what tells two rows apart. Reading,
preview, saving, replacing and undoing are the same for all, in SQL over the staged rows (`records.services.imports`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User
    from records.models import Import

Cell = str | int | float | bool | date | datetime | Decimal | None
"""What a file holds in a cell: text as it is typed, or what Excel keeps as a number or a day."""
Value = str | int | bool | Decimal | date | None
Values = dict[str, Value]
Words = str | Promise
# Not read at all.
LEFT_OUT = ""


class CellFault(ValueError):
    """A cell can't be read; the message says why and what to write, in the reader's language."""


@dataclass(frozen=True)
class Field:
    """What a column can be read as. `aliases` are the headings, in small letters, by which it is found by itself.

    `is_number` puts it to the right.
    """

    key: str
    label: Words
    aliases: tuple[str, ...]
    read: Callable[[Cell], Value]
    is_required: bool = True
    is_number: bool = False


class Form:
    """How the one figure of a kind is shown."""

    COUNT, TKR, ORE, NONE = "count", "tkr", "ore", ""


Fault = Callable[[str, str], None]
"""Tells that a field, by its key, can't be stored, and why; an empty key is the row as a whole."""
Check = Callable[[Mapping[str, Value], Fault], Values]
"""Turns what was read in a row, by field, into what the table holds, by column; what could not be read is not in it."""


class ImportKind:
    """One kind of import. Texts are lazy; what differs from the least is said by the kind.

    `keys` are the columns that tell two rows of a period apart, `columns` those that the file sets. `figure` is the column
    that is shown as it is now and as it changes, in the `form`. Where `is_unique`, two rows of the file may not have the
    same keys; else the first of them is the first in the table, and so on. `groups` is the column that sums are shown by.
    """

    key: ClassVar[str]
    label: ClassVar[Words]
    about: ClassVar[Words]
    period_label: ClassVar[Words]
    fields: ClassVar[Sequence[Field]]
    keys: ClassVar[tuple[str, ...]]
    columns: ClassVar[tuple[str, ...]]
    # Set where a row is new, and neither compared nor changed afterwards; and what says when a row was changed.
    only_new: ClassVar[tuple[str, ...]] = ()
    changed_at: ClassVar[str] = ""
    figure: ClassVar[str] = ""
    figure_label: ClassVar[Words] = ""
    form: ClassVar[str] = Form.COUNT
    groups: ClassVar[str] = ""
    groups_label: ClassVar[Words] = ""
    is_unique: ClassVar[bool] = True
    # Columns that no two rows of the file may have alike, where those are others than the keys.
    once: ClassVar[tuple[str, ...]] = ()
    # Whether rows that the source said before, and says no more, are removed.
    removes: ClassVar[bool] = True

    @property
    def forbids(self) -> bool:
        """Whether there is anything that may not be in such a file at all; such a file is not even kept."""
        return type(self).find_cell_fault is not ImportKind.find_cell_fault

    @property
    def model(self) -> type[Model]:
        """The model whose rows are made."""
        raise NotImplementedError

    def may(self, user: User) -> bool:
        """Say whether the user imports this kind, and so sees its imports."""
        raise NotImplementedError

    def list_periods(self, user: User) -> list[tuple[str, str]]:
        """Return what it can be imported for, as (key, words)."""
        raise NotImplementedError

    def name_period(self, period: str) -> str:
        """Return a period in words."""
        raise NotImplementedError

    def start(self, period: str, by: User) -> Check:
        """Read what rows are checked against, once; return the check of a row."""
        raise NotImplementedError

    def list_aliases(self, period: str) -> Mapping[str, tuple[str, ...]]:
        """Return headings of a period's own, by field, such as its years."""
        return {}

    def find_head_faults(self, headings: Sequence[str]) -> list[tuple[int, str]]:
        """Return (column, why) of columns that may not be in such a file at all."""
        return []

    def find_cell_fault(self, cell: Cell) -> str:
        """Return why a cell may not be in such a file at all, whatever it is read as; empty where it may."""
        return ""

    def scope(self, period: str) -> tuple[str, dict[str, int | str]]:
        """Return the SQL that chooses the rows `t` of a period, with its parameters."""
        raise NotImplementedError

    def lock(self, row: Import, by: User) -> None:
        """Take the locks of a change, in their order. Raise ValidationError where it may not be made any more."""

    def prepare(self, row: Import) -> None:
        """Make what the new rows point to, before they are written."""

    def unmake(self, row: Import) -> None:
        """Take away what rests on the rows that an undoing removes, before they are."""

    def refuse(self, row: Import, by: User) -> Iterable[tuple[int, str, str]]:
        """Return (row number, field, why) of rows that are matched with something that may not be changed."""
        return ()

    def note(self, row: Import) -> Iterable[str]:
        """Return in words what a person should know before the rows are saved, though nothing is wrong with them."""
        return ()

    def finish(self, row: Import) -> None:
        """Start what follows from the change."""

    def find_users(self, row: Import) -> list[str]:
        """Return in words what rests on it, so that it can't be undone."""
        return []

    def name_groups(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the names of groups, by what their column holds."""
        return {key: key for key in keys}


_KINDS: dict[str, ImportKind] = {}


def register(*kinds: ImportKind) -> None:
    """Make kinds known, when their app is ready."""
    _KINDS.update({kind.key: kind for kind in kinds})


def list_kinds(user: User) -> list[ImportKind]:
    """Return the kinds that the user imports, in the order of their apps."""
    return [kind for kind in _KINDS.values() if kind.may(user)]


def list_all_kinds() -> list[ImportKind]:
    """Return all kinds."""
    return list(_KINDS.values())


def kind_of(key: str) -> ImportKind:
    """Return a kind. KeyError where none is registered by that name."""
    return _KINDS[key]
