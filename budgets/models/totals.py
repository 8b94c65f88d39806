"""The only stored sums, and the counters that tell whether they are up to date.

`failed_at` is when the last attempt ended in an error, until one succeeds.

`changed` is raised by a database trigger in the transaction of the change; the roll-up stores the value of
`changed` it read as `summed`, so that an edit between sum and store is never lost.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgets.models.base import COST_KINDS, SubBudgetScopedQuerySet
from budgets.models.budget import Budget, BudgetProduct, SubBudget
from engine.provenance import Sources
from web.tracking import refused_to_site


class Total(models.Model):
    """Three years' sums in öre of one cost kind.

    Totals have no foreign keys in the database, whose checks were half the time of storing them: what they are of was
    read in the statement that stores them, and its deletion deletes them.
    """

    cost_kind = models.CharField(_("Cost kind"), max_length=20, choices=COST_KINDS)
    amount_1_ore = models.BigIntegerField(_("Amount of the first year, SEK"), default=0)
    amount_2_ore = models.BigIntegerField(_("Amount of the second year, SEK"), default=0)
    amount_3_ore = models.BigIntegerField(_("Amount of the third year, SEK"), default=0)
    # The weakest source of the lines; the last year may also rest on an index.
    provenance = models.CharField(_("Source"), max_length=10, db_default="calculated")
    last_provenance = models.CharField(_("Source of the last year"), max_length=10, db_default="calculated")

    objects = SubBudgetScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def amounts(self) -> tuple[int, int, int]:
        return (self.amount_1_ore, self.amount_2_ore, self.amount_3_ore)

    @property
    def sources(self) -> Sources:
        """Where the three years' sums come from."""
        return (self.provenance, self.provenance, self.last_provenance)


class ProductTotal(Total):
    """The sum of one budget product's lines of one cost kind."""

    sub_budget = models.ForeignKey(
        SubBudget, models.CASCADE, db_constraint=False, related_name="product_totals", verbose_name=_("Sub-budget")
    )
    budget_product = models.ForeignKey(
        BudgetProduct,
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="totals",
        verbose_name=_("Product"),
    )

    class Meta:
        verbose_name = _("total of a product")
        verbose_name_plural = _("totals of products")
        constraints = [models.UniqueConstraint(fields=["budget_product", "cost_kind"], name="product_total_once")]


class SubBudgetTotal(Total):
    """The sum of one sub-budget's lines of one cost kind."""

    sub_budget = models.ForeignKey(
        SubBudget,
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="totals",
        verbose_name=_("Sub-budget"),
    )

    class Meta:
        verbose_name = _("total of a sub-budget")
        verbose_name_plural = _("totals of sub-budgets")
        constraints = [models.UniqueConstraint(fields=["sub_budget", "cost_kind"], name="sub_budget_total_once")]


@refused_to_site("DELETE")
class RollUpState(models.Model):
    """How many changes a sub-budget has seen, and how many its totals hold.

    A state is deleted with its sub-budget, by a trigger, and by nothing else: without one no change is counted.
    """

    sub_budget = models.OneToOneField(
        SubBudget, models.DO_NOTHING, primary_key=True, related_name="roll_up", verbose_name=_("Sub-budget")
    )
    changed = models.BigIntegerField(_("Changes so far"), default=1, db_default=1)
    summed = models.BigIntegerField(_("Changes in the sums"), default=0, db_default=0)
    summed_at = models.DateTimeField(_("Summed"), null=True)
    failed_at = models.DateTimeField(_("Failed"), null=True)

    objects = SubBudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the totals")
        verbose_name_plural = _("states of the totals")
        indexes = [models.Index(fields=["sub_budget"], condition=~Q(changed=F("summed")), name="sub_budgets_to_sum")]


class ForecastStateQuerySet(SubBudgetScopedQuerySet["ForecastState"]):
    budget_path = "budget__"


@refused_to_site("DELETE")
class ForecastState(models.Model):
    """The same for a budget's forecasts: `changed` counts new totals and edits of investments, loans and rates."""

    budget = models.OneToOneField(
        Budget, models.DO_NOTHING, primary_key=True, related_name="forecast_state", verbose_name=_("Budget")
    )
    changed = models.BigIntegerField(_("Changes so far"), default=1, db_default=1)
    computed = models.BigIntegerField(_("Changes in the forecasts"), default=0, db_default=0)
    computed_at = models.DateTimeField(_("Computed"), null=True)
    failed_at = models.DateTimeField(_("Failed"), null=True)

    objects = ForecastStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the forecasts")
        verbose_name_plural = _("states of the forecasts")
