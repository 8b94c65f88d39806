"""One event in words: what it is of, where, which fields it changed, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from budgets.models import LINE_FIELDS, Budget, CostLine
from budgets.selectors.collaboration import START as PAGE
from history.nouns import (
    BUDGET,
    CONDITION,
    DECISION,
    KEPT,
    LINE,
    OBJECT,
    STEP,
    SUB_BUDGET,
    FieldChange,
    Kind,
    label_of,
    load_kinds,
    name_of_target,
    show_value,
)
from history.rows import LONGEST_NAME, Named, State, Values, load_names, load_states
from pages.authors import Authors, load_authors, say_author
from records.changes import author_of
from records.reasons import say_reason
from web.fields import OreField
from web.numbers import UNKNOWN

INSERT, UPDATE, DELETE = "insert", "update", "delete"
LABELS = {INSERT: _("Added"), UPDATE: _("Changed"), DELETE: _("Deleted")}


@dataclass(frozen=True)
class Change:
    """One event in words. `values` are those of the row after it, or before its deletion.

    `home` is the name of the sub-budget that the thing lies in, `budget` that of its budget and `year` the budget's
    first; all empty for what lies in none.
    """

    number: int
    kind: Kind
    label: str
    at: datetime
    name: str
    place: str
    home: str
    budget: str
    year: int
    url: str
    person: UUID | None
    who: str
    reason: str
    fields: list[FieldChange]
    values: Values

    @property
    def what(self) -> str | Promise:
        """Added, changed or deleted."""
        return LABELS[self.label]

    def compare_with(self, line: CostLine | None, budget: Budget) -> list[FieldChange]:
        """Return what a line would get back: its fields now and as they were then; all of them when it is gone."""
        then = {name: self.values[name] for name in LINE_FIELDS}
        now = {name: getattr(line, name) for name in LINE_FIELDS} if line else {}
        pks = {pk for row in (then, now) if (pk := row.get("governance_object_id")) is not None}
        names = load_names({"governanceobject": pks}, english=get_language() == "en").names
        fields = [field for field in CostLine._meta.concrete_fields if field.attname in LINE_FIELDS]
        return [
            FieldChange(
                label_of(field, budget.fiscal_year),
                show_value(field, now.get(field.attname), names) if line else "",
                show_value(field, then[field.attname], names),
            )
            for field in fields
            if line is None or not _same(then[field.attname], now[field.attname])
        ]


def tell(rows: list[tuple[str, int, datetime]], tables: Mapping[str, str], *, inside: bool) -> list[Change]:
    """Return events by (kind, number, moment) in words.

    The number of queries depends neither on them nor on their kinds.
    """
    wanted: dict[str, list[int]] = {}
    for key, number, _at in rows:
        wanted.setdefault(key, []).append(number)
    states = load_states(tables, wanted) if tables else {}
    named = load_names(_targets(states), english=get_language() == "en")
    authors = load_authors(author_of(state.now.get("pgh_context")) for state in states.values())
    kinds = load_kinds()
    return [_tell(kinds[key], states[key, number], at, named, authors, inside=inside) for key, number, at in rows]


def _tell(kind: Kind, state: State, at: datetime, named: Named, authors: Authors, *, inside: bool) -> Change:
    row, author = state.now, author_of(state.now.get("pgh_context"))
    name, person = authors.find(author, at)
    sub_budget, slug = _home(kind, row, named)
    budget = _find_budget(kind, row, named, sub_budget)
    return Change(
        number=row["pgh_id"],
        kind=kind,
        label=row["pgh_label"],
        at=at,
        name=_name(kind, row, named),
        place=_locate(kind, row, named, sub_budget),
        home=named.names.get(("subbudget", sub_budget), ""),
        budget=named.names.get(("budget", budget), ""),
        year=named.years.get(budget, 0),
        url=_address(kind, row, named, budget, slug),
        person=person,
        who=say_author(author, name, inside=inside),
        reason=say_reason(row.get("pgh_context")) or (str(row.get("comment") or "") if kind is STEP else ""),
        fields=_compare(kind, state, named),
        values=row,
    )


def _find_budget(kind: Kind, row: Values, named: Named, sub_budget: int) -> int:
    """Return the key of the budget that a thing is or lies in; 0 for none."""
    own: int = row["id"] if kind is BUDGET else row.get("budget_id") or 0
    return own or named.parents.get(("subbudget", sub_budget), 0)


def _compare(kind: Kind, state: State, named: Named) -> list[FieldChange]:
    """Return what differs; of what was added or deleted, the fields that tell what it is."""
    row, before, label = state.now, state.before or {}, state.now["pgh_label"]
    is_update = label == UPDATE and bool(before)
    year = named.years.get(row.get("budget_id") or 0, 0)
    changes = []
    for field in kind.told_fields:
        name = field.attname
        if name not in row:
            continue
        is_told = name in kind.noun.shown and row[name] not in (None, 0, "")
        if not (row[name] != before.get(name) if is_update else is_told):
            continue
        new = _show(kind, field, row[name], named)
        old = _show(kind, field, before.get(name), named) if is_update else ""
        texts = (new, "") if label == DELETE else (old, new)
        amounts = _amounts_of(kind, field, before.get(name) if is_update else None, row[name], label)
        changes.append(FieldChange(label_of(field, year), *texts, amounts))
    return changes


def _amounts_of(
    kind: Kind, field: models.Field[object, object], old: object, new: object, label: str
) -> tuple[int | None, int | None] | None:
    """Return an amount's öre before and after; None for what is no amount, or is told to nobody."""
    if not isinstance(field, OreField) or field.attname in kind.noun.kept:
        return None
    before, after = (None if value is None else int(cast(int, value)) for value in (old, new))
    return (after, None) if label == DELETE else (before, after)


