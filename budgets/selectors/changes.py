"""What has changed on a sub-budget's lines between two marks: added, changed and deleted, from history, in four queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import get_language

from accounts.models import User
from budgets.models import LINE_FIELDS, BudgetProduct, CostLine, SubBudget
from engine.result import counted, sum_amounts
from engine.years import AMOUNTS, Amounts
from records.changes import Events, author_of, events_of, newest_of

# What people write in a line, with its governance object by name.
FIELDS = tuple("object" if name == "governance_object_id" else name for name in LINE_FIELDS)
EVENT_FIELDS = ("pgh_id", "pgh_label", "pgh_created_at", "pgh_context", "pgh_obj_id", "lineage", "budget_product_id")
Event = dict[str, Any]


@dataclass(frozen=True)
class ChangedField:
    """A field that differs: one of FIELDS or "product", and both values; None where there was none or is none now."""

    name: str
    old: object
    new: object


@dataclass(frozen=True)
class ChangedLine:
    """What became of a line: `kind` is added, changed or deleted; who changed it last, and when.

    `change` is by how much each year's amount differs, öre.
    """

    lineage: UUID
    kind: str
    text: str
    product: str
    fields: list[ChangedField]
    by: str
    at: datetime
    number: int
    change: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class Changes:
    """The changed lines, latest first, and the number of the newest event that was looked at."""

    lines: list[ChangedLine]
    newest: int

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def change(self) -> Amounts:
        """By how much the lines together differ each year, öre."""
        return sum_amounts(line.change for line in self.lines)


@dataclass(frozen=True)
class Beginning:
    """When a sub-budget came to be, with the lines it began with, and the number of the newest event until then."""

    at: datetime
    event_mark: int


def load_beginnings(sub_budgets: Iterable[SubBudget]) -> dict[int, Beginning]:
    """Return the beginning of each sub-budget by its key, in one query.

    A copy is made in one transaction, whose events all have the moment of its first.
    """
    begun = events_of(SubBudget).filter(pgh_obj=OuterRef("pk")).order_by("pgh_id").values("pgh_created_at")[:1]
    until = events_of(CostLine).filter(budget=OuterRef("budget"), pgh_created_at__lte=OuterRef("begun"))
    keys = [row.pk for row in sub_budgets]
    if not keys:
        return {}
    rows = SubBudget.objects.filter(pk__in=keys).order_by()
    marked = rows.annotate(begun=Subquery(begun)).annotate(mark=Subquery(newest_of(until)))
    return {pk: Beginning(at, mark or 0) for pk, at, mark in marked.values_list("pk", "begun", "mark") if at}


def load_changes(sub_budget: SubBudget, *, after: int, until: int | None = None, reader: str = "") -> Changes:
    """Compare the lines after event number `until` (as they are now, when None) with those after event `after`.

    Lines that nobody but the `reader`, an address, has touched are left out.
    """
    return load_changes_of({sub_budget: after}, until=until, reader=reader)[sub_budget.pk]


def load_changes_of(
    marks: Mapping[SubBudget, int], *, until: int | None = None, reader: str = ""
) -> dict[int, Changes]:
    """Load the changes of several sub-budgets, each after an event of its own, in as many queries as of one."""
    changes = {sub_budget.pk: Changes([], after) for sub_budget, after in marks.items()}
    products = _load_products(marks)
    events = _events().filter(budget__in={sub_budget.budget_id for sub_budget in marks})
    latest = list(events.filter(_each(marks, products, "gt"), **({} if until is None else {"pgh_id__lte": until})))
    if not latest:
        return changes
    touched = events.filter(_each(marks, products, "lte", pgh_obj__in=_rows(latest)))
    before = {event["lineage"]: event for event in touched}
    names = _load_names(latest)
    foreign = {event["lineage"] for event in latest if not reader or _author(event) != reader}
    last: dict[int, dict[UUID, Event]] = {}
    for event in latest:
        key = products[event["budget_product_id"]][1]
        changes[key] = Changes([], event["pgh_id"])
        if event["lineage"] in foreign:
            last.setdefault(key, {})[event["lineage"]] = event
    shown = {pk: name for pk, (name, _key) in products.items()}
    for key, latest_of in last.items():
        compared = (_compare(before.get(line), now, shown, names) for line, now in latest_of.items())
        lines = sorted((line for line in compared if line), key=lambda line: line.number, reverse=True)
        changes[key] = Changes(lines, changes[key].newest)
    return changes


def _load_products(sub_budgets: Iterable[SubBudget]) -> dict[int, tuple[str, int]]:
    """Return the name and the sub-budget of each product."""
    rows = BudgetProduct.objects.filter(sub_budget__in=list(sub_budgets)).values_list("pk", "name", "sub_budget")
    return {pk: (name, key) for pk, name, key in rows}


def _each(marks: Mapping[SubBudget, int], products: Mapping[int, tuple[str, int]], compare: str, **more: object) -> Q:
    """Return events of each sub-budget's lines, on one side of its own mark."""
    asked = Q(pk__in=[])
    for sub_budget, mark in marks.items():
        own = [product for product, (_name, key) in products.items() if key == sub_budget.pk]
        asked |= Q(**{"budget_product__in": own, f"pgh_id__{compare}": mark, **more})
    return asked


