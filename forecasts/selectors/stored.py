"""What is stored of a budget's three forecasts, and what of them is behind."""

from __future__ import annotations

from django.db.models import F

from budgets.models import Budget, ForecastState, RollUpState
from forecasts.models import Forecast, ForecastRow


def sub_budgets_behind() -> list[int]:
    """The sub-budgets whose totals lack a change, in one order so that sweeps do not cross."""
    return list(RollUpState.objects.exclude(changed=F("summed")).order_by("pk").values_list("pk", flat=True))


def budgets_behind() -> list[int]:
    """The budgets whose forecasts lack a change."""
    return list(ForecastState.objects.exclude(changed=F("computed")).order_by("pk").values_list("pk", flat=True))


def load_forecast(budget: Budget, kind: Forecast.Kind) -> list[ForecastRow]:
    """A stored forecast's figures in order."""
    rows = ForecastRow.objects.filter(forecast__budget=budget, forecast__kind=kind)
    return list(rows.select_related("budget_product").order_by("position"))


def load_amounts(budget: Budget, kind: Forecast.Kind) -> dict[str, dict[int, int | None]]:
    """A stored forecast's rows without product: öre by row and year."""
    amounts: dict[str, dict[int, int | None]] = {}
    for figure in load_forecast(budget, kind):
        if figure.budget_product_id is None:
            amounts.setdefault(figure.row, {})[figure.year] = figure.amount_ore
    return amounts
