"""The story of a line, sub-budget, budget or person: who changed what, when and why, newest first.

Everybody who sees a page sees its history; somebody outside the federation only what happened from the adoption on, so
that no draft is told of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, overload
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from budgets.models import AllocationKey, Budget, BudgetProduct, CostLine, SubBudget
from investments.models import Investment, PlannedLoan
from objects.models.roles import FEDERATION_ROLES, Role, roles_of
from reports.selectors.history_rows import Named, State, load_names, load_states
from reports.selectors.history_words import HIDDEN, FieldChange, label_of, say_author, say_reason, show_value

# Who may read what a person has done.
PERSON_READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.ECONOMIST})
INSERT, UPDATE, DELETE = "insert", "update", "delete"
LABELS = {INSERT: _("Added"), UPDATE: _("Changed"), DELETE: _("Deleted")}
CHUNK = 500


@dataclass(frozen=True)
class Kind:
    """A kind of thing with a history; `shown` are the fields that tell what was added or deleted."""

    key: str
    label: str | Promise
    model: type[Model]
    shown: tuple[str, ...] = ()

    @property
    def events(self) -> QuerySet[Any]:
        """All events of its kind."""
        event = apps.get_model(self.model._meta.app_label, f"{self.model.__name__}Event")
        found: QuerySet[Any] = event._default_manager.order_by()
        return found

    @property
    def table(self) -> str:
        """The table of its events."""
        return str(self.events.model._meta.db_table)


RESTORED = (
    "text",
    "cost_kind",
    "quantity",
    "unit_price_ore",
    "amount_1_ore",
    "amount_2_ore",
    "amount_3_ore",
    "governance_object_id",
    "note",
)
AMOUNTS = ("amount_1_ore", "amount_2_ore", "amount_3_ore")
LINE = Kind("line", _("cost line"), CostLine, ("cost_kind", *AMOUNTS))
PRODUCT = Kind("product", _("product"), BudgetProduct, ("category",))
SUB_BUDGET = Kind("sub_budget", _("sub-budget"), SubBudget, ("status",))
BUDGET = Kind("budget", _("budget"), Budget, ("status",))
KEY = Kind("key", _("allocation key"), AllocationKey)
INVESTMENT = Kind("investment", _("investment"), Investment, AMOUNTS)
PLANNED_LOAN = Kind("planned_loan", _("planned loan"), PlannedLoan)
KINDS = {kind.key: kind for kind in (LINE, PRODUCT, SUB_BUDGET, BUDGET, KEY, INVESTMENT, PLANNED_LOAN)}


@dataclass(frozen=True)
class Change:
    """One event in words. `values` are those of the row after it, or before its deletion."""

    number: int
    kind: Kind
    label: str
    at: datetime
    name: str
    place: str
    url: str
    by: str
    who: str
    reason: str
    fields: list[FieldChange]
    values: dict[str, Any]

    @property
    def what(self) -> str | Promise:
        """Added, changed or deleted."""
        return LABELS[self.label]

    def compare_with(self, line: CostLine | None, budget: Budget) -> list[FieldChange]:
        """What a line would get back: its fields now and as they were then; all of them when it is gone."""
        then = {name: self.values[name] for name in RESTORED}
        now = {name: getattr(line, name) for name in RESTORED} if line else {}
        pks = {pk for row in (then, now) if (pk := row.get("governance_object_id")) is not None}
        names = load_names({"governanceobject": pks}, english=get_language() == "en").names
        fields = [field for field in CostLine._meta.concrete_fields if field.attname in RESTORED]
        return [
            FieldChange(
                label_of(field, budget.fiscal_year),
                show_value(field, now.get(field.attname), names) if line else "",
                show_value(field, then[field.attname], names),
            )
            for field in fields
            if line is None or not _same(then[field.attname], now[field.attname])
        ]


class Story(Sequence[Change]):
    """Changes, newest first; what is asked for is fetched page by page."""

    def __init__(self, parts: dict[str, QuerySet[Any]]) -> None:
        self.parts = parts

    @cached_property
    def _count(self) -> int:
        return self._rows().count()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Change: ...
    @overload
    def __getitem__(self, place: slice) -> list[Change]: ...
    def __getitem__(self, place: int | slice) -> Change | list[Change]:
        if isinstance(place, slice):
            start, stop, _step = place.indices(len(self))
            # One row at least is asked for, so that an empty page costs what any other does.
            return self._load(list(self._rows()[start : max(stop, start + 1)])[: stop - start])
        return self._load(list(self._rows()[place : place + 1]))[0]

    def __iter__(self) -> Iterator[Change]:
        rows = list(self._rows())  # asked for once, since every page of it costs the sorting of all
        for start in range(0, len(rows), CHUNK):
            yield from self._load(rows[start : start + CHUNK])

    def narrow(self, *conditions: Q, kind: str = "") -> Story:
        """Only the changes that meet the conditions, and of one kind of thing."""
        if not conditions and not kind:
            return self
        kept = {key: rows.filter(*conditions) for key, rows in self.parts.items() if kind in ("", key)}
        return Story(kept)

    def narrow_to_author(self, text: str) -> Story:
        """Only the changes by those whose name or address holds the text."""
        found = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).values("email")
        kept = {
            key: rows.annotate(author=KT("pgh_context__by")).filter(Q(author__in=found) | Q(author__icontains=text))
            for key, rows in self.parts.items()
        }
        return Story(kept)

    def narrow_to_number(self, number: int) -> Story:
        """Only the event with this number, of a story of one kind."""
        return self.narrow(Q(pgh_id=number))

    def none(self) -> Story:
        """No change at all."""
        return Story({key: rows.none() for key, rows in self.parts.items()})

    def _rows(self) -> QuerySet[Any]:
        """(kind, number, moment) of every event, newest first."""
        told = [
            rows.annotate(kind_key=Value(key)).values_list("kind_key", "pgh_id", "pgh_created_at")
            for key, rows in self.parts.items()
        ]
        if not told:
            return LINE.events.none()
        joined = told[0].union(*told[1:], all=True) if len(told) > 1 else told[0]
        found: QuerySet[Any] = joined.order_by("-pgh_created_at", "kind_key", "-pgh_id")
        return found

    def _load(self, rows: list[tuple[str, int, datetime]]) -> list[Change]:
        wanted: dict[str, list[int]] = {}
        for key, number, _at in rows:
            wanted.setdefault(key, []).append(number)
        tables = {key: KINDS[key].table for key in self.parts}
        states = load_states(tables, wanted) if tables else {}
        named = load_names(_targets(states), english=get_language() == "en")
        authors = {_author(state.now) for state in states.values()}
        people = dict(User.objects.filter(email__in=authors | {""}).exclude(name="").values_list("email", "name"))
        return [_tell(KINDS[key], states[key, number], at, named, people) for key, number, at in rows]


def tell_line(budget: Budget, lineage: UUID, user: User) -> Story:
    """The story of one line, also of one that is gone."""
    return _as_seen({LINE.key: LINE.events.filter(budget=budget, lineage=lineage)}, budget, user)


def tell_sub_budget(sub_budget: SubBudget, user: User) -> Story:
    """The story of a sub-budget: itself, its products and their lines, also those that are gone."""
    products = PRODUCT.events.filter(sub_budget=sub_budget)
    lines = LINE.events.filter(budget=sub_budget.budget_id, budget_product__in=products.values("pgh_obj"))
    own = SUB_BUDGET.events.filter(pgh_obj=sub_budget.pk)
    parts = {LINE.key: lines, PRODUCT.key: products, SUB_BUDGET.key: own}
    return _as_seen(parts, sub_budget.budget, user)


def tell_budget(budget: Budget, user: User) -> Story:
    """The story of a whole budget."""
    kinds = (LINE, PRODUCT, SUB_BUDGET, KEY, INVESTMENT, PLANNED_LOAN)
    parts = {kind.key: kind.events.filter(budget=budget) for kind in kinds}
    return _as_seen({**parts, BUDGET.key: BUDGET.events.filter(pgh_obj=budget.pk)}, budget, user)


def tell_person(person: User) -> Story:
    """What a person has done; only for PERSON_READERS."""
    by = {
        key: kind.events.annotate(author=KT("pgh_context__by")).filter(author=person.email)
        for key, kind in KINDS.items()
    }
    return Story(by)


def find_person(uuid: UUID) -> User | None:
    """The person with this public id."""
    found: User | None = User.objects.filter(uuid=uuid).first()
    return found


def load_people(user: User) -> dict[str, UUID]:
    """The public ids of all people by address, for links; nothing for those who may not read what people do."""
    if not may_read_people(user):
        return {}
    return dict(User.objects.values_list("email", "uuid"))


def may_read_people(user: User) -> bool:
    """Whether the user may read what a person has done."""
    return bool(roles_of(user) & PERSON_READERS)


def find_start(budget: Budget, user: User) -> datetime | None:
    """The moment from which the user may read the budget's history; None for all of it."""
    if roles_of(user) & FEDERATION_ROLES:
        return None
    adopted = BUDGET.events.filter(pgh_obj=budget.pk, status=Budget.Status.ADOPTED).order_by("pgh_id").first()
    return adopted.pgh_created_at if adopted else budget.adopted_at


