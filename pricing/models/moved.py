"""Moved cost: recorded when it moves, for the bridge between two budgets (rule 5)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, BudgetProduct, BudgetScopedQuerySet, Lineage
from budgets.models.budget import amount_checks
from engine.money import MAX_ORE
from records.models import Provenance
from web.fields import OreField
from web.tracking import tracked


@tracked(shown=("from_product", "to_product", "amount_1_ore"), title="reason", stays=True)
class MovedCost(models.Model):
    """Cost that this budget holds at another product than the one before it did; the amounts are of the three years.

    The next budget is held against this one, where the cost is in its new place already: no copy has it.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="moved_costs", verbose_name=_("Budget"))
    lineage = Lineage()
    from_product = models.ForeignKey(
        BudgetProduct, models.PROTECT, related_name="moved_away", verbose_name=_("From the product")
    )
    to_product = models.ForeignKey(
        BudgetProduct, models.PROTECT, related_name="moved_here", verbose_name=_("To the product")
    )
    amount_1_ore = OreField(_("Amount of the first year, SEK"), default=0)
    amount_2_ore = OreField(_("Amount of the second year, SEK"), default=0)
    amount_3_ore = OreField(_("Amount of the third year, SEK"), default=0)
    reason = models.CharField(_("Reason"), max_length=240)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("moved cost")
        verbose_name_plural = _("moved costs")
        ordering = ["budget", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="moved_cost_lineage_once_a_budget"),
            models.CheckConstraint(condition=~Q(from_product=F("to_product")), name="cost_moves_to_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="moved_cost_has_a_reason"),
            *amount_checks("moved_cost", MAX_ORE),
        ]

    def __str__(self) -> str:
        return self.reason
