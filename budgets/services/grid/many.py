"""Changes several amounts at once: by per cent, by an amount, or from the year before by the index valid today.

Planned first, so that the sums before and after can be seen, then saved like anything typed: one step, undone as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from budgets.models import CostLine, EditStep
from budgets.selectors.sheets import SheetLine, split_closed
from budgets.services.copying import NEVER_INDEXED
from budgets.services.grid.edits import GridEdit, LineEdit
from engine.indexing import Rate, find_index
from engine.money import round_ore
from engine.result import sum_amounts
from engine.slips import is_slip
from engine.years import AMOUNTS, Amounts
from web.numbers import format_sek


@dataclass(frozen=True)
class Plan:
    """Sums of the lines meant, öre a year, before and after; the edit that makes it so, and what it empties.

    `slips` counts the amounts that become about a thousand times what they were (`engine.slips`), `closed` the lines that keep
    theirs, for they are not typed.
    """

    count: int
    before: Amounts
    after: Amounts
    edit: GridEdit
    emptied: int
    slips: int
    closed: int


# New amounts of a line from those it has, in order, so that a year counts up from the new one before it.
Rule = Callable[[SheetLine, int, list[int]], int]


def by_percent(percent: Decimal) -> Rule:
    """Return each amount raised by per cent, rounded once (rule 1)."""
    factor = 1 + Fraction(percent) / 100
    return lambda _line, year, amounts: round_ore(amounts[year] * factor)


def by_amount(ore: int) -> Rule:
    """Return each amount raised by öre."""
    return lambda _line, year, amounts: amounts[year] + ore


def by_index(rates: Iterable[Rate], years: Amounts, on: date, before: Mapping[UUID, int]) -> Rule:
    """Return each amount from the year before's by the index valid on a day (rule 2).

    `before` is what the lines came to the year before the first, öre by lineage. Unchanged where that is not known, and
    where a kind is never indexed.
    """
    known = list(rates)

    def count_up(line: SheetLine, year: int, amounts: list[int]) -> int:
        base = amounts[year - 1] if year else before.get(line.line.lineage)
        if line.line.cost_kind in NEVER_INDEXED or base is None or (year == 0 and base == 0):
            return amounts[year]
        return round_ore(base * find_index(known, line.line.cost_kind, years[year], on))

    return count_up


def plan_many(lines: Iterable[SheetLine], years: Iterable[int], rule: Rule, *, by_economist: bool) -> Plan:
    """Return what `rule` makes of some years (0, 1, 2) of those of the lines that may be typed. Nothing is written."""
    chosen, wanted = list(lines), sorted(years)
    typed, fixed = split_closed(chosen, by_economist=by_economist)
    closed = [line.amounts for line in fixed]
    edits, after, emptied, slips = [], list(closed), 0, 0
    for line in typed:
        amounts = list(line.amounts)
        for year in wanted:
            amounts[year] = rule(line, year, amounts)
        changed = {AMOUNTS[year]: amounts[year] for year in wanted if amounts[year] != line.amounts[year]}
        slips += sum(is_slip(line.amounts[year], amounts[year]) for year in wanted)
        emptied += AMOUNTS[0] in changed and line.line.quantity is not None
        after.append((amounts[0], amounts[1], amounts[2]))
        if changed:
            edits.append(_edit(line.line, changed))
    before = sum_amounts(line.amounts for line in chosen)
    edit = GridEdit(tuple(edits), action=EditStep.Action.MANY)
    return Plan(len(edits), before, sum_amounts(after), edit, emptied, slips, len(closed))


def _edit(line: CostLine, changed: dict[str, int]) -> LineEdit:
    cells = {name: format_sek(ore) for name, ore in changed.items()}
    return LineEdit(line.lineage, cells, {}, line.edited_at)
