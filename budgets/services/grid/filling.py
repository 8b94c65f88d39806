"""What quantity × unit price puts in the plan years: nothing, the same amount, or the first year counted up by the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum

from django.utils import timezone

from budgets.models import CostLine
from budgets.services.copying import NEVER_INDEXED
from budgets.services.grid.edits import Values
from engine.indexing import Rate, find_index
from engine.lines import FACTORS
from engine.money import MAX_ORE, round_ore
from engine.years import AMOUNTS, Amounts


class PlanYears(StrEnum):
    """What becomes of the plan years when quantity and unit price set the first year's amount."""

    LEAVE = "leave"
    SAME = "same"
    INDEX = "index"


def fill_plan_years(
    line: CostLine, values: Values, how: str, *, years: Amounts, rates: Callable[[], list[Rate]]
) -> None:
    """Add the plan years to `values`, as read and settled, where quantity and price set the first year; else nothing.

    What is typed in a plan year itself stands, and an amount beyond the largest is not filled in. Kinds that are never
    indexed are left by the index (rule 2); `rates` is asked for no other choice.
    """
    first = values.get(AMOUNTS[0])
    has_product = bool(values.keys() & set(FACTORS)) and values.get("quantity", line.quantity) is not None
    if how == PlanYears.LEAVE or first is None or not has_product:
        return
    kind = values.get("cost_kind", line.cost_kind)
    if how == PlanYears.SAME:
        later = (first, first)
    elif kind in NEVER_INDEXED:
        return
    else:
        later = count_up(first, kind, rates(), years, timezone.localdate())
    if max(map(abs, later)) <= MAX_ORE:
        for name, amount in zip(AMOUNTS[1:], later, strict=True):
            values.setdefault(name, amount)


def count_up(first: int, kind: str, rates: Iterable[Rate], years: Amounts, on: date) -> tuple[int, int]:
    """Return the two plan years' öre, each from the year before by the index valid on a day (rule 2)."""
    known = list(rates)
    second = round_ore(first * find_index(known, kind, years[1], on))
    return second, round_ore(second * find_index(known, kind, years[2], on))
