"""How calculated lines of approved sub-budgets have moved since a moment, as their history tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db.models import OuterRef, QuerySet, Subquery

from budgets.models import Action, Budget, BudgetProduct, CostLine, SubBudget, WorkflowStep
from engine.years import AMOUNTS, Amounts
from records.changes import events_of

NOTHING: Amounts = (0, 0, 0)
STANDS = (SubBudget.Status.APPROVED, SubBudget.Status.LOCKED)


@dataclass(frozen=True)
class Move:
    """A calculated line that moved: three years' öre before and now; zero where there was, or is, none."""

    product: str
    cost_kind: str
    before: Amounts
    after: Amounts


def list_approved(budget: Budget) -> list[SubBudget]:
    """Return the sub-budgets whose approval stands, each with `approved_by` and `approved_at`."""
    approvals = WorkflowStep.objects.filter(sub_budget=OuterRef("pk"), action=Action.APPROVE).order_by("-pk")
    rows: QuerySet[Any] = SubBudget.objects.filter(budget=budget, status__in=STANDS).select_related("budget")
    approved = rows.annotate(
        approved_by=Subquery(approvals.values("by")[:1]), approved_at=Subquery(approvals.values("at")[:1])
    )
    return list(approved.filter(approved_by__isnull=False).order_by("position", "pk"))


def find_moved_now(budget: Budget) -> dict[int, datetime]:
    """Return the keys of the products whose calculated lines this transaction has written, with its moment."""
    rows = events_of(CostLine).filter(budget_id=budget.pk, is_calculated=True, pgh_created_at=TransactionNow())
    return dict(rows.values_list("budget_product_id", "pgh_created_at"))


def list_moves(since: Mapping[int, datetime], budget: Budget) -> dict[int, list[Move]]:
    """Return what of the calculated lines of sub-budgets, by key, is otherwise than at their moments; the rest is left out."""
    if not since:
        return {}
    products = BudgetProduct.objects.filter(sub_budget__in=since).order_by("position", "pk")
    homes = {pk: (home, name) for pk, home, name in products.values_list("pk", "sub_budget_id", "name")}
    told: dict[int, list[Move]] = defaultdict(list)
    for product, kind, before, after in _follow(homes, since, budget):
        if before != after:
            home, name = homes[product]
            told[home].append(Move(name, kind, before, after))
    return dict(told)


def _follow(
    homes: Mapping[int, tuple[int, str]], since: Mapping[int, datetime], budget: Budget
) -> Iterator[tuple[int, str, Amounts, Amounts]]:
    """Yield product, kind, and amounts before and after, of each line that was written since the moment of its home."""
    own = events_of(CostLine).filter(budget_id=budget.pk, is_calculated=True, budget_product_id__in=list(homes))
    later = own.filter(pgh_created_at__gte=min(since.values())).order_by("pgh_id")
    lines: dict[int, list[Any]] = defaultdict(list)
    for event in later:
        lines[event.pgh_obj_id].append(event)
    # Of each line its last event before all of these.
    first = own.filter(pgh_obj_id__in=list(lines), pgh_created_at__lt=min(since.values()))
    for event in first.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id"):
        lines[event.pgh_obj_id].insert(0, event)
    sums: dict[tuple[int, str], tuple[Amounts, Amounts]] = {}
    for events in lines.values():
        last = events[-1]
        moment = since[homes[last.budget_product_id][0]]
        held = [event for event in events if event.pgh_created_at < moment]
        if len(held) == len(events):
            continue
        key = (last.budget_product_id, last.cost_kind)
        before, after = sums.get(key, (NOTHING, NOTHING))
        sums[key] = (_add(before, _amounts(held[-1:])), _add(after, _amounts([last])))
    yield from ((*key, before, after) for key, (before, after) in sorted(sums.items()))


def _amounts(events: Iterable[Any]) -> Amounts:
    """Return the amounts that stand after an event; none after a deletion, or where there is no event."""
    for event in events:
        if event.pgh_label != "delete":
            first, second, third = (int(getattr(event, name)) for name in AMOUNTS)
            return (first, second, third)
    return NOTHING


def _add(one: Amounts, two: Amounts) -> Amounts:
    return (one[0] + two[0], one[1] + two[1], one[2] + two[2])
