"""What has been done with some rows, as acts that can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from records.changes import Events, author_of
from records.reasons import Reason, read_reason

MOST = 8


@dataclass(frozen=True)
class DoneAct:
    """Who did what, when, and whether nobody has changed the same rows since."""

    id: UUID
    at: datetime
    by: str
    context: dict[str, Any]
    is_newest: bool


def list_acts(kinds: Iterable[Events], reasons: Collection[Reason]) -> list[DoneAct]:
    """Return the latest acts for one of the reasons, newest first, by the events of each kind of row."""
    acts: dict[UUID, DoneAct] = {}
    newest: dict[tuple[type, int], UUID | None] = {}
    for event in _newest_first(kinds):
        act, context = event.pgh_context_id, event.pgh_context
        is_newest = newest.setdefault((type(event), event.pgh_obj_id), act) == act
        reason, _parts = read_reason(context)
        if reason in reasons and act is not None:
            is_newest = is_newest and (act not in acts or acts[act].is_newest)
            acts[act] = DoneAct(act, event.pgh_created_at, author_of(context), context, is_newest)
    return list(acts.values())[:MOST]


def _newest_first(kinds: Iterable[Events]) -> list[Any]:
    events = [event for kind in kinds for event in kind.order_by("-pgh_id")[: MOST * 20]]
    return sorted(events, key=lambda event: event.pgh_created_at, reverse=True)
