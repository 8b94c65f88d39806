"""Saving the table of hours: each cell by itself, what can't be read or was changed by another refused in its place.

The trick: a cell says what stood in it when its author began to write, so that nothing is overwritten unseen, and a step
that is undone finds its cells as it left them, or leaves them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, EditStep
from pricing.models import CostPool, PoolWeight, WeightStep
from pricing.selectors.matrix import NONE, key_of, list_weight_steps, load_hours
from pricing.services.editing import open_pools
from records.models import Provenance
from records.reasons import Reason
from web.faults import retried
from web.numbers import format_quantity
from web.reading import NumberError, Scale, clean, parse_number

if TYPE_CHECKING:
    from accounts.models import User

KEPT = 100
CENT = Decimal("0.01")
WEIGHT = Scale(2, Decimal(0), Decimal("9999999.99"))
PERCENT = Scale(2, Decimal(0), Decimal(100))
# A ten-thousandth of an equivalent is less than a quarter of an hour.
EQUIVALENTS = Scale(4, Decimal(0), Decimal(100_000))
Target = CostPool | BudgetProduct


@dataclass(frozen=True)
class TypedWeight:
    """A cell as typed, and what stood in it before, as it was shown; None does not ask."""

    pool: str
    to: str
    typed: str
    was: str | None = None


@dataclass(frozen=True)
class RefusedWeight:
    """A cell that is not saved, and why; `stored` is what stands there, in the unit of the page."""

    cell: TypedWeight
    reason: str
    stored: str


@dataclass
class SavedWeights:
    """How many cells are saved, and those that are not."""

    count: int = 0
    refused: list[RefusedWeight] = field(default_factory=list)


class StepRefusedError(Exception):
    """A step can't be taken; the message says why."""


def show_weight(weight: Decimal, pool: CostPool, hours: Decimal | None) -> str:
    """Return a weight as its cell shows it: nothing for 0, equivalents where `hours` are given and the pool counts hours."""
    if not weight:
        return ""
    if hours and pool.unit == CostPool.Unit.HOURS:
        weight = (weight / hours).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    return format_quantity(weight)


def read_weight(typed: str, pool: CostPool, hours: Decimal | None) -> Decimal:
    """Return a typed cell as the weight that is stored; an empty one is 0. Raise NumberError."""
    if not clean(typed):
        return NONE
    if pool.unit == CostPool.Unit.PERCENT:
        return parse_number(clean(typed).removesuffix("%"), PERCENT)
    if hours is None:
        return parse_number(typed, WEIGHT)
    return (parse_number(typed, EQUIVALENTS) * hours).quantize(CENT, rounding=ROUND_HALF_UP)


@retried
def save_weights(
    budget: Budget, cells: Sequence[TypedWeight], *, year: int, by: User, in_equivalents: bool = False, action: str = ""
) -> SavedWeights:
    """Save cells of a year, counted from 0. Raise PermissionDenied."""
    is_paste = action == EditStep.Action.PASTE
    with open_pools(budget, by=by, reason=Reason.PASTE_INTO_HOURS if is_paste else Reason.CHANGE_HOURS):
        table = _Table(budget, year, load_hours(budget) if in_equivalents else None)
        saved, changes = SavedWeights(), list[dict[str, object]]()
        for cell in cells:
            try:
                changes.extend(table.write(cell))
            except NumberError as error:
                saved.refused.append(RefusedWeight(cell, str(error), table.show(cell)))
        table.store()
        saved.count = len(changes)
        if changes:
            _record(budget, changes, action=EditStep.Action.PASTE if is_paste else EditStep.Action.CELLS, by=by)
    return saved


