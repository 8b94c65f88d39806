"""What a budget plans to buy: copied with it and frozen by its adoption."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from engine.money import MAX_ORE
from engine.years import AMOUNTS
from investments.models.classes import AssetClass
from records.models import Provenance
from web.fields import OreField
from web.tracking import tracked

# Rule 2: the plan years become the first two; purchases have no index, so the last is as the one before.
YEAR_ON = {
    "amount_1_ore": "old.amount_2_ore",
    "amount_2_ore": "old.amount_3_ore",
    "provenance": "CASE old.provenance WHEN 'assumed' THEN 'assumed' ELSE 'copied' END",
}


@tracked(shown=("amount_1_ore", "amount_2_ore", "amount_3_ore"), title="asset_class", year_on=YEAR_ON)
class Investment(models.Model):
    """What a budget plans to buy of one asset class; an amount that is not yet known stays empty."""

    class Financing(models.TextChoices):
        LOAN = "loan", _("loan")
        FINANCE_LEASE = "finance_lease", _("finance lease")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="investments", verbose_name=_("Budget"))
    lineage = Lineage()
    asset_class = models.ForeignKey(
        AssetClass, models.PROTECT, related_name="investments", verbose_name=_("Asset class")
    )
    financing = models.CharField(_("Financing"), max_length=14, choices=Financing, default=Financing.LOAN)
    amount_1_ore = OreField(_("Amount of the first year, SEK"), null=True, blank=True)
    amount_2_ore = OreField(_("Amount of the second year, SEK"), null=True, blank=True)
    amount_3_ore = OreField(_("Amount of the third year, SEK"), null=True, blank=True)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("investment")
        verbose_name_plural = _("investments")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="investment_lineage_once_a_budget"),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (0, MAX_ORE)}),
                    name=f"investment_{name}_in_range",
                )
                for name in AMOUNTS
            ],
        ]

    def __str__(self) -> str:
        return f"{self.asset_class}, {self.budget}"

    @property
    def amounts(self) -> tuple[int | None, int | None, int | None]:
        """The three years' amounts, öre; None is not yet known."""
        return (self.amount_1_ore, self.amount_2_ore, self.amount_3_ore)
