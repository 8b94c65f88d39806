"""Lines of a budget at two times, or of two budgets, held against each other: what differs, and the sums of all.

The trick: a line's row at a time is its last event until then, unless that is its deletion, and lines of two budgets are
the same by their lineage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from engine.alphabet import swedish_key
from engine.result import counted, sum_amounts
from engine.years import Amounts
from history.nouns import LINE, PRODUCT
from web.compiled import compiled
from web.generics import SqlRow
from web.names import name_of

AS_OF = """
    SELECT * FROM (
        SELECT DISTINCT ON (pgh_obj_id) pgh_label, pgh_obj_id, {columns} FROM {table}
        WHERE budget_id = %s AND pgh_created_at <= %s ORDER BY pgh_obj_id, pgh_id DESC) AS last
    WHERE pgh_label <> 'delete'"""
# The same, where each product has a number of its own of the newest event that counts.
AS_MARKED = """
    SELECT * FROM (
        SELECT DISTINCT ON (pgh_obj_id) pgh_label, pgh_obj_id, {columns} FROM {table}
        JOIN unnest(%s::bigint[], %s::bigint[]) AS marked (product, mark)
            ON marked.product = budget_product_id AND pgh_id <= marked.mark
        WHERE budget_id = %s ORDER BY pgh_obj_id, pgh_id DESC) AS last
    WHERE pgh_label <> 'delete'"""
FIELDS = (
    "lineage", "text", "budget_product_id", "note", "cost_kind", "amount_1_ore", "amount_2_ore", "amount_3_ore",
    "quantity", "unit_price_ore", "governance_object_id",
)  # fmt: skip
LINE_COLUMNS = ", ".join(FIELDS)
ZERO: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class LineThen:
    """A line as it was: the fields that people set, and where it lay: the product's name, and the sub-budget's slug."""

    lineage: UUID
    text: str
    product: str
    home: str
    note: str
    cost_kind: str
    amounts: Amounts
    rest: SqlRow


@dataclass(frozen=True)
class Difference:
    """A line at both times, None where it was not there; `place` is its sub-budget's name."""

    place: str
    before: LineThen | None
    after: LineThen | None

    @property
    def line(self) -> LineThen:
        """The newer of the two."""
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def text(self) -> str:
        """The line's text, with the earlier one when it was another."""
        if self.before and self.after and self.before.text != self.after.text:
            return f"{self.before.text} → {self.after.text}"
        return self.line.text

    @property
    def product(self) -> str:
        return self.line.product

    @property
    def note(self) -> str:
        """What is noted of the line, which is where people say why."""
        return self.line.note

    @property
    def what(self) -> str:
        """What happened between the times."""
        if self.before is None:
            return _("added")
        if self.after is None:
            return _("deleted")
        if self.before.home != self.after.home or self.before.product != self.after.product:
            return _("moved")
        return _("changed")

    @property
    def was(self) -> int | None:
        return self.before.amounts[0] if self.before else None

    @property
    def now(self) -> int | None:
        return self.after.amounts[0] if self.after else None

    @property
    def changes(self) -> Amounts:
        """By how much each year's amount differs, öre."""
        return subtract(self.after.amounts if self.after else ZERO, self.before.amounts if self.before else ZERO)


@dataclass(frozen=True)
class Sum:
    """A sub-budget's sum, or that of all, at both times."""

    name: str
    slug: str
    before: Amounts
    after: Amounts

    @property
    def change(self) -> int:
        """By how much the first year differs, öre."""
        return self.after[0] - self.before[0]


@dataclass(frozen=True)
class Comparison:
    """The lines that differ, and the sums of all lines; `counts` of all lines before and after."""

    differences: list[Difference]
    sums: list[Sum]
    total: Sum
    counts: tuple[int, int]
    homes: Mapping[str, str] = field(default_factory=dict)


def subtract(after: Amounts, before: Amounts) -> Amounts:
    """Return the difference year by year."""
    return (after[0] - before[0], after[1] - before[1], after[2] - before[2])


def compare_lines(
    before: Iterable[LineThen],
    after: Iterable[LineThen],
    homes: Sequence[SubBudget],
    *,
    only: str = "",
    same_years: bool = True,
) -> Comparison:
    """Hold lines against each other, or only those that lie in the sub-budget with the slug `only` on either side.

    `homes` are all sub-budgets in their order. Lines of budgets of different years differ by where they lie, their text
    and kind and the amount of their own first year; the plan, quantities and notes of a copy are others by their nature.
    """
    names: dict[str, str] = {}
    for home in homes:
        names.setdefault(home.slug, name_of(home))
    was, now = ({line.lineage: line for line in lines if not only or line.home == only} for lines in (before, after))
    places = {slug: place for place, slug in enumerate(names)}
    differences = [
        Difference(names.get(line.home, ""), was.get(key), now.get(key))
        for key, line in {**was, **now}.items()
        if _tell(was.get(key), same_years) != _tell(now.get(key), same_years)
    ]
    differences.sort(
        key=lambda row: (places.get(row.line.home, -1), swedish_key(row.product), swedish_key(row.line.text))
    )
    then, later = _sum_homes(was.values()), _sum_homes(now.values())
    sums = [Sum(name, slug, then.get(slug, ZERO), later.get(slug, ZERO)) for slug, name in names.items()]
    total = Sum(
        "", "", *(sum_amounts(counted(line.cost_kind, line.amounts) for line in lines.values()) for lines in (was, now))
    )
    shown = [row for row in sums if any((*row.before, *row.after))]
    return Comparison(differences, shown, total, (len(was), len(now)), names)