def _events() -> Events:
    """Return lines' events in their order."""
    name = "governance_object__name_en" if get_language() == "en" else "governance_object__name_sv"
    plain = [field for field in FIELDS if field != "object"]
    rows = events_of(CostLine).order_by("pgh_id")
    return rows.values(*EVENT_FIELDS, *plain, object=F(name))


def _rows(events: Iterable[Event]) -> set[int]:
    return {event["pgh_obj_id"] for event in events}


def _load_names(events: Iterable[Event]) -> dict[str, str]:
    """Return the names of those who made the events, by address; commands have none."""
    addresses = {_author(event) for event in events}
    return dict(User.objects.filter(email__in=addresses).values_list("email", "name"))


def _author(event: Event) -> str:
    return author_of(event["pgh_context"])


def _compare(before: Event | None, now: Event, products: dict[int, str], names: dict[str, str]) -> ChangedLine | None:
    """Return a line's change, or None when it is as it was, or came and went."""
    was_there = before is not None and before["pgh_label"] != "delete"
    is_there = now["pgh_label"] != "delete"
    if not was_there and not is_there:
        return None
    fields = []
    if before and was_there and is_there:
        fields = [*_list_move(before, now, products), *_list_fields(before, now)]
    if was_there and is_there and not fields:
        return None
    if not (was_there and is_there):
        amount = now[AMOUNTS[0]]
        fields = [ChangedField(AMOUNTS[0], amount if was_there else None, amount if is_there else None)]
    author = _author(now)
    return ChangedLine(
        lineage=now["lineage"],
        kind="changed" if was_there and is_there else "added" if is_there else "deleted",
        text=now["text"],
        product=products[now["budget_product_id"]],
        fields=fields,
        by=names.get(author, author),
        at=now["pgh_created_at"],
        number=now["pgh_id"],
        change=_subtract(now if is_there else None, before if was_there else None),
    )


def _subtract(now: Event | None, before: Event | None) -> Amounts:
    """Return by how much a line adds other amounts to its product's cost, each year's; one that is not there adds none."""
    first, second, third = (a - b for a, b in zip(_count(now), _count(before), strict=True))
    return first, second, third


def _count(event: Event | None) -> Amounts:
    if event is None:
        return (0, 0, 0)
    first, second, third = (event[name] for name in AMOUNTS)
    return counted(event["cost_kind"], (first, second, third))


def _list_move(before: Event, now: Event, products: dict[int, str]) -> Iterator[ChangedField]:
    """Yield a move to another product, which changes the line's category and who pays for it."""
    old, new = (event["budget_product_id"] for event in (before, now))
    if old != new:
        yield ChangedField("product", products.get(old), products[new])


def _list_fields(before: Event, now: Event) -> Iterator[ChangedField]:
    for name in FIELDS:
        if before[name] != now[name]:
            yield ChangedField(name, before[name], now[name])
