"""The lines a save works on: locked, changed in memory, and written by at most one INSERT, one UPDATE and one DELETE.

The trick of order: a line's place is told by the line before it, never by a number, so a step can be undone after others
have moved; positions are given when the sheet is written. A line keeps its own as long as it can, for history tells of every
one that changes, and one that only got another number is not touched otherwise.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone

from budgets.models import LINE_FIELDS, BudgetProduct, CostLine, SubBudget
from budgets.services.grid.edits import CellValue, Saved, Values
from engine.years import AMOUNTS

# What a step keeps of a line, besides its place.
STORED = (*LINE_FIELDS, "provenance", "index_provenance")
UPDATE = """
    UPDATE budgets_costline AS l SET {values} FROM unnest({arrays}) AS n (id, {names}) WHERE l.id = n.id"""
# Of each column that a save can change, besides text.
TYPES = {
    "quantity": "numeric",
    **dict.fromkeys(("unit_price_ore", *AMOUNTS, "governance_object_id", "budget_product_id"), "bigint"),
    "position": "int",
    "edited_at": "timestamptz",
}


# Up to so many lines are cheaper to ask for with their products than beside all of them: at every save, so without the work
# of building the question.
FEW = 20
NAMES = {model: [field.attname for field in model._meta.concrete_fields] for model in (CostLine, BudgetProduct)}
COLUMNS = {model: [field.column for field in model._meta.concrete_fields] for model in NAMES}
LOCK_FEW = f"""
    SELECT {", ".join(f"l.{name}" for name in COLUMNS[CostLine])}, {", ".join(f"p.{name}" for name in COLUMNS[BudgetProduct])}
    FROM budgets_costline AS l JOIN budgets_budgetproduct AS p ON p.id = l.budget_product_id
    WHERE p.sub_budget_id = %s AND l.budget_id = %s AND l.lineage = ANY(%s) ORDER BY l.id FOR UPDATE OF l"""  # noqa: S608


class WorkSheet:
    """Lines of a sub-budget under change. `whole` loads all of them and all products: adding, moving and deleting need it."""

    def __init__(self, sub_budget: SubBudget, lineages: set[UUID], *, whole: bool) -> None:
        self.sub_budget = sub_budget
        if whole or len(lineages) > FEW:
            products = {product.pk: product for product in BudgetProduct.objects.filter(sub_budget=sub_budget)}
            lines = CostLine.objects.select_for_update(of=("self",)).order_by("pk")
            kept = list(lines.filter(budget_product__in=products))
        else:
            kept = _lock_few(sub_budget, lineages)
            products = {line.budget_product_id: line.budget_product for line in kept}
        for product in products.values():
            product.sub_budget = sub_budget
        for line in kept:
            line.budget_product = products[line.budget_product_id]
        self.products: dict[UUID, BudgetProduct] = {product.lineage: product for product in products.values()}
        self.lines: dict[UUID, CostLine] = {line.lineage: line for line in kept}
        self.order: dict[UUID, list[UUID]] = {lineage: [] for lineage in self.products}
        for line in sorted(self.lines.values(), key=lambda line: (line.position, line.pk)):
            self.order[line.budget_product.lineage].append(line.lineage)
        self.changed: dict[UUID, CostLine] = {}
        self.added: dict[UUID, CostLine] = {}
        self.deleted: dict[UUID, CostLine] = {}
        self.moved: set[UUID] = set()
        self.columns: set[str] = set()

    def values_of(self, line: CostLine) -> Values:
        """Return all that a step keeps of a line."""
        return {name: to_json(getattr(line, name)) for name in STORED} | self.place_of(line)

    def place_of(self, line: CostLine) -> Values:
        """Return a line's product and the line before it."""
        order = self.order[line.budget_product.lineage]
        index = order.index(line.lineage)
        return {"product": str(line.budget_product.lineage), "after": str(order[index - 1]) if index else None}

    def last_of(self, product: UUID) -> UUID | None:
        """Return the last line of a product."""
        order = self.order[product]
        return order[-1] if order else None

    def set_values(self, line: CostLine, values: Values) -> None:
        """Give a line stored values."""
        for name in STORED:
            if name in values:
                setattr(line, name, _from_json(name, values[name]))
        if line.lineage not in self.added:
            self.changed[line.lineage] = line
            self.columns |= values.keys() & set(STORED)

    def add(self, lineage: UUID, values: Values, *, position: int = 0) -> CostLine:
        """Add a new line at its place; it is given a position where it brings none."""
        product, budget = self.products[UUID(values["product"])], self.sub_budget.budget_id
        line = CostLine(budget_id=budget, budget_product=product, lineage=lineage, position=position)
        self.lines[lineage] = self.added[lineage] = line
        self.set_values(line, values)
        self._insert(line, product, values)
        return line

    def move(self, line: CostLine, place: Values) -> None:
        """Take a line to its new place."""
        self.order[line.budget_product.lineage].remove(line.lineage)
        self._insert(line, self.products[UUID(place["product"])], place)
        self.moved.add(line.lineage)

    def delete(self, line: CostLine) -> None:
        """Take a line away."""
        self.order[line.budget_product.lineage].remove(line.lineage)
        self.deleted[line.lineage] = self.lines.pop(line.lineage)

    def _insert(self, line: CostLine, product: BudgetProduct, place: Values) -> None:
        order, after = self.order[product.lineage], place.get("after")
        previous = UUID(after) if after else None
        if previous is None:
            order.insert(0, line.lineage)
        else:
            # Where the line before it is gone, it comes last.
            order.insert(order.index(previous) + 1 if previous in order else len(order), line.lineage)
        line.budget_product = product

    @property
    def is_reordered(self) -> bool:
        """Whether lines may have got another place."""
        return bool(self.added or self.deleted or self.moved)

    def write(self) -> Saved:
        """Store everything. Lines with new values or a new product or place get a new edited_at."""
        now = timezone.now()
        renumbered = self._renumber() if self.is_reordered else []
        touched = {lineage for lineage in (*self.changed, *self.moved) if lineage in self.lines}
        for lineage in touched | set(self.added):
            self.lines[lineage].edited_at = now
        if self.deleted:
            CostLine.objects.filter(pk__in=[line.pk for line in self.deleted.values()]).delete()
        self._update({line.pk: line for line in (*(self.lines[lineage] for lineage in touched), *renumbered)})
        CostLine.objects.bulk_create(self.added.values())
        placed = [self.lines[lineage] for lineage in (*self.added, *self.moved) if lineage in self.lines]
        return Saved([self.lines[lineage] for lineage in touched], placed, list(self.deleted))

    def _renumber(self) -> list[CostLine]:
        """Give new and moved lines a position, and others another only where theirs is taken; return these and the moved.

        Where something comes in the first half of a product, those before it give way, down to below zero, else those behind
        it: a line added first or last moves no other.
        """
        others, placed = [], {lineage for lineage, line in self.added.items() if not line.position} | self.moved
        for order in self.order.values():
            lines = [self.lines[lineage] for lineage in order]
            first = next((at for at, lineage in enumerate(order) if lineage in placed), len(order))
            is_down = first < len(order) // 2
            kept = [line.position for line in lines if line.lineage not in placed]
            last = max(kept, default=0) + len(lines) - len(kept) + 1 if is_down else min(kept, default=1) - 1
            for line in reversed(lines) if is_down else lines:
                is_taken = line.position >= last if is_down else line.position <= last
                if line.lineage in placed or is_taken:
                    line.position = last - 1 if is_down else last + 1
                    if line.lineage not in self.added:
                        others.append(line)
                last = line.position
        return others

    def _update(self, lines: dict[int, CostLine]) -> None:
        if not lines:
            return
        columns = [
            *sorted(self.columns),
            *(("budget_product_id", "position") if self.is_reordered else ()),
            "edited_at",
        ]
        rows = [lines[pk] for pk in sorted(lines)]
        update = UPDATE.format(
            values=", ".join(f"{name} = n.{name}" for name in columns),
            arrays=", ".join(["%s::bigint[]", *(f"%s::{TYPES.get(name, 'text')}[]" for name in columns)]),
            names=", ".join(columns),
        )
        with connection.cursor() as cursor:
            cursor.execute(update, [[getattr(line, name) for line in rows] for name in ("pk", *columns)])


def _lock_few(sub_budget: SubBudget, lineages: set[UUID]) -> list[CostLine]:
    """Return the lines with their products, locked in the order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_FEW, [sub_budget.pk, sub_budget.budget_id, list(lineages)])
        rows = cursor.fetchall()
    lines, count = [], len(NAMES[CostLine])
    for row in rows:
        line = CostLine.from_db(DEFAULT_DB_ALIAS, NAMES[CostLine], row[:count])
        line.budget_product = BudgetProduct.from_db(DEFAULT_DB_ALIAS, NAMES[BudgetProduct], row[count:])
        lines.append(line)
    return lines


def to_json(value: object) -> object:
    """Return a stored value as JSON holds it."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def _from_json(name: str, value: str | int | None) -> CellValue:
    return Decimal(value) if name == "quantity" and value is not None else value


def is_newer(line: CostLine, seen: datetime | None) -> bool:
    """Return whether a line has been changed since somebody saw it.

    Who never said when counts as having seen it now.
    """
    return seen is not None and line.edited_at != seen