def _as_seen(parts: dict[str, QuerySet[Any]], budget: Budget, user: User) -> Story:
    start = find_start(budget, user)
    return Story(parts).narrow(Q(pgh_created_at__gte=start)) if start else Story(parts)


def find_last_event(sub_budget: SubBudget, lineage: UUID) -> Any:
    """A line's last event, if it was in this sub-budget; None when there never was such a line."""
    last = LINE.events.filter(budget=sub_budget.budget_id, lineage=lineage).order_by("-pgh_id").first()
    products = PRODUCT.events.filter(sub_budget=sub_budget, pgh_obj=last.budget_product_id) if last else None
    return last if products is not None and products.exists() else None


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; numbers by what they are worth."""
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return Decimal(one) == Decimal(other)


def _author(row: dict[str, Any]) -> str:
    return str((row.get("pgh_context") or {}).get("by") or "")


def _targets(states: dict[tuple[str, int], State]) -> dict[str, set[int]]:
    """The primary keys that rows point to, by the name of the model; a thing's own too, for its address."""
    found: dict[str, set[int]] = {}
    for (key, _number), state in states.items():
        model = KINDS[key].model
        found.setdefault(str(model._meta.model_name), set()).add(state.now["id"])
        for field in model._meta.concrete_fields:
            if field.is_relation:
                pks = {row.get(field.attname) for row in (state.now, state.before or {})} - {None}
                found.setdefault(str(field.related_model._meta.model_name), set()).update(pks)  # type: ignore[union-attr,arg-type]
    return found


