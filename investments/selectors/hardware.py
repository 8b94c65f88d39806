"""The hardware strategies of a budget, and what each would let it buy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from budgets.models import Budget
from engine.hardware import Bought, Choice, buy
from engine.provenance import Source
from investments.models import HardwareStrategy, InvestmentItem, StrategyRow
from investments.selectors.replacements import Planned, Proposal
from web.compiled import compiled

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User


def list_strategies(budget: Budget) -> list[HardwareStrategy]:
    """Return a budget's strategies with their rows, oldest first."""
    return _list_strategies(budget.pk)


@compiled
def _list_strategies(budget_id: int) -> QuerySet[HardwareStrategy]:
    rows = HardwareStrategy.objects.filter(budget=budget_id)
    return rows.prefetch_related("rows__customer", "rows__asset_class__parent")


def find_strategy(budget: Budget, lineage: UUID, user: User) -> HardwareStrategy | None:
    """Return one that the user sees; None where there is none."""
    rows = HardwareStrategy.objects.visible_to(user).filter(budget=budget, lineage=lineage)
    found: HardwareStrategy | None = (
        rows.select_related("budget").prefetch_related("rows__customer", "rows__asset_class__parent").first()
    )
    return found


def propose_strategy(strategy: HardwareStrategy, budget: Budget, *, name: str) -> Proposal:
    """Return the purchases that a strategy comes to in a budget's years; `name` says what each is, by its %(name)s.

    A purchase is what a customer gets of a type of device in a year, even over it.
    """
    rows = list(strategy.rows.all())
    customers = {str(row.customer_id): row.customer for row in rows}
    planned = {row.asset_class.slug: _plan(row) for row in rows}
    sums: dict[tuple[str, str, int, int], int] = {}
    for bought in buy(map(_to_choice, rows), budget.years):
        place = bought.asset_class, bought.member, bought.year, bought.unit_price
        sums[place] = sums.get(place, 0) + bought.units
    items: dict[str, list[InvestmentItem]] = {slug: [] for slug in planned}
    for (slug, member, year, price), units in sorted(sums.items()):
        row = Bought(slug, member, year, units, price)
        items[slug].append(
            InvestmentItem(
                budget=budget,
                name=(name % {"name": planned[slug].asset_class.name})[:160],
                customer=customers[member],
                year=year,
                quantity=units,
                unit_price_ore=price,
                amount_ore=row.amount,
                position=len(items[slug]) + 1,
                provenance=(Source.ASSUMED if planned[slug].is_assumed else Source.CALCULATED).value,
            )
        )
    return Proposal(budget, planned, items, {row.asset_class.slug: row.life_years for row in rows})


def _plan(row: StrategyRow) -> Planned:
    is_assumed = row.provenance == Source.ASSUMED.value
    return Planned(row.asset_class, row.life_years, False, row.unit_price_ore, is_assumed)


def _to_choice(row: StrategyRow) -> Choice:
    return Choice(row.asset_class.slug, str(row.customer_id), row.units, row.unit_price_ore, row.life_years)