def _tell(line: LineThen | None, same_years: bool) -> object:
    """Return what tells a line from itself at another time."""
    if line is None or same_years:
        return line
    return (line.text, line.product, line.home, line.cost_kind, line.amounts[0])


def _sum_homes(lines: Iterable[LineThen]) -> dict[str, Amounts]:
    """Return the sum of the lines of each sub-budget, öre by slug."""
    homes: dict[str, list[Amounts]] = {}
    for line in lines:
        homes.setdefault(line.home, []).append(counted(line.cost_kind, line.amounts))
    return {slug: sum_amounts(amounts) for slug, amounts in homes.items()}


# Lines at a time


def load_lines(budget: Budget) -> list[LineThen]:
    """Return the budget's lines as they are."""
    return _make_lines(_list_lines(budget.pk), _load_products(budget))


@compiled
def _list_lines(budget_id: int) -> QuerySet[CostLine, Any]:
    return CostLine.objects.filter(budget=budget_id).order_by().values_list(*FIELDS)


def load_lines_at(budget: Budget, moment: datetime) -> list[LineThen]:
    """Return all lines of the budget as they were at a moment; three queries."""
    then = _run(AS_OF.format(table=PRODUCT.table, columns="name, sub_budget_id"), [budget.pk, moment])
    homes = _load_homes(budget)
    products = {pk: (name, homes.get(home, "")) for _label, pk, name, home in then}
    rows = _run(AS_OF.format(table=LINE.table, columns=LINE_COLUMNS), [budget.pk, moment])
    return _make_lines((row[2:] for row in rows), products)


def load_lines_marked(budget: Budget, marks: Mapping[str, int]) -> list[LineThen]:
    """Return the lines of each sub-budget, by slug, as they were after the event with its number.

    They lie in the products in which they lay then, which are called as they are now.
    """
    products = _load_products(budget)
    marked = [(pk, marks[home]) for pk, (_name, home) in products.items() if home in marks]
    given = [[pk for pk, _mark in marked], [mark for _pk, mark in marked], budget.pk]
    rows = _run(AS_MARKED.format(table=LINE.table, columns=LINE_COLUMNS), given)
    return _make_lines((row[2:] for row in rows), products)


def _run(query: str, given: list[Any]) -> list[SqlRow]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        rows: list[SqlRow] = cursor.fetchall()
    return rows


def _load_homes(budget: Budget) -> dict[int, str]:
    return dict(_list_homes(budget.pk))


@compiled
def _list_homes(budget_id: int) -> QuerySet[SubBudget, tuple[int, str]]:
    return SubBudget.objects.filter(budget=budget_id).values_list("pk", "slug")


def _load_products(budget: Budget) -> dict[int, tuple[str, str]]:
    """Return the name and the sub-budget's slug of each product, also of those that are gone."""
    homes = _load_homes(budget)
    gone = {pk: (name, homes.get(home, "")) for pk, name, home in _list_products_ever(budget.pk)}
    return {**gone, **{pk: (name, home) for pk, name, home in _list_products(budget.pk)}}


@compiled
def _list_products_ever(budget_id: int) -> QuerySet[Any, tuple[int, str, int]]:
    """List products with the sub-budget that each lay in last, also those that are gone."""
    events: QuerySet[Any, Any] = PRODUCT.events.filter(budget=budget_id)
    last = events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return last.values_list("pgh_obj_id", "name", "sub_budget")


@compiled
def _list_products(budget_id: int) -> QuerySet[BudgetProduct, tuple[int, str, str]]:
    return BudgetProduct.objects.filter(budget=budget_id).order_by().values_list("pk", "name", "sub_budget__slug")


def _make_lines(rows: Iterable[SqlRow], products: Mapping[int, tuple[str, str]]) -> list[LineThen]:
    lines = []
    for lineage, text, product, note, kind, one, two, three, *rest in rows:
        name, home = products.get(product, ("", ""))
        lines.append(LineThen(lineage, text, name, home, note, kind, (one, two, three), tuple(rest)))
    return lines
