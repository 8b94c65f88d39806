"""What has changed on a sub-budget's lines between two marks: added, changed and deleted, from history, in four queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import F
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from budgets.models import COST_KINDS, BudgetProduct, SubBudget
from engine.years import Amounts
from itsam.web.numbers import format_quantity, format_sek

AMOUNTS = ("amount_1_ore", "amount_2_ore", "amount_3_ore")
FIELDS = ("text", "cost_kind", "quantity", "unit_price_ore", *AMOUNTS, "object", "note")
EVENT_FIELDS = ("pgh_id", "pgh_label", "pgh_created_at", "pgh_context", "pgh_obj_id", "lineage", "budget_product_id")
Event = dict[str, Any]


@dataclass(frozen=True)
class FieldChange:
    """A field that differs: its name, and both values as shown."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class LineChange:
    """What became of a line: `kind` is added, changed or deleted; who changed it last, and when."""

    lineage: UUID
    kind: str
    text: str
    product: str
    fields: list[FieldChange]
    by: str
    at: datetime
    number: int


@dataclass(frozen=True)
class Changes:
    """The changed lines, latest first, and the number of the newest event that was looked at."""

    lines: list[LineChange]
    newest: int

    @property
    def by_lineage(self) -> dict[UUID, LineChange]:
        """Each line's change, to mark the line with."""
        return {line.lineage: line for line in self.lines}

    def __bool__(self) -> bool:
        return bool(self.lines)


def load_changes(sub_budget: SubBudget, *, after: int, until: int | None = None, reader: str = "") -> Changes:
    """How the lines after event number `until` (as they are now, when None) differ from those after event `after`.

    Lines that nobody but the `reader`, an address, has touched are left out.
    """
    products = dict(BudgetProduct.objects.filter(sub_budget=sub_budget).values_list("pk", "name"))
    events = _events().filter(budget=sub_budget.budget_id, pgh_id__gt=after, budget_product__in=list(products))
    if until is not None:
        events = events.filter(pgh_id__lte=until)
    latest = list(events)
    if not latest:
        return Changes([], after)
    before = {event["lineage"]: event for event in _events().filter(pgh_obj__in=_rows(latest), pgh_id__lte=after)}
    names = _load_names(latest)
    foreign = {event["lineage"] for event in latest if not reader or _author(event) != reader}
    last = {event["lineage"]: event for event in latest if event["lineage"] in foreign}
    found = [_compare(before.get(lineage), now, sub_budget, products, names) for lineage, now in last.items()]
    lines = sorted((line for line in found if line), key=lambda line: line.number, reverse=True)
    return Changes(lines, latest[-1]["pgh_id"])


def _events() -> Any:
    """Lines' events in their order."""
    name = "governance_object__name_en" if get_language() == "en" else "governance_object__name_sv"
    plain = [field for field in FIELDS if field != "object"]
    rows = apps.get_model("budgets", "CostLineEvent")._default_manager.order_by("pgh_id")
    return rows.values(*EVENT_FIELDS, *plain, object=F(name))


def _rows(events: Iterable[Event]) -> set[int]:
    return {event["pgh_obj_id"] for event in events}


def _load_names(events: Iterable[Event]) -> dict[str, str]:
    """The names of those who made the events, by address; commands have none."""
    addresses = {_author(event) for event in events}
    return dict(User.objects.filter(email__in=addresses).values_list("email", "name"))


def _author(event: Event) -> str:
    return str((event["pgh_context"] or {}).get("by", ""))


def _compare(
    before: Event | None, now: Event, sub_budget: SubBudget, products: dict[int, str], names: dict[str, str]
) -> LineChange | None:
    """A line's change, or None when it is as it was, or came and went."""
    was_there = before is not None and before["pgh_label"] != "delete"
    is_there = now["pgh_label"] != "delete"
    if not was_there and not is_there:
        return None
    fields = []
    if before and was_there and is_there:
        fields = [*_list_move(before, now, products), *_list_fields(before, now, sub_budget.budget.years)]
    if was_there and is_there and not fields:
        return None
    if not (was_there and is_there):
        amount = format_sek(now["amount_1_ore"])
        year = str(sub_budget.budget.fiscal_year)
        fields = [FieldChange(year, amount if was_there else "", amount if is_there else "")]
    author = _author(now)
    return LineChange(
        lineage=now["lineage"],
        kind="changed" if was_there and is_there else "added" if is_there else "deleted",
        text=now["text"],
        product=products[now["budget_product_id"]],
        fields=fields,
        by=names.get(author, author),
        at=now["pgh_created_at"],
        number=now["pgh_id"],
    )


def _list_move(before: Event, now: Event, products: dict[int, str]) -> Iterator[FieldChange]:
    """A move to another product, which changes the line's category and who pays for it."""
    old, new = (event["budget_product_id"] for event in (before, now))
    if old != new:
        yield FieldChange(_("Product"), products.get(old, "–"), products[new])


def _list_fields(before: Event, now: Event, years: Amounts) -> Iterator[FieldChange]:
    labels = _labels(years)
    for name in FIELDS:
        if before[name] != now[name]:
            yield FieldChange(labels[name], _show(name, before[name]), _show(name, now[name]))


def _labels(years: Amounts) -> dict[str, str]:
    return {
        "text": _("Text"),
        "cost_kind": _("Cost kind"),
        "quantity": _("Quantity"),
        "unit_price_ore": _("Unit price, SEK"),
        **{name: str(year) for name, year in zip(AMOUNTS, years, strict=True)},
        "object": _("Object that the cost is for"),
        "note": pgettext("of a line", "Note"),
    }


def _show(name: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if name in AMOUNTS or name == "unit_price_ore":
        return format_sek(value)
    if name == "quantity":
        return format_quantity(value)
    return str(dict(COST_KINDS)[value]) if name == "cost_kind" else str(value)
