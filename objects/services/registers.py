"""What every register shares: who may write, a row saved as it was shown, removed when nothing points to it, taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from objects.selectors.registers import Register, can_keep, events_of_act
from records.reasons import Reason
from records.selectors.uses import Use, list_pointing, list_uses
from records.services import change
from records.services.restoring import Restored, read_act, restore
from records.services.stale import StaleError
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

Check: TypeAlias = Callable[[list[Restored]], None]


class InUseError(Exception):
    """Something points to a row, so that it stays; `uses` say what."""

    def __init__(self, uses: list[Use]) -> None:
        super().__init__("something points to the row")
        self.uses = uses


@contextmanager
def open_register(*, by: User, reason: Reason, row: object = "") -> Iterator[None]:
    """A change of a register as one act of history. PermissionDenied for who keeps no register."""
    if not can_keep(by):
        raise PermissionDenied
    with change(by=by.email, reason=reason, row=row):
        yield


def hold(row: Model) -> None:
    """Lock a stored row until the end of the transaction. ValidationError when it is gone."""
    if row.pk and not type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).exists():
        raise ValidationError(_("Somebody else has removed it since you opened it."))


def require_mark(saved: Model, mark: str, seen: str | None) -> None:
    """Raise StaleError when a row's mark is another than the one that its form showed."""
    if seen is not None and saved.pk and mark != seen:
        raise StaleError(saved)


def swap_places(rows: QuerySet[Any], row: Model, *, up: bool) -> None:
    """Let a row change places with the one before or after it among `rows`, by their `position`; nothing at the ends.

    Rows that share a place get places of their own first, so that a step is always one that is seen.
    """
    held = list(rows.select_for_update().order_by("position", "pk"))
    place = next((place for place, found in enumerate(held) if found.pk == row.pk), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(held):
        return
    places = [found.position for found in held]
    if len(set(places)) < len(places):
        places = list(range(1, len(held) + 1))
    held[place], held[other] = held[other], held[place]
    for found, position in zip(held, places, strict=True):
        if found.position != position:
            found.position = position
            found.save(update_fields=["position"])


@retried
def remove_row(
    row: Model, *, by: User, reason: Reason, parts: Collection[type[Model]] = (), name: object = None
) -> None:
    """Remove a row, and its `parts` with it, that nothing else points to; history keeps it. InUseError with what does."""
    try:
        with open_register(by=by, reason=reason, row=row if name is None else name):
            hold(row)
            if uses := list_uses(row, parts=parts):
                raise InUseError(uses)
            _remove_parts(row, parts)
            row.delete()
    except ProtectedError as error:
        # Somebody has let something point to it since.
        raise InUseError(list_uses(row, parts=parts)) from error


def _remove_parts(row: Model, parts: Collection[type[Model]]) -> None:
    for model, name in list_pointing(type(row)):
        if model in parts:
            model._default_manager.filter(**{name: row.pk}).delete()


@retried
def undo_act(register: Register, act: UUID, *, by: User, check: Check | None = None) -> None:
    """Take back a change of a register as a whole.

    ValidationError with words when a row has been changed since, when something points to what it added, when there is
    nothing to take back, or when `check`, which is asked before and after, refuses how the rows would be.
    """
    with open_register(by=by, reason=Reason.UNDO_REGISTER):
        take_back(register, act, check=check)


def take_back(register: Register, act: UUID, *, check: Check | None = None) -> None:
    """Take back a change within one that is under way. ValidationError as `undo_act` says."""
    rows = read_act(register.models, lambda model: events_of_act(model, act, register.reasons))
    if not rows:
        raise ValidationError(_("There is nothing to take back."))
    if check is not None:
        check(rows)
    restore(rows, register.models, say_needed=lambda row: _say_used(row, register.models))
    if check is not None:
        check(rows)


def _say_used(row: Restored, models: Iterable[type[Model]]) -> str:
    found = row.model._default_manager.filter(pk=row.pk).first()
    if found is None or not list_uses(found, parts=tuple(models)):
        return ""
    return _("“%(name)s” is used by now, so it can't be taken back.") % {"name": found}
