"""Acts in words: who did what where, by how much, and why where a person said why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.models import User
from budgets.models import Action, Budget, EditStep
from history.acts import WHOLE, Act
from history.nouns import BUDGET, LINE, STEP, SUB_BUDGET, Kind, label_of, load_kinds
from history.told import DELETE, INSERT, UPDATE, Change, tell
from records.changes import author_of
from records.models import ActReason
from records.reasons import Reason, read_reason, say_act, say_reason
from web.compiled import compiled
from web.numbers import format_change_in

STEPS = {Reason(f"{action}_sub_budget") for action in Action if f"{action}_sub_budget" in Reason}
BUDGET_STEPS = {Reason.COMPILE_BUDGET, Reason.PROPOSE_BUDGET, Reason.REOPEN_BUDGET, Reason.ADOPT}
# Nobody is asked why: a step has its comment, and why is why.
UNASKED = STEPS | BUDGET_STEPS | {Reason.GIVE_REASON}
STATE_FIELDS = ("status", "phase")
GOING_BACK = {Reason.UNDO, Reason.REDO}


@dataclass(frozen=True)
class ToldAct:
    """An act in words. `did` goes on after `who`; `rows` are the first of its `count` changes."""

    at: datetime
    id: UUID | None
    who: str
    person: UUID | None
    did: str
    place: str
    is_in_sub_budget: bool
    sums: list[str]
    reason: str
    rows: list[Change]
    count: int
    is_own: bool


def tell_acts(acts: Sequence[Act], reader: User, *, inside: bool) -> list[ToldAct]:
    """Return acts in words, as the reader may read them; the number of queries does not depend on them."""
    places = [place for act in acts for place in act.places]
    tables = {key: kind.table for key, kind in load_kinds().items() if key in {place[0] for place in places}}
    changes = dict(zip(places, tell(places, tables, inside=inside), strict=True))
    given = _load_reasons(acts) if inside else {}
    budgets = dict(_list_budget_names())
    return [_tell(act, [changes[place] for place in act.places], given, budgets, reader) for act in acts]


@compiled
def _list_budget_names() -> QuerySet[Budget, tuple[str, str]]:
    return Budget.objects.values_list("slug", "name")


def _load_reasons(acts: Iterable[Act]) -> dict[UUID | None, str]:
    """Return what was written about why beside the acts."""
    ids = {act.id for act in acts if act.id}
    return dict(ActReason.objects.filter(act__in=ids).values_list("act", "words"))


def _tell(
    act: Act, changes: list[Change], given: dict[UUID | None, str], budgets: dict[str, str], reader: User
) -> ToldAct:
    context, first = act.context, changes[0]
    reason = read_reason(context)[0]
    rows = _keep_rows(changes, reason)
    home = _find_home(changes, reason)
    return ToldAct(
        at=act.at,
        id=act.id,
        who=capfirst(first.who),
        person=first.person,
        did=_say(act, changes, rows, budgets),
        place=_say_place(home, changes, reason),
        is_in_sub_budget=bool(home) and reason not in STEPS,
        sums=_say_sums(act, changes) if reason not in WHOLE and act.count_of(LINE) > 1 else [],
        reason=given.get(act.id) or say_reason(context) or next(filter(None, (row.reason for row in changes)), ""),
        rows=rows,
        count=act.count - (len(changes) - len(rows)),
        is_own=author_of(context) == reader.email and act.id is not None and reason not in UNASKED,
    )


def _keep_rows(changes: list[Change], reason: Reason | None) -> list[Change]:
    """Return the changes that say more than the act's own words do."""
    rows = [row for row in changes if row.fields or row.label != UPDATE]
    if reason in STEPS | BUDGET_STEPS:
        rows = [row for row in rows if row.kind is not STEP and not _is_only_state(row, reason)]
    return rows


def _is_only_state(row: Change, reason: Reason | None) -> bool:
    """Return whether nothing differs but the state that a step led to."""
    told = BUDGET if reason in BUDGET_STEPS else SUB_BUDGET
    labels = {label_of(field, 0) for field in told.told_fields if field.attname in STATE_FIELDS}
    return row.kind is told and row.label == UPDATE and all(field.label in labels for field in row.fields)


# What was done


def _say(act: Act, changes: list[Change], rows: list[Change], budgets: dict[str, str]) -> str:
    context = act.context
    reason, parts = read_reason(context)
    if reason in GOING_BACK:
        return _say_going_back(reason, parts, act)
    if reason in COUNTED and act.count_of(LINE):
        labels, (one, several) = COUNTED[reason]
        count = act.count_of(LINE, *labels) or act.count_of(LINE)
        line = next((row for row in changes if row.kind is LINE and row.label in labels), changes[0])
        return str((one if count == 1 else several) % {"count": count, "name": line.name})
    said = say_act(context, budgets) if reason is not Reason.ADMINISTRATION else ""
    if not said:
        return _say_plainly(act, rows or changes, reason)
    if reason in STEPS:
        said = f"{said} {_find_home(changes, reason)}".strip()
    is_others = any(row.kind is STEP and row.values.get("on_behalf") for row in changes)
    return _("%(did)s, on behalf of others") % {"did": said} if is_others else said


def _say_going_back(reason: Reason | None, parts: dict[str, str], act: Act) -> str:
    step = parts.get("step", "")
    what = str(EditStep.Action(step).label) if step in EditStep.Action else _("a change")
    count = act.count_of(LINE)
    if reason is Reason.UNDO:
        said = ngettext("undid %(what)s, %(count)s line", "undid %(what)s, %(count)s lines", count)
    else:
        said = ngettext("did %(what)s again, %(count)s line", "did %(what)s again, %(count)s lines", count)
    return said % {"what": what, "count": count}


