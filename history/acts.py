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

from django.db import connection
from django.db.models import Count, Q, Value

from engine.years import AMOUNTS
from history.nouns import LINE, STEP, Kind, load_kinds
from history.stories import Story
from records.changes import Events, author_of
from records.reasons import Reason, read_reason

# An act shows so many of its rows; the rest are a click away.
MOST_ROWS = 10
# A page ends early where its acts have more events, so that it takes no longer.
MOST_EVENTS = 4000
# More than any act has.
ALL = 2**31 - 1
# One of these is many changes within each other, which had ids of their own until 2026.
WHOLE = frozenset({Reason.COPY_FORWARD, Reason.REVISE, Reason.ADOPT, Reason.DEMO})
Sums: TypeAlias = tuple[int, int, int]
Place: TypeAlias = tuple[str, int, datetime]

GROUP = """
    SELECT %s, e.pgh_created_at, e.pgh_context_id, e.pgh_context::text, e.pgh_label, count(*),
        (array_agg(e.pgh_id ORDER BY e.pgh_id))[1:%s], {sums}
    FROM ({events}) AS e {before} GROUP BY e.pgh_created_at, e.pgh_context_id, e.pgh_context, e.pgh_label"""
NO_SUMS = ", ".join(["0::numeric"] * len(AMOUNTS))
CHANGES = ", ".join(
    f"sum(CASE e.pgh_label WHEN 'delete' THEN -e.{name} ELSE e.{name} - COALESCE(b.{name}, 0) END)" for name in AMOUNTS
)
# A line that only gave way to another one is not changed by the act.
CHANGED_LINES = """
    LEFT JOIN LATERAL (SELECT {columns} FROM {table} AS b WHERE b.pgh_obj_id = e.pgh_obj_id AND b.pgh_id < e.pgh_id
        ORDER BY b.pgh_id DESC LIMIT 1) AS b ON e.pgh_label = 'update'
    WHERE e.pgh_label <> 'update' OR ROW({new}) IS DISTINCT FROM ROW({old})"""


@dataclass(frozen=True)
class Cursor:
    """Which page: the newest acts, those before or after a moment, or those of one moment; `size` is its length."""

    size: int
    before: datetime | None = None
    after: datetime | None = None
    at: datetime | None = None

    @property
    def condition(self) -> Q:
        """Select the events that the page may be of."""
        if self.at:
            return Q(pgh_created_at=self.at)
        if self.after:
            return Q(pgh_created_at__gt=self.after)
        return Q(pgh_created_at__lt=self.before) if self.before else Q()

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
    moments, has_more = _find_moments(story.parts, cursor)
    chosen = sorted(moments, reverse=True)
    acts = _load_acts(story.parts, chosen, {key for keys in moments.values() for key in keys}, cursor.rows)
    is_back = bool(cursor.after)
    older = chosen[-1] if chosen and not cursor.at and (has_more or is_back) else None
    newer = chosen[0] if chosen and not cursor.at and (has_more if is_back else bool(cursor.before)) else None
    return Page(acts, older, newer)


def walk(story: Story, size: int) -> Iterator[list[Act]]:
    """Yield all acts of a story with all their events, newest first, some at a time."""
    before: datetime | None = None
    while True:
        cursor = Cursor(size, before=before)
        moments, _has_more = _find_moments(story.parts, cursor)
        if not moments:
            return
        chosen = sorted(moments, reverse=True)
        yield _load_acts(story.parts, chosen, {key for keys in moments.values() for key in keys}, ALL)
        before = chosen[-1]


def _find_moments(parts: dict[str, Events], cursor: Cursor) -> tuple[dict[datetime, set[str]], bool]:
    """Return the page's moments with the kinds that changed then, and whether there are more."""
    if not parts:
        return {}, False
    order = "pgh_created_at" if cursor.after else "-pgh_created_at"
    told = [
        rows.filter(cursor.condition)
        .annotate(kind_key=Value(key))
        .values("kind_key", "pgh_created_at")
        .annotate(events=Count("*"))
        .order_by(order)
        .values_list("kind_key", "pgh_created_at", "events")[: cursor.size + 1]
        for key, rows in parts.items()
    ]
    joined = told[0].union(*told[1:], all=True).order_by(order) if len(told) > 1 else told[0]
    return _fill(list(joined), cursor.size)


def _fill(rows: Sequence[tuple[str, datetime, int]], size: int) -> tuple[dict[datetime, set[str]], bool]:
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


def _load_acts(parts: dict[str, Events], moments: list[datetime], keys: set[str], most: int) -> list[Act]:
    """Return the acts of the moments with the numbers of `most` events of each kind and label; one query."""
    acts: dict[tuple[object, ...], Act] = {}
    for key, at, act_id, context, label, count, numbers, *sums in _load_groups(parts, moments, keys, most):
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


def _load_groups(
    parts: dict[str, Events], moments: list[datetime], keys: set[str], most: int | None
) -> list[tuple[Any, ...]]:
    if not moments:
        return []
    statements, values = [], list[Any]()
    for key in [key for key in load_kinds() if key in keys]:
        statement, parameters = _group(load_kinds()[key], parts[key].filter(pgh_created_at__in=moments))
        statements.append(statement)
        values += [key, most, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        groups: list[tuple[Any, ...]] = cursor.fetchall()
    return groups


def _group(kind: Kind, rows: Events) -> tuple[str, tuple[Any, ...]]:
    """Return SQL that adds up the events of a kind by act and label; only lines have sums."""
    columns = ["pgh_created_at", "pgh_context_id", "pgh_context", "pgh_label", "pgh_id"]
    sums, before = NO_SUMS, ""
    if kind is LINE:
        told = [*dict.fromkeys([*(column.attname for column in kind.told_fields), *AMOUNTS, "edited_at"])]
        columns += ["pgh_obj_id", *told]
        new, old = (", ".join(f"{row}.{name}" for name in told) for row in "eb")
        before = CHANGED_LINES.format(table=kind.table, columns=", ".join(told), new=new, old=old)
        sums = CHANGES
    events, parameters = rows.values_list(*columns).query.sql_with_params()
    return GROUP.format(sums=sums, events=events, before=before), tuple(parameters)
