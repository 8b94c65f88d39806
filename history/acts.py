"""Acts: all that a person did at one go, however many events tell of it, read page by page from the newest.

The trick: an event's moment is that of its transaction, so a page is a run of moments, found by an index and never by
counting what comes before. Within a moment the events of one change have one id, which is the act's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection

from engine.result import INCOMES
from engine.years import AMOUNTS
from history.nouns import LINE, STEP, Kind, load_kinds
from history.stories import Story
from records.changes import Events, author_of
from records.reasons import Reason, read_reason
from web.compiled import ask_planned

# An act shows so many of its rows; the rest are a click away.
MOST_ROWS = 5
# A page ends early where its acts have more events, so that it takes no longer.
MOST_EVENTS = 4000
# More than any act has.
ALL = 2**31 - 1
# One of these is many changes within each other, which had ids of their own until 2026.
WHOLE = frozenset({Reason.COPY_FORWARD, Reason.REVISE, Reason.ADOPT, Reason.DEMO})
Sums: TypeAlias = tuple[int, int, int]
Place: TypeAlias = tuple[str, int, datetime]
# By kind: SQL that selects its events, and the values in it.
Parts: TypeAlias = dict[str, tuple[str, tuple[Any, ...]]]

COLUMNS = ["pgh_created_at", "pgh_context_id", "pgh_context", "pgh_label", "pgh_id"]
# What of a line is compared with what it was, to find whether it was changed.
TOLD = [*dict.fromkeys([*(column.attname for column in LINE.told_fields), *AMOUNTS, "edited_at"])]
LINE_COLUMNS = ["pgh_obj_id", *TOLD]

MOMENTS = """
    (SELECT %s, e.pgh_created_at, count(*) FROM ({events}) AS e WHERE e.pgh_created_at {condition}
    GROUP BY e.pgh_created_at ORDER BY e.pgh_created_at {order} LIMIT %s)"""
ORDERED = "SELECT * FROM ({moments}) AS m ORDER BY 2 {order}"
GROUP = """
    SELECT %s, e.pgh_created_at, e.pgh_context_id, e.pgh_context::text, e.pgh_label, count(*),
        (array_agg(e.pgh_id ORDER BY e.pgh_id))[1:%s], {sums}
    FROM ({events}) AS e {before} e.pgh_created_at = ANY(%s) GROUP BY e.pgh_created_at, e.pgh_context_id, e.pgh_context, e.pgh_label"""
NO_SUMS = ", ".join(["0::numeric"] * len(AMOUNTS))
EARNED = ",".join(sorted(INCOMES))


def _cost_of(event: str, name: str) -> str:
    """Return the SQL of what a line's event costs; income is no part of it."""
    return f"CASE WHEN {event}.cost_kind <> ALL ('{{{EARNED}}}') THEN {event}.{name} ELSE 0 END"


CHANGES = ", ".join(
    f"sum(CASE e.pgh_label WHEN 'delete' THEN -({_cost_of('e', name)})"
    f" ELSE {_cost_of('e', name)} - COALESCE({_cost_of('b', name)}, 0) END)"
    for name in AMOUNTS
)
# A line that only gave way to another one is not changed by the act.
CHANGED = """
    LEFT JOIN LATERAL (SELECT {columns} FROM {table} AS b WHERE b.pgh_obj_id = e.pgh_obj_id
        AND b.pgh_id < e.pgh_id ORDER BY b.pgh_id DESC LIMIT 1) AS b ON e.pgh_label = 'update'
    WHERE (e.pgh_label <> 'update' OR ROW({new}) IS DISTINCT FROM ROW({old})) AND"""
CHANGED_LINES = CHANGED.format(
    columns=", ".join(TOLD),
    table=LINE.table,
    new=", ".join(f"e.{name}" for name in TOLD),
    old=", ".join(f"b.{name}" for name in TOLD),
)


@dataclass(frozen=True)
class Cursor:
    """Which page: the newest acts, those before or after a moment, or those of one moment; `size` is its length."""

    size: int
    before: datetime | None = None
    after: datetime | None = None
    at: datetime | None = None

    @property
    def condition(self) -> tuple[str, list[datetime]]:
        """SQL that selects the events the page may be of, with its values."""
        if self.at:
            return "= %s", [self.at]
        if self.after:
            return "> %s", [self.after]
        return ("< %s", [self.before]) if self.before else ("IS NOT NULL", [])

    @property
    def rows(self) -> int:
        """How many rows of an act are shown."""
        return MOST_EVENTS if self.at else MOST_ROWS


@dataclass
class Act:
    """What somebody did at one go: how many events of each kind and label it has, and the first of them."""

    at: datetime
    id: UUID | None
    contexts: dict[str, int] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    sums: Sums = (0, 0, 0)
    places: list[Place] = field(default_factory=list)

    @property
    def context(self) -> dict[str, Any]:
        """Who did it and why, as most of its events say."""
        most = max(self.contexts, key=lambda text: self.contexts[text], default="")
        context: dict[str, Any] = json.loads(most) if most else {}
        return context

    @property
    def count(self) -> int:
        """How many events it has."""
        return sum(self.counts.values())

    def count_of(self, kind: Kind, *labels: str) -> int:
        """Return how many events of a kind it has, of these labels or of all."""
        return sum(
            count for (key, label), count in self.counts.items() if key == kind.key and label in (labels or (label,))
        )


