"""Two moments compared: a budget's or sub-budget's lines as they were at each, put together again from their events.

The trick: a line's row at a moment is its last event until then, unless that is its deletion; where its product was
then is told by the product's events in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, SubBudget
from budgets.selectors.sub_budgets import list_sub_budgets
from engine.result import sum_amounts
from engine.years import Amounts
from history.kinds import LINE, PRODUCT, SUB_BUDGET
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User

AS_OF = """
    SELECT * FROM (
        SELECT DISTINCT ON (pgh_obj_id) pgh_label, pgh_obj_id, {columns} FROM {table}
        WHERE budget_id = %s AND pgh_created_at <= %s ORDER BY pgh_obj_id, pgh_id DESC) AS last
    WHERE pgh_label <> 'delete'"""
LINE_COLUMNS = "lineage, text, budget_product_id, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore, quantity, unit_price_ore, note, governance_object_id"
ZERO: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class LineThen:
    """A line as it was: the fields that people set, and where it lay."""

    lineage: UUID
    text: str
    product: str
    sub_budget: int | None
    amounts: Amounts
    rest: tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """A line at both moments, None where it was not there."""

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
    def what(self) -> str | Promise:
        """What happened between the moments."""
        if self.before is None:
            return _("added")
        if self.after is None:
            return _("deleted")
        if self.before.sub_budget != self.after.sub_budget or self.before.product != self.after.product:
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
    """A sub-budget's sum, or that of all, at both moments."""

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
    """The lines that differ, and the sums of all lines."""

    differences: list[Difference]
    sums: list[Sum]
    total: Sum
    counts: tuple[int, int]


def subtract(after: Amounts, before: Amounts) -> Amounts:
    """Year by year."""
    return (after[0] - before[0], after[1] - before[1], after[2] - before[2])


def compare(
    budget: Budget, sub_budget: SubBudget | None, user: User, *, first: datetime, second: datetime
) -> Comparison:
    """The budget's lines at two moments, or only those that lay in the sub-budget at either."""
    homes = list(list_sub_budgets(budget, user))
    wanted = {home.pk for home in homes if sub_budget is None or home.pk == sub_budget.pk}
    names = {home.pk: name_of(home) for home in homes}
    before, after = (_keep(_load(budget, moment), wanted, all_of=sub_budget is None) for moment in (first, second))
    found = [
        Difference(names.get(line.sub_budget or 0, ""), before.get(key), after.get(key))
        for key, line in {**before, **after}.items()
        if before.get(key) != after.get(key)
    ]
    places = {home.pk: place for place, home in enumerate(homes)}
    found.sort(key=lambda row: (places.get(row.line.sub_budget or 0, -1), row.product, row.line.text))
    sums = [_sum(home, before.values(), after.values()) for home in homes if home.pk in wanted]
    total = Sum(
        "",
        "",
        sum_amounts(line.amounts for line in before.values()),
        sum_amounts(line.amounts for line in after.values()),
    )
    return Comparison(found, [row for row in sums if any((*row.before, *row.after))], total, (len(before), len(after)))


def _keep(lines: Iterable[LineThen], wanted: set[int], *, all_of: bool) -> dict[UUID, LineThen]:
    return {line.lineage: line for line in lines if all_of or line.sub_budget in wanted}


def _sum(home: SubBudget, before: Iterable[LineThen], after: Iterable[LineThen]) -> Sum:
    then, now = (sum_amounts(line.amounts for line in lines if line.sub_budget == home.pk) for lines in (before, after))
    return Sum(name_of(home), home.slug, then, now)


def _load(budget: Budget, moment: datetime) -> list[LineThen]:
    """All lines of the budget as they were at a moment; two queries."""
    products = {
        pk: (name, home) for _label, pk, name, home in _as_of(PRODUCT.table, "name, sub_budget_id", budget, moment)
    }
    lines = []
    for _label, _pk, lineage, text, product, kind, one, two, three, *rest in _as_of(
        LINE.table, LINE_COLUMNS, budget, moment
    ):
        name, home = products.get(product, ("", None))
        lines.append(LineThen(lineage, text, name, home, (one, two, three), (kind, *rest)))
    return lines


def _as_of(table: str, columns: str, budget: Budget, moment: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(AS_OF.format(table=table, columns=columns), [budget.pk, moment])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def find_first_moment(budget: Budget) -> datetime | None:
    """When the budget's history begins."""
    first = SUB_BUDGET.events.filter(budget=budget).order_by("pgh_created_at").values_list("pgh_created_at", flat=True)
    found: datetime | None = first.first()
    return found
