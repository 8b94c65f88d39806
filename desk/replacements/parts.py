"""A replacement plan as the page tells it: what falls due by class and year, by member, and what a proposal changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from desk.replacements.form import PlanForm
from engine.replacements import Replacement, Sum, add_up
from forecasts.selectors.replacements import Change, Effect
from investments.selectors.replacements import YEARS_AFTER, Planned, Register
from objects.models import Customer

NOTHING = Sum(0, 0)


@dataclass(frozen=True)
class ClassRow:
    """A class of the plan: how many of it there are, what falls due in each year, and what is typed about it."""

    planned: Planned
    number: int
    sums: list[Sum]
    price: BoundField | None
    take: BoundField | None
    deferrals: list[BoundField]


@dataclass(frozen=True)
class MemberRow:
    """A customer, or the federation itself, with what it gets in each year."""

    customer: Customer | None
    sums: list[Sum]


@dataclass(frozen=True)
class EffectRow:
    """A figure that a proposal changes."""

    label: str
    change: Change
    is_room: bool = False


@dataclass(frozen=True)
class Waves:
    """The plan by class, by member and in all, in the budget's years and some after them."""

    years: list[int]
    classes: list[ClassRow]
    members: list[MemberRow]
    totals: list[Sum]
    is_assumed: bool
    overdue: Sum


def tell_waves(plan: Sequence[Replacement], register: Register, form: PlanForm, first: int) -> Waves:
    """Return the plan as it is shown."""
    years = list(range(first, first + 3 + YEARS_AFTER))
    by_class = add_up(plan, lambda row: (row.asset_class, row.year))
    by_member = add_up(plan, lambda row: (row.member, row.year))
    by_year = add_up(plan, lambda row: row.year)
    keys = sorted({key for key, _year in by_member}, key=lambda key: _place(register, key))
    counted: dict[str, int] = {}
    for cohort in register.cohorts:
        counted[cohort.asset_class] = counted.get(cohort.asset_class, 0) + cohort.number
    late = add_up((row for row in plan if row.due < first * 12), lambda _row: 0)
    return Waves(
        years,
        [
            ClassRow(
                row,
                counted.get(row.slug, 0),
                [by_class.get((row.slug, year), NOTHING) for year in years],
                form.price_of(row),
                form[f"take_{row.slug}"] if row.family == row.slug else None,
                form.deferrals_of(row),
            )
            for row in register.planned
        ],
        [MemberRow(register.name_member(key), [by_member.get((key, year), NOTHING) for year in years]) for key in keys],
        [by_year.get(year, NOTHING) for year in years],
        any(row.is_assumed for row in register.planned),
        late.get(0, NOTHING),
    )


def _place(register: Register, key: str) -> tuple[int, str]:
    order = list(register.customers)
    return (order.index(key), key) if key in order else (len(order), key)


def list_effects(effect: Effect) -> list[EffectRow]:
    """Return what a proposal changes, row by row; what nobody can know is left out."""
    rows = [
        EffectRow(_("Purchases paid by loans"), effect.purchases),
        EffectRow(_("Depreciation"), effect.depreciation),
        EffectRow(_("Interest"), effect.interest),
        EffectRow(_("Debt on 31 December"), effect.debt),
        EffectRow(_("Headroom"), effect.headroom, is_room=True),
    ]
    return [row for row in rows if any(ore is not None for ore in row.change.now)]
