"""What the grid asks besides the sheet: sums now, lines changed since, who changed them, and what can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Max, QuerySet, When

from accounts.models import User
from budgets.models import LINE_FIELDS, CostLine, EditStep, IndexRate, SubBudget, WorkflowStep
from budgets.selectors.budgets import find_earlier
from budgets.selectors.compared import load_earlier_amounts
from budgets.selectors.sheets import Sheet, SheetLine, sheet_line
from budgets.selectors.workflow import BEGINNING, find_turn
from engine.indexing import Rate
from engine.result import INCOMES
from records.changes import events_of
from records.reasons import Reason
from web.compiled import compiled

if TYPE_CHECKING:
    from budgets.models import Budget

# Asked at every save, so without the work of building them.
SUMS = """
    SELECT p.lineage, count(*),
        coalesce(sum(l.amount_1_ore) FILTER (WHERE l.cost_kind <> ALL (%(incomes)s)), 0),
        coalesce(sum(l.amount_2_ore) FILTER (WHERE l.cost_kind <> ALL (%(incomes)s)), 0),
        coalesce(sum(l.amount_3_ore) FILTER (WHERE l.cost_kind <> ALL (%(incomes)s)), 0)
    FROM budgets_costline AS l JOIN budgets_budgetproduct AS p ON p.id = l.budget_product_id
    WHERE p.sub_budget_id = %(sub_budget)s GROUP BY p.lineage"""
SUMS_WITHOUT_SIGNS = """
    SELECT coalesce(sum(abs(l.amount_1_ore)), 0), coalesce(sum(abs(l.amount_2_ore)), 0), coalesce(sum(abs(l.amount_3_ore)), 0)
    FROM budgets_costline AS l JOIN budgets_budgetproduct AS p ON p.id = l.budget_product_id WHERE p.sub_budget_id = %s"""


@dataclass(frozen=True)
class Sums:
    """How many lines a sub-budget has, and the three years' öre of each product by lineage."""

    count: int
    products: dict[str, list[int]]


def load_sums(sub_budget: SubBudget) -> Sums:
    """Return sums of the lines now, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"sub_budget": sub_budget.pk, "incomes": sorted(INCOMES)})
        rows = cursor.fetchall()
    return Sums(sum(row[1] for row in rows), {str(row[0]): [int(amount) for amount in row[2:]] for row in rows})


def load_sums_without_signs(sub_budget: SubBudget) -> list[int]:
    """Return what the lines' amounts of each year come to without regard to their signs, öre."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS_WITHOUT_SIGNS, [sub_budget.pk])
        return [int(ore) for ore in cursor.fetchone()]


def list_changed_since(sub_budget: SubBudget, user: User, since: datetime) -> QuerySet[CostLine]:
    """Return the lines that have been changed since a moment."""
    lines: QuerySet[CostLine] = CostLine.objects.visible_to(user).filter(budget_product__sub_budget=sub_budget)
    return lines.filter(edited_at__gt=since).select_related("budget_product", "governance_object")


def load_sheet_lines(sub_budget: SubBudget, lines: Iterable[CostLine]) -> list[SheetLine]:
    """Return lines beside the year before, as the sheet shows them."""
    earlier = find_earlier(sub_budget.budget)
    before = load_earlier_amounts(sub_budget, earlier)
    has_lines = earlier is not None and earlier.status != earlier.Status.PUBLISHED_FIGURES
    return [sheet_line(line, before if has_lines else None) for line in lines]


def find_mark(sub_budget: SubBudget) -> int:
    """Return the number of the newest event of the lines that a sub-budget has; 0 for none.

    Edits of a sub-budget come one after the other, so its own events are numbered in the order in which they are seen. To
    be asked before the lines are read: what comes in between then counts as not seen.
    """
    return max((newest for _budget, newest in _find_newest(sub_budget.pk)), default=0)


@compiled
def _find_newest(sub_budget: int) -> QuerySet[Any, tuple[int, int]]:
    lines = CostLine.objects.filter(budget_product__sub_budget=sub_budget).values("pk")
    events = events_of(CostLine).filter(pgh_obj__in=lines)
    newest: QuerySet[Any, tuple[int, int]] = events.values_list("budget").annotate(newest=Max("pgh_id"))
    return newest  # of one budget, so one row


def list_unseen(budget: Budget, lineages: Iterable[UUID], mark: int) -> set[UUID]:
    """Return those of the lines that have an event after the one numbered `mark`."""
    events = events_of(CostLine).filter(budget=budget, lineage__in=list(lineages), pgh_id__gt=mark)
    return set(events.values_list("lineage", flat=True))


def load_as_at(budget: Budget, lineages: Iterable[UUID], mark: int) -> dict[UUID, CostLine]:
    """Return lines as they stood after the event numbered `mark`, from their history; those not there then are left out."""
    events = events_of(CostLine).filter(budget=budget)
    then = events.filter(lineage__in=list(lineages), pgh_id__lte=mark)
    return {event.lineage: event for event in then.order_by("lineage", "-pgh_id").distinct("lineage")}