class _Table:
    """The weights of a budget while some of them change; `hours` where cells are in full-time equivalents."""

    def __init__(self, budget: Budget, year: int, hours: Decimal | None) -> None:
        self.year, self.hours = year, hours
        self.pools = {str(pool.lineage): pool for pool in CostPool.objects.filter(budget=budget)}
        products: list[BudgetProduct] = list(BudgetProduct.objects.filter(budget=budget))
        rows: list[Target] = [*self.pools.values(), *products]
        self.targets = {key_of(row): row for row in rows}
        self.weights = {
            (row.pool_id, row.to_pool_id, row.budget_product_id): row
            for row in PoolWeight.objects.select_for_update().filter(pool__budget=budget).order_by()
        }
        self.changed: dict[tuple[int, int | None, int | None], PoolWeight] = {}

    def write(self, cell: TypedWeight) -> list[dict[str, object]]:
        """Take a cell; return what it changes. Raise NumberError with what stands against it."""
        pool, target = self._find(cell)
        weight = read_weight(cell.typed, pool, self.hours)
        before = self.get(pool, target, self.year)
        if cell.was is not None and weight != before and cell.was != show_weight(before, pool, self.hours):
            shown = show_weight(before, pool, self.hours) or _("nothing")
            raise NumberError(
                _("Somebody else has saved %(theirs)s meanwhile. Write it again to keep yours.") % {"theirs": shown}
            )
        if weight == before:
            return []
        self.set(pool, target, self.year, weight)
        return [_tell(pool, target, self.year, before, weight)]

    def _find(self, cell: TypedWeight) -> tuple[CostPool, Target]:
        pool, target = self.pools.get(cell.pool), self.targets.get(cell.to)
        if pool is None or target is None:
            raise NumberError(_("The team or the product has been removed."))
        if target == pool:
            raise NumberError(_("A pool can't serve itself."))
        return pool, target

    def show(self, cell: TypedWeight) -> str:
        """Return what is stored in a cell, as the page shows it."""
        pool, target = self.pools.get(cell.pool), self.targets.get(cell.to)
        if pool is None or target is None:
            return ""
        return show_weight(self.get(pool, target, self.year), pool, self.hours)

    def get(self, pool: CostPool, target: Target, year: int) -> Decimal:
        """Return a weight; 0 where there is none."""
        row = self.weights.get(_whom(pool, target))
        return getattr(row, f"weight_{year + 1}") if row else NONE

    def set(self, pool: CostPool, target: Target, year: int, weight: Decimal) -> None:
        """Give a cell a weight, which somebody now answers for."""
        key = _whom(pool, target)
        row = self.weights.get(key)
        if row is None:
            row = self.weights[key] = PoolWeight(pool=pool, to_pool_id=key[1], budget_product_id=key[2])
        setattr(row, f"weight_{year + 1}", weight)
        row.provenance = Provenance.ENTERED
        self.changed[key] = row

    def store(self) -> None:
        """Write what differs; a use of nothing in all years is none."""
        rows = list(self.changed.values())
        empty = [row for row in rows if not (row.weight_1 or row.weight_2 or row.weight_3)]
        PoolWeight.objects.filter(pk__in=[row.pk for row in empty if row.pk]).delete()
        PoolWeight.objects.bulk_create([row for row in rows if row not in empty and row.pk is None])
        kept = [row for row in rows if row.pk is not None and row not in empty]
        PoolWeight.objects.bulk_update(kept, ["weight_1", "weight_2", "weight_3", "provenance"])


def _whom(pool: CostPool, target: Target) -> tuple[int, int | None, int | None]:
    is_pool = isinstance(target, CostPool)
    return (pool.pk, target.pk if is_pool else None, None if is_pool else target.pk)


def _tell(pool: CostPool, target: Target, year: int, before: Decimal, after: Decimal) -> dict[str, object]:
    return {
        "pool": str(pool.lineage),
        "to": key_of(target),
        "year": year + 1,
        "before": str(before),
        "after": str(after),
    }


def _record(budget: Budget, changes: list[dict[str, object]], *, action: str, by: User) -> None:
    """Keep a step; what was undone before it can't be done again, and the oldest are forgotten."""
    steps = list_weight_steps(budget, by)
    steps.filter(undone=True).delete()
    WeightStep.objects.create(user=by, budget=budget, action=action, changes=changes)
    old = steps.order_by("-pk").values_list("pk", flat=True)[KEPT:]
    WeightStep.objects.filter(pk__in=list(old)).delete()


@retried
def undo_weights(budget: Budget, *, by: User, number: int | None = None) -> WeightStep:
    """Take back a person's last step; `number` is the one that the page named. Raise StepRefusedError, PermissionDenied."""
    with open_pools(budget, by=by, reason=Reason.UNDO) as act:
        step = _next_step(budget, by, number, undone=False)
        act.tell(step=step.action)
        _take(budget, step, before="after", after="before")
        WeightStep.objects.filter(pk=step.pk).update(undone=True)
    return step


@retried
def redo_weights(budget: Budget, *, by: User, number: int | None = None) -> WeightStep:
    """Do the first undone step again; as above."""
    with open_pools(budget, by=by, reason=Reason.REDO) as act:
        step = _next_step(budget, by, number, undone=True)
        act.tell(step=step.action)
        _take(budget, step, before="before", after="after")
        WeightStep.objects.filter(pk=step.pk).update(undone=False)
    return step


def _next_step(budget: Budget, by: User, number: int | None, *, undone: bool) -> WeightStep:
    steps = list_weight_steps(budget, by).filter(undone=undone).order_by("pk" if undone else "-pk")
    step: WeightStep | None = steps.first()
    if step is None:
        raise StepRefusedError(_("There is nothing to redo.") if undone else _("There is nothing to undo."))
    if number is not None and step.pk != number:
        raise StepRefusedError(
            _("You have changed something else since the page was shown. Look at it, and try again.")
        )
    return step


def _take(budget: Budget, step: WeightStep, *, before: str, after: str) -> None:
    """Give the cells of a step back what they held. Raise StepRefusedError where somebody has changed one since."""
    table = _Table(budget, 0, None)
    for told in _list_cells(step.changes):
        pool, target, year = table.pools.get(told["pool"]), table.targets.get(told["to"]), int(told["year"]) - 1
        if pool is None or target is None:
            raise StepRefusedError(_("The team or the product has been removed."))
        if table.get(pool, target, year) != Decimal(told[before]):
            raise StepRefusedError(
                _("A cell of this step has been changed by somebody else since. Change the cell itself.")
            )
        table.set(pool, target, year, Decimal(told[after]))
    table.store()


def _list_cells(changes: Iterable[dict[str, object]]) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in told.items()} for told in changes]
