"""What a budget adds up to: its grant, result and loan forecast."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, BudgetProduct, BudgetScopedQuerySet
from engine.money import round_to_tkr


class Forecast(models.Model):
    """One of a budget's three roll-ups."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("grant forecast")
        RESULT = "result", _("result forecast")
        LOAN = "loan", _("loan forecast")

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="forecasts", verbose_name=_("Budget"))
    kind = models.CharField(_("Kind of forecast"), max_length=10, choices=Kind)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["budget", "kind"]
        constraints = [models.UniqueConstraint(fields=["budget", "kind"], name="one_forecast_of_each_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.budget}"


class ForecastRowQuerySet(BudgetScopedQuerySet["ForecastRow"]):
    budget_path = "forecast__budget__"


class ForecastRow(models.Model):
    """One figure: a row's amount in a year, öre; empty where it can't be known (no framework in force)."""

    # The constraint's index begins with the forecast.
    forecast = models.ForeignKey(
        Forecast, models.CASCADE, db_index=False, related_name="rows", verbose_name=_("Forecast")
    )
    row = models.CharField(_("Row"), max_length=40)
    budget_product = models.ForeignKey(
        BudgetProduct, models.CASCADE, null=True, related_name="forecast_rows", verbose_name=_("Product")
    )
    year = models.PositiveSmallIntegerField(_("Year"))
    amount_ore = models.BigIntegerField(_("Amount, SEK"), null=True)
    position = models.PositiveIntegerField(_("Place in the order"))
    # The weakest source of what it is made of (engine.provenance).
    provenance = models.CharField(_("Source"), max_length=10, db_default="calculated")

    objects = ForecastRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of a forecast")
        verbose_name_plural = _("figures of forecasts")
        ordering = ["forecast", "position", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["forecast", "row", "budget_product", "year"], nulls_distinct=False, name="forecast_row_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.year}"

    @property
    def tkr(self) -> int | None:
        return None if self.amount_ore is None else round_to_tkr(self.amount_ore)
