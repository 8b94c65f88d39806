"""What a budget adds up to, why printed figures differ from it, and what is tried against it."""

from forecasts.models.reasons import ReconciliationReason
from forecasts.models.scenarios import StressScenario
from forecasts.models.stored import Forecast, ForecastRow

__all__ = ["Forecast", "ForecastRow", "ReconciliationReason", "StressScenario"]
