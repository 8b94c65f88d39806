"""Who changes something and why, told to the history triggers.

The trick: both are settings of the transaction, so they also reach COPY and raw SQL, which no ORM hook sees.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID, uuid4

import pghistory
from django.db import connection, transaction

from records.reasons import Reason

# What a request does is one act: its changes carry the request's id, in whatever way they are written.
ACT_OF_REQUEST: ContextVar[UUID | None] = ContextVar("act_of_request", default=None)


class Act:
    """A change under way: its id, which its events carry, and what is told of it."""

    def __init__(self, by: str, reason: Reason, of: dict[str, object]) -> None:
        self.id = ACT_OF_REQUEST.get() or uuid4()
        self.by, self.reason, self.of = by, Reason(reason).value, of

    def tell(self, **of: object) -> None:
        """Tell the triggers of it; `of` is what is known only now of what differs in it."""
        self.of |= of
        shown = {name: str(value) for name, value in self.of.items()} or None
        told = {"by": self.by, "reason": self.reason, "of": shown}
        pghistory.context(**told)  # where a request opened one, which would else speak for each statement
        metadata = json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
                [str(self.id), metadata],
            )


_UNDER_WAY: ContextVar[Act | None] = ContextVar("act_under_way", default=None)


@contextmanager
def change(*, by: str, reason: Reason, **of: object) -> Iterator[Act]:
    """One transaction whose history events name the person or command `by`, the `reason` and what differs in it, `of`.

    Inside it every change counts, whether made by the ORM, in bulk, by COPY or by raw SQL. After one inside another the
    other speaks again; where the inner one fails, the database takes back what it told by itself.
    """
    act, outer = Act(by, reason, dict(of)), _UNDER_WAY.get()
    token = _UNDER_WAY.set(act)
    try:
        with transaction.atomic():
            act.tell()
            yield act
    finally:
        _UNDER_WAY.reset(token)
    if outer is not None:
        outer.tell()


@contextmanager
def join_change(*, by: str, reason: Reason) -> Iterator[Act]:
    """A part of the change under way, which its events name; where there is none, a change of its own."""
    under_way = _UNDER_WAY.get()
    if under_way is not None:
        yield under_way
        return
    with change(by=by, reason=reason) as act:
        yield act