def load_places(sub_budget: SubBudget) -> dict[UUID, list[UUID]]:
    """Return the lines of every product of a sub-budget in their order, by lineage."""
    rows = CostLine.objects.filter(budget_product__sub_budget=sub_budget)
    places: dict[UUID, list[UUID]] = {}
    for product, line in rows.values_list("budget_product__lineage", "lineage"):
        places.setdefault(product, []).append(line)
    return places


def load_orders(lines: Iterable[CostLine]) -> dict[str, list[str]]:
    """Return the order of the lines in every product that holds one of `lines`, by lineage."""
    products = {line.budget_product_id: str(line.budget_product.lineage) for line in lines}
    orders: dict[str, list[str]] = {lineage: [] for lineage in products.values()}
    if products:
        rows = CostLine.objects.filter(budget_product__in=products)
        for product, lineage in rows.values_list("budget_product_id", "lineage"):
            orders[products[product]].append(str(lineage))
    return orders


# The fields that a line's row shows.
SHOWN = tuple(name for name in LINE_FIELDS if name != "governance_object_id")
ADDED = {Reason.ADD_COST_LINE, Reason.COPY_COST_LINE, Reason.PASTE_INTO_COST_LINES}


def load_touched(sheet: Sheet, steps: list[WorkflowStep]) -> dict[UUID, list[str]]:
    """Return the lines that somebody has changed or added since the round before of `steps`, or else since the budget was made.

    The round before is what a reviewer's news begin with too (`find_turn`). What the calculation wrote nobody changed. With
    each the fields that are other than then; of an added line, its text. One query: a line is as it was where its moment of
    editing is.
    """
    turn = find_turn(steps) if steps else BEGINNING
    mark = turn.event_mark if turn else None
    rows = _list_as_made(tuple(row.product.pk for row in sheet.products), mark)
    as_made = {row["lineage"]: row for row in rows if mark is not None or row["pgh_context__reason"] not in ADDED}
    lines = (row.line for product in sheet.products for row in product.lines if not row.line.is_calculated)
    return {
        line.lineage: ["text"] if was is None else [name for name in SHOWN if was[name] != getattr(line, name)]
        for line in lines
        if (was := as_made.get(line.lineage)) is None or was["edited_at"] != line.edited_at
    }


@compiled
def _list_as_made(products: tuple[int, ...], mark: int | None) -> QuerySet[Any, dict[str, Any]]:
    """List the lines' first events, or their last up to `mark`."""
    events = events_of(CostLine).filter(budget_product__in=products)
    order = "pgh_id" if mark is None else "-pgh_id"
    then = events if mark is None else events.filter(pgh_id__lte=mark)
    first = then.order_by("lineage", order).distinct("lineage")
    return first.values("lineage", "edited_at", "pgh_context__reason", *SHOWN)


@dataclass(frozen=True)
class Author:
    """Who changed a line last, and when."""

    name: str
    email: str
    at: datetime


def load_authors(budget: Budget, lineages: Iterable[UUID]) -> dict[UUID, Author]:
    """Return the last change of each line, from its history."""
    events = events_of(CostLine).filter(budget=budget)
    last = events.filter(lineage__in=list(lineages)).order_by("lineage", "-pgh_id").distinct("lineage")
    changes = [(event.lineage, str((event.pgh_context or {}).get("by", "–")), event.pgh_created_at) for event in last]
    names = dict(User.objects.filter(email__in={by for _line, by, _at in changes}).values_list("email", "name"))
    return {line: Author(names.get(by) or by, by, at) for line, by, at in changes}


@dataclass(frozen=True)
class Steps:
    """What a person can undo and redo next, if anything."""

    undo: EditStep | None
    redo: EditStep | None


def load_steps(sub_budget: SubBudget, user: User) -> Steps:
    """Return a person's next undo and redo in a sub-budget."""
    nearest = {step.undone: step for step in _list_nearest_steps(sub_budget.pk, user.pk)}
    return Steps(nearest.get(False), nearest.get(True))


@compiled
def _list_nearest_steps(sub_budget: int, user: int) -> QuerySet[EditStep]:
    """Of those that are not undone the last, of the others the first."""
    steps = EditStep.objects.filter(sub_budget=sub_budget, user=user).only("action", "undone")
    nearest = Case(When(undone=True, then=F("pk")), default=-F("pk"))
    rows: QuerySet[EditStep] = steps.order_by("undone", nearest).distinct("undone")
    return rows


def load_rates(years: Iterable[int], on: date) -> list[Rate]:
    """Return the planning rates of some years that are known on a day."""
    rows = IndexRate.objects.filter(year__in=list(years), valid_from_on__lte=on)
    return [Rate(row.cost_kind, row.year, row.valid_from_on, row.percent) for row in rows]
