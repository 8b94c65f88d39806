"""What is entered of equity and the balance sheet, as the engine's figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from budgets.models import Budget
from engine.balance import Item
from engine.equity import Figure
from investments.models import (
    BalanceChange,
    BalanceStatement,
    EquityFloor,
    EquityFund,
    EquityFundYear,
    EquityInitiative,
)
from objects.models import Decision
from objects.selectors.reader import compiled_for_reader
from web.compiled import compiled
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User


@compiled_for_reader
def list_statements(user: User) -> QuerySet[BalanceStatement]:
    """Return what is stated of balance sheets, the newest day first."""
    return BalanceStatement.objects.visible_to(user).order_by("-stated_on", "pk")


@compiled_for_reader
def list_floors(user: User) -> QuerySet[EquityFloor]:
    """Return the floors of equity, the newest first."""
    return EquityFloor.objects.visible_to(user).order_by("-from_on")


def list_funds(user: User) -> list[EquityFund]:
    """Return the funds for use of equity with their years and initiatives, the earliest first."""
    funds = EquityFund.objects.visible_to(user).select_related("decision")
    years = Prefetch("years", EquityFundYear.objects.select_related("decision"))
    return list(funds.prefetch_related(years, "initiatives").order_by("first_year", in_swedish("name")))


def list_initiatives(funds: Iterable[EquityFund]) -> list[EquityInitiative]:
    """Return the initiatives of funds that are read already, in their order."""
    return [row for fund in funds for row in fund.initiatives.all()]


def list_changes(budget: Budget) -> list[BalanceChange]:
    """Return the changes of provisions and other liabilities that a budget plans."""
    return list(_list_changes(budget.pk))


@compiled
def _list_changes(budget_id: int) -> QuerySet[BalanceChange]:
    return BalanceChange.objects.filter(budget=budget_id).order_by("year", "pk")


def list_equity_decisions() -> QuerySet[Decision]:
    """Return the decisions by which equity can be used: its own and those that adopt a budget, that are taken."""
    kinds = (Decision.Kind.USE_EQUITY, Decision.Kind.ADOPT_BUDGET)
    return Decision.objects.filter(kind__in=kinds, stage=Decision.Stage.DECIDED).order_by("-meeting_on", "pk")


def to_figures(statements: Iterable[BalanceStatement], item: Item) -> dict[int, Figure]:
    """Return what is stated of an item by the year at whose end it is, öre."""
    own = (row for row in statements if row.item == item)
    return {row.stated_on.year: Figure(row.amount_ore, row.provenance) for row in own}


def floors_by_year(floors: Iterable[EquityFloor], years: Sequence[int]) -> dict[int, Figure]:
    """Return the floor on the last day of each of the years that has one, öre."""
    newest_first = sorted(floors, key=lambda row: row.from_on, reverse=True)
    found = {}
    for year in years:
        row = next((row for row in newest_first if row.from_on <= date(year, 12, 31)), None)
        if row is not None:
            found[year] = Figure(row.amount_ore, row.provenance)
    return found