@dataclass(frozen=True)
class Page:
    """The acts of a page, newest first, and the moments where the older and the newer ones begin; None where there are none."""

    acts: list[Act]
    older: datetime | None
    newer: datetime | None


def load_page(story: Story, cursor: Cursor) -> Page:
    """Return a page of a story; two queries, whatever its length."""
    parts = _compile(story.parts)
    moments, has_more = _find_moments(parts, cursor)
    chosen = sorted(moments, reverse=True)
    acts = _load_acts(parts, moments, cursor.rows)
    is_back = bool(cursor.after)
    older = chosen[-1] if chosen and not cursor.at and (has_more or is_back) else None
    newer = chosen[0] if chosen and not cursor.at and (has_more if is_back else bool(cursor.before)) else None
    return Page(acts, older, newer)


def walk(story: Story, size: int) -> Iterator[list[Act]]:
    """Yield all acts of a story with all their events, newest first, some at a time."""
    parts = _compile(story.parts)
    before: datetime | None = None
    while moments := _find_moments(parts, Cursor(size, before=before))[0]:
        yield _load_acts(parts, moments, ALL)
        before = min(moments)


def _compile(parts: dict[str, Events]) -> Parts:
    """Return SQL for the events of each kind, made once for all that is asked of them; kinds without any are left out."""
    compiled: Parts = {}
    for key, rows in parts.items():
        columns = [*COLUMNS, *LINE_COLUMNS] if key == LINE.key else COLUMNS
        try:
            statement, parameters = rows.values_list(*columns).query.sql_with_params()
        except EmptyResultSet:
            continue
        compiled[key] = (statement, tuple(parameters))
    return compiled


def _find_moments(parts: Parts, cursor: Cursor) -> tuple[dict[datetime, set[str]], bool]:
    """Return the page's moments with the kinds that changed then, and whether there are more."""
    if not parts:
        return {}, False
    order = "ASC" if cursor.after else "DESC"
    condition, moments = cursor.condition
    statements = [
        MOMENTS.format(events=events, condition=condition, order=order) for events, _parameters in parts.values()
    ]
    values = [
        value for key, (_events, parameters) in parts.items() for value in (key, *parameters, *moments, cursor.size + 1)
    ]
    rows = _ask(ORDERED.format(moments=" UNION ALL ".join(statements), order=order), values)
    return _fill(rows, cursor.size)


def _ask(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    return ask_planned(connection, statement, values)  # the same for all pages of a story, and long to plan


def _fill(rows: Sequence[tuple[Any, ...]], size: int) -> tuple[dict[datetime, set[str]], bool]:
    """Take moments until the page is full. The one that fills it is taken whole."""
    counts: dict[datetime, int] = {}
    kinds: dict[datetime, set[str]] = {}
    for key, at, count in rows:
        counts[at] = counts.get(at, 0) + count
        kinds.setdefault(at, set()).add(key)
    chosen: dict[datetime, set[str]] = {}
    events = 0
    for at, count in counts.items():
        if len(chosen) == size or (chosen and events + count > MOST_EVENTS):
            return chosen, True
        chosen[at], events = kinds[at], events + count
    return chosen, False


def _load_acts(parts: Parts, moments: dict[datetime, set[str]], most: int) -> list[Act]:
    """Return the acts of the moments with the numbers of `most` events of each kind and label; one query."""
    acts: dict[tuple[object, ...], Act] = {}
    for key, at, act_id, context, label, count, numbers, *sums in _load_groups(parts, moments, most):
        kept = json.loads(context) if context else {}
        same = read_reason(kept)[0] in WHOLE
        act = acts.setdefault((at, context) if same else (at, act_id, author_of(kept)), Act(at, act_id))
        act.contexts[context or ""] = act.contexts.get(context or "", 0) + count
        act.counts[key, label] = act.counts.get((key, label), 0) + count
        first, second, third = (before + int(more or 0) for before, more in zip(act.sums, sums, strict=True))
        act.sums = (first, second, third)
        act.places += [(key, number, at) for number in numbers]
    for act in acts.values():
        act.places = _choose(act.places, most)
    return sorted(
        acts.values(), key=lambda act: (act.at, max(number for _key, number, _at in act.places)), reverse=True
    )


def _choose(places: list[Place], most: int) -> list[Place]:
    """Return the rows that an act is told by: one step, which holds what was said of it, then lines before the rest."""
    steps = [place for place in places if place[0] == STEP.key]
    others = sorted((place for place in places if place[0] != STEP.key), key=lambda place: place[0] != LINE.key)
    return [*steps[:1], *others[:most], *steps[1 : max(0, most - len(others))]]


def _load_groups(parts: Parts, moments: dict[datetime, set[str]], most: int) -> list[tuple[Any, ...]]:
    if not moments:
        return []
    keys = set().union(*moments.values())
    statements, values = [], list[Any]()
    for key in [key for key in load_kinds() if key in keys]:
        events, parameters = parts[key]
        sums, before = (CHANGES, CHANGED_LINES) if key == LINE.key else (NO_SUMS, "WHERE")
        statements.append(GROUP.format(sums=sums, events=events, before=before))
        values += [key, most, *parameters, list(moments)]
    return _ask(" UNION ALL ".join(statements), values)
