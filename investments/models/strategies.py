"""The choice of hardware: strategies that say which staff gets which device, at what price and for how long.

A strategy belongs to a budget, beside what it buys: it is tried against the others, and one is taken into the plan.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from engine.money import MAX_ORE
from investments.models.classes import AssetClass
from investments.models.devices import MOST_DEVICES
from objects.models import Customer
from records.models import Provenance
from web.fields import OreField
from web.tracking import tracked

MOST_LIFE = 20


@tracked(key="hardware_strategy", shown=("note",), stays=True)
class HardwareStrategy(models.Model):
    """A choice of hardware for all that have devices, tried in a budget."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="hardware_strategies", verbose_name=_("Budget"))
    lineage = Lineage()
    name = models.CharField(_("Name"), max_length=80)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("hardware strategy")
        verbose_name_plural = _("hardware strategies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="strategy_lineage_once_a_budget"),
            models.UniqueConstraint(fields=["budget", "name"], name="strategy_named_once_a_budget"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked(
    key="strategy_row",
    shown=("customer", "asset_class", "units", "unit_price_ore", "life_years"),
    title="category",
    place="strategy",
    stays=True,
)
class StrategyRow(models.Model):
    """A staff category of a customer, how many units it has of a type of device, each at a price and for a life."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="strategy_rows", verbose_name=_("Budget"))
    strategy = models.ForeignKey(
        HardwareStrategy, models.CASCADE, related_name="rows", verbose_name=_("hardware strategy")
    )
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="strategy_rows", verbose_name=_("Customer"))
    category = models.CharField(_("Staff category"), max_length=80)
    asset_class = models.ForeignKey(
        AssetClass, models.PROTECT, related_name="strategy_rows", verbose_name=_("Type of device")
    )
    units = models.PositiveIntegerField(_("Units"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DEVICES)])
    unit_price_ore = OreField(_("Price each, SEK"))
    life_years = models.PositiveSmallIntegerField(
        _("Life, years"), validators=[MinValueValidator(1), MaxValueValidator(MOST_LIFE)]
    )
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a strategy")
        verbose_name_plural = _("rows of strategies")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(units__range=(1, MOST_DEVICES)), name="strategy_has_units"),
            models.CheckConstraint(condition=Q(unit_price_ore__range=(1, MAX_ORE)), name="strategy_has_a_price"),
            models.CheckConstraint(condition=Q(life_years__range=(1, MOST_LIFE)), name="strategy_has_a_life"),
        ]

    def __str__(self) -> str:
        return self.category