def _show(kind: Kind, field: models.Field[object, object], value: object, named: Named) -> str:
    return KEPT if field.attname in kind.noun.kept and value else show_value(field, value, named.names)


def _name(kind: Kind, row: Values, named: Named) -> str:
    """Return what a thing is called; its kind where it has no name."""
    title = kind.noun.title
    if title:
        name: object = show_value(kind.find_field(title), row.get(title), named.names)
    else:
        text = "" if "text" in kind.noun.kept else row.get("text")
        name = text or row.get("name") or row.get("name_en" if get_language() == "en" else "name_sv")
    return Truncator(str(kind.label if name in ("", None, UNKNOWN) else name)).chars(LONGEST_NAME)


def _locate(kind: Kind, row: Values, named: Named, sub_budget: int) -> str:
    """Return where a thing is, in words."""
    names = [named.names.get(("budgetproduct", row["budget_product_id"]), "")] if kind is LINE else []
    place = kind.noun.place
    if place:
        names.append(named.names.get((name_of_target(kind.find_field(place)), row[place]), ""))
    if kind is not SUB_BUDGET:
        names.append(named.names.get(("subbudget", sub_budget), ""))
    return ", ".join(filter(None, names))


def _home(kind: Kind, row: Values, named: Named) -> tuple[int, str]:
    """Return the key and slug of the sub-budget that a thing lies in; nothing for what lies in none."""
    if kind is LINE:
        pk = named.parents.get(("budgetproduct", row["budget_product_id"]), 0)
    else:
        pk = row["id"] if kind is SUB_BUDGET else row.get("sub_budget_id") or _page(row)
    return pk, named.slugs.get(("subbudget", pk), "")


def _page(row: Values) -> int:
    """Return the key of the sub-budget on whose page something was written."""
    key = str(row.get("page") or "").removeprefix(PAGE)
    return int(key) if key.isdecimal() else 0


def _address(kind: Kind, row: Values, named: Named, budget: int, slug: str) -> str:
    """Return the address of a thing's own history or page; empty where it has none."""
    budget_slug = named.slugs.get(("budget", budget), "")
    if budget_slug and slug:
        if kind is LINE:
            return reverse("reports:line_history", args=[budget_slug, slug, row["lineage"]])
        return reverse("budgets:sub_budget", args=[budget_slug, slug])
    if kind is BUDGET and budget_slug:
        return reverse("reports:overview", args=[budget_slug])
    if kind in (DECISION, CONDITION):
        decision = named.slugs.get(("decision", row["id"] if kind is DECISION else row["decision_id"]))
        return reverse("reports:decision", args=[decision]) if decision else ""
    known = named.slugs.get(("governanceobject", row["id"] if kind is OBJECT else row.get("governance_object_id") or 0))
    return reverse("reports:object", args=[known]) if known and not kind.noun.place else ""


def _targets(states: dict[tuple[str, int], State]) -> dict[str, set[int]]:
    """Return the primary keys that rows point to, by the name of the model; a thing's own too, for its address."""
    targets: dict[str, set[int]] = {}
    kinds = load_kinds()
    for (key, _number), state in states.items():
        model = kinds[key].model
        targets.setdefault(str(model._meta.model_name), set()).add(state.now["id"])
        targets.setdefault("subbudget", set()).add(_page(state.now))
        for field in model._meta.concrete_fields:
            if field.is_relation:
                pks = {row.get(field.attname) for row in (state.now, state.before or {})} - {None}
                targets.setdefault(name_of_target(field), set()).update(cast(set[int], pks))
    return targets


def _same(one: object, other: object) -> bool:
    """Return whether two values are the same; numbers by what they are worth."""
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return Decimal(cast(int, one)) == Decimal(cast(int, other))
