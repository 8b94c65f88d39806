"""What is stored of a budget's three forecasts, and what of them is behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import F, QuerySet

from budgets.models import Budget, ForecastState, RollUpState
from engine.provenance import Source, Sources
from engine.result import RESULT_ROWS
from engine.years import Amounts
from forecasts.models import Forecast, ForecastRow
from web.compiled import compiled

# After every moment there is.
NEVER = datetime.max.replace(tzinfo=UTC)

Figures = dict[str, dict[int, int | None]]
"""Öre by row and year; None is not known."""


def sub_budgets_behind(*, not_failed_since: datetime | None = None) -> list[int]:
    """Return the sub-budgets whose totals lack a change, in one order so that sweeps do not cross.

    Those whose roll-up has failed since the moment are left out.
    """
    behind = RollUpState.objects.exclude(changed=F("summed")).exclude(failed_at__gt=not_failed_since or NEVER)
    return list(behind.order_by("pk").values_list("pk", flat=True))


def budgets_behind(*, not_failed_since: datetime | None = None) -> list[int]:
    """Return the budgets whose forecasts lack a change, but for those that have failed since the moment."""
    behind = ForecastState.objects.exclude(changed=F("computed")).exclude(failed_at__gt=not_failed_since or NEVER)
    return list(behind.order_by("pk").values_list("pk", flat=True))


def count_failed() -> int:
    """Count the sub-budgets and budgets whose last roll-up failed."""
    return RollUpState.objects.exclude(failed_at=None).count() + ForecastState.objects.exclude(failed_at=None).count()


def load_forecast(budget: Budget, kind: Forecast.Kind) -> list[ForecastRow]:
    """Return a stored forecast's figures in order."""
    rows = ForecastRow.objects.filter(forecast__budget=budget, forecast__kind=kind)
    return list(rows.select_related("budget_product").order_by("position"))


def load_amounts(budget: Budget, kind: Forecast.Kind) -> Figures:
    """Return a stored forecast's rows without product."""
    return load_amounts_by_kind(budget, kind)[kind]


@dataclass(frozen=True)
class Stored:
    """A stored forecast's rows without product: öre, and where each figure comes from."""

    amounts: Figures = field(default_factory=dict)
    sources: dict[str, dict[int, str]] = field(default_factory=dict)

    def source_of(self, row: str, year: int) -> str:
        """Return where a figure comes from; what is not stored is not known."""
        return self.sources.get(row, {}).get(year, Source.UNKNOWN)

    def sources_of(self, row: str, budget: Budget) -> Sources:
        """Return where a row's figures of the budget's three years come from."""
        first, second, third = (self.source_of(row, year) for year in budget.years)
        return first, second, third


def load_stored(budget: Budget, *kinds: Forecast.Kind) -> dict[Forecast.Kind, Stored]:
    """Return the rows without product of stored forecasts, with their sources; one query."""
    stored = {kind: Stored() for kind in kinds}
    for kind, row, year, ore, source in _list_rows(budget.pk, *kinds):
        own = stored[Forecast.Kind(kind)]
        own.amounts.setdefault(row, {})[year] = ore
        own.sources.setdefault(row, {})[year] = source
    return stored


@compiled
def _list_rows(budget_id: int, *kinds: Forecast.Kind) -> QuerySet[ForecastRow, tuple[str, str, int, int | None, str]]:
    rows = ForecastRow.objects.filter(forecast__budget=budget_id, forecast__kind__in=kinds, budget_product=None)
    return rows.order_by("position").values_list("forecast__kind", "row", "year", "amount_ore", "provenance")


def load_amounts_by_kind(budget: Budget, *kinds: Forecast.Kind) -> dict[Forecast.Kind, Figures]:
    """Return the rows without product of several stored forecasts; one query."""
    return {kind: stored.amounts for kind, stored in load_stored(budget, *kinds).items()}


def load_result(budget: Budget) -> dict[str, Amounts]:
    """Return the stored income statement, öre by row; zeros until it is computed."""
    return result_of(load_amounts(budget, Forecast.Kind.RESULT), budget)


def result_of(figures: Figures, budget: Budget) -> dict[str, Amounts]:
    """Return the income statement that these figures hold, öre by row; zeros where they hold none."""
    return {row: in_years(figures.get(row, {}), budget) for row in RESULT_ROWS}


def in_years(figures: Mapping[int, int | None], budget: Budget) -> Amounts:
    """Return a row's amounts in the budget's three years, zero where none is known."""
    first, second, third = (figures.get(year) or 0 for year in budget.years)
    return first, second, third
