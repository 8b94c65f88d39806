"""Changes that can be taken back, as their list tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from pages.authors import say_author
from records.reasons import say_act
from records.selectors.acts import DoneAct


@dataclass(frozen=True)
class ToldAct:
    """A change in words: who, and what was done; the address that takes it back is empty when nothing does."""

    act: DoneAct
    by: str
    said: str
    undo_url: str = ""


def tell_acts(acts: Iterable[DoneAct], undo_url: Callable[[UUID], str] | None = None) -> list[ToldAct]:
    """Return changes with the names of those who made them, by one query; `undo_url` gives the address that takes one back."""
    rows = list(acts)
    names = dict(User.objects.filter(email__in={row.by for row in rows}).values_list("email", "name"))
    return [
        ToldAct(
            row,
            say_author(row.by, names.get(row.by, ""), inside=True),
            say_act(row.context),
            undo_url(row.id) if undo_url and row.is_newest else "",
        )
        for row in rows
    ]