def _tell(kind: Kind, state: State, at: datetime, named: Named, people: dict[str, str]) -> Change:
    row, author = state.now, _author(state.now)
    place, url = _locate(kind, row, named)
    return Change(
        number=row["pgh_id"],
        kind=kind,
        label=row["pgh_label"],
        at=at,
        name=_name(kind, row),
        place=place,
        url=url,
        by=author,
        who=say_author(author, people),
        reason=say_reason(str((row.get("pgh_context") or {}).get("reason") or "")),
        fields=_compare(kind, state, named),
        values=row,
    )


def _name(kind: Kind, row: dict[str, Any]) -> str:
    english = get_language() == "en"
    return str(row.get("text") or row.get("name") or row.get("name_en" if english else "name_sv") or kind.label)


def _compare(kind: Kind, state: State, named: Named) -> list[FieldChange]:
    """What differs; of what was added or deleted, the fields that tell what it is."""
    row, before, label = state.now, state.before or {}, state.now["pgh_label"]
    year = named.years.get(row.get("budget_id") or 0, 0)
    found = []
    for field in kind.model._meta.concrete_fields:
        name = field.attname
        if name in HIDDEN or name not in row:
            continue
        changed = (
            name in kind.shown and row[name] not in (None, 0, "")
            if label != UPDATE or not before
            else row[name] != before.get(name)
        )
        if changed:
            new = show_value(field, row[name], named.names)
            old = show_value(field, before.get(name), named.names) if label == UPDATE and before else ""
            found.append(
                FieldChange(label_of(field, year), new if label == DELETE else old, "" if label == DELETE else new)
            )
    return found


def _locate(kind: Kind, row: dict[str, Any], named: Named) -> tuple[str, str]:
    """Where a thing is, in words, and the address of its own history or page; empty where it has none."""
    budget = ("budget", row["id"] if kind is BUDGET else row.get("budget_id") or 0)
    slug = named.slugs.get(budget, "")
    if kind is LINE:
        product = ("budgetproduct", row["budget_product_id"])
        sub_slug = named.slugs.get(product, "")
        sub_name = named.names.get(("subbudget", named.parents.get(product, 0)), "")
        place = ", ".join(filter(None, (named.names.get(product, ""), sub_name)))
        return place, reverse(
            "reports:line_history", args=[slug, sub_slug, row["lineage"]]
        ) if slug and sub_slug else ""
    if kind in (PRODUCT, SUB_BUDGET):
        sub_budget = ("subbudget", row["id"] if kind is SUB_BUDGET else row["sub_budget_id"])
        place = "" if kind is SUB_BUDGET else named.names.get(sub_budget, "")
        sub_slug = named.slugs.get(sub_budget, "")
        return place, reverse("budgets:sub_budget", args=[slug, sub_slug]) if slug and sub_slug else ""
    if kind is BUDGET:
        return "", reverse("reports:overview", args=[slug]) if slug else ""
    return "", ""