# Said of one line, and of several.
ADDED = (
    gettext_lazy("added the line “%(name)s”"),
    ngettext_lazy("added %(count)s line", "added %(count)s lines", "count"),
)
COPIED = (
    gettext_lazy("copied a line as “%(name)s”"),
    ngettext_lazy("copied %(count)s line", "copied %(count)s lines", "count"),
)
CHANGED = (
    gettext_lazy("changed the line “%(name)s”"),
    ngettext_lazy("changed %(count)s line", "changed %(count)s lines", "count"),
)
AMOUNTS_CHANGED = (
    gettext_lazy("changed amounts of the line “%(name)s”"),
    ngettext_lazy("changed amounts of %(count)s line", "changed amounts of %(count)s lines together", "count"),
)
PASTED = (
    gettext_lazy("pasted into the line “%(name)s”"),
    ngettext_lazy("pasted %(count)s line", "pasted %(count)s lines", "count"),
)
MOVED = (
    gettext_lazy("moved the line “%(name)s”"),
    ngettext_lazy("moved %(count)s line", "moved %(count)s lines", "count"),
)
DELETED_LINES = (
    gettext_lazy("deleted the line “%(name)s”"),
    ngettext_lazy("deleted %(count)s line", "deleted %(count)s lines", "count"),
)
BROUGHT_BACK = (
    gettext_lazy("brought back the deleted line “%(name)s”"),
    ngettext_lazy("brought back %(count)s deleted line", "brought back %(count)s deleted lines", "count"),
)
RESTORED = (
    gettext_lazy("gave the line “%(name)s” earlier values"),
    ngettext_lazy("gave %(count)s line earlier values", "gave %(count)s lines earlier values", "count"),
)
# Which of an act's changes of lines are counted; those that only gave way are not.
COUNTED: dict[Reason | None, tuple[tuple[str, ...], tuple[Any, Any]]] = {
    Reason.ADD_COST_LINE: ((INSERT,), ADDED),
    Reason.COPY_COST_LINE: ((INSERT,), COPIED),
    Reason.CHANGE_COST_LINE: ((UPDATE,), CHANGED),
    Reason.CHANGE_COST_LINES: ((UPDATE,), CHANGED),
    Reason.CHANGE_SEVERAL_AMOUNTS: ((UPDATE,), AMOUNTS_CHANGED),
    Reason.PASTE_INTO_COST_LINES: ((INSERT, UPDATE), PASTED),
    Reason.MOVE_COST_LINES: ((UPDATE,), MOVED),
    Reason.DELETE_COST_LINE: ((DELETE,), DELETED_LINES),
    Reason.DELETE_COST_LINES: ((DELETE,), DELETED_LINES),
    Reason.UNDO_DELETE_OF_COST_LINE: ((INSERT,), BROUGHT_BACK),
    Reason.RESTORE_EARLIER_VALUES_OF_COST_LINE: ((UPDATE, INSERT), RESTORED),
}


def _say_plainly(act: Act, rows: list[Change], reason: Reason | None) -> str:
    """Say what was done where no service named it, from the changes themselves."""
    labels = {label for _key, label in act.counts}
    label = labels.pop() if len(labels) == 1 else UPDATE
    shown: dict[str, object] = {"count": act.count, "name": rows[0].name, "kind": str(rows[0].kind.label)}
    if act.count > 1:
        shown["name"] = _name_kinds(act)
        said = {INSERT: _("added %(name)s"), DELETE: _("deleted %(name)s")}.get(label, _("changed %(name)s"))
    elif str(rows[0].kind.label) == rows[0].name:
        said = {INSERT: _("added %(name)s"), DELETE: _("deleted %(name)s")}.get(label, _("changed %(name)s"))
    else:
        named = {INSERT: _("added “%(name)s” (%(kind)s)"), DELETE: _("deleted “%(name)s” (%(kind)s)")}
        said = named.get(label, _("changed “%(name)s” (%(kind)s)"))
    told = said % shown
    return _("%(did)s in the administration") % {"did": told} if reason is Reason.ADMINISTRATION else told


def _name_kinds(act: Act) -> str:
    """Return how many of each kind, as “3 cost lines, 1 product”."""
    counts: dict[Kind, int] = {}
    for (key, _label), count in act.counts.items():
        kind = load_kinds()[key]
        counts[kind] = counts.get(kind, 0) + count
    names = [
        f"{count} {kind.label if count == 1 else kind.model._meta.verbose_name_plural}"
        for kind, count in counts.items()
    ]
    return ", ".join(names)


# Where, and by how much


def _find_home(changes: list[Change], reason: Reason | None) -> str:
    """Return the sub-budget that all of it lies in; empty where it is more than one, or the whole budget."""
    homes = {row.home for row in changes}
    return homes.pop() if len(homes) == 1 and reason not in WHOLE | BUDGET_STEPS else ""


def _say_place(home: str, changes: list[Change], reason: Reason | None) -> str:
    """Return where it was done: the sub-budget, unless the step's words name it, and the budget."""
    budgets = {row.budget for row in changes}
    names = ("" if reason in STEPS else home, budgets.pop() if len(budgets) == 1 else "")
    return ", ".join(filter(None, names))


def _say_sums(act: Act, changes: list[Change]) -> list[str]:
    """Return by how much the lines' amounts differ together, for each year that differs."""
    year = next((row.year for row in changes if row.kind is LINE), 0)
    return [f"{year + place}: {format_change_in(ore, 'kr')}" for place, ore in enumerate(act.sums) if ore]
