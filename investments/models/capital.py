"""What capital costs a product: which products carry an asset class, and how far a budget's capital cost has been placed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, BudgetProduct, BudgetScopedQuerySet, Lineage
from investments.models.classes import AssetClass
from records.models import Provenance
from web.tracking import refused_to_site, tracked


@tracked(key="product_class", shown=("weight",), title="budget_product", place="asset_class")
class ProductClass(models.Model):
    """A product carries an asset class's depreciation and interest in a budget, by its weight among those that do.

    Without a class it carries the interest on loans that pay for none: use of equity, and what nobody has placed.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="product_classes", verbose_name=_("Budget"))
    lineage = Lineage()
    budget_product = models.ForeignKey(
        BudgetProduct, models.CASCADE, related_name="asset_classes", verbose_name=_("Product")
    )
    asset_class = models.ForeignKey(
        AssetClass, models.PROTECT, null=True, blank=True, related_name="carried_by", verbose_name=_("Asset class")
    )
    weight = models.DecimalField(_("Weight"), max_digits=12, decimal_places=4, default=1)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset class of a product")
        verbose_name_plural = _("asset classes of products")
        ordering = ["budget", "asset_class__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget_product", "asset_class"], nulls_distinct=False, name="product_carries_class_once"
            ),
            models.UniqueConstraint(fields=["budget", "lineage"], name="product_class_lineage_once_a_budget"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="class_weight_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.budget_product}: {self.asset_class or '–'}"


@refused_to_site("DELETE")
class CapitalState(models.Model):
    """How many changes what a budget buys, owns and owes has seen, and how many its products' capital cost holds."""

    budget = models.OneToOneField(
        Budget, models.DO_NOTHING, primary_key=True, related_name="capital_state", verbose_name=_("Budget")
    )
    changed = models.BigIntegerField(_("Changes so far"), default=0, db_default=0)
    placed = models.BigIntegerField(_("Changes in the capital cost"), default=0, db_default=0)
    problems = models.JSONField(_("Problems"), default=list, db_default=models.Value([], models.JSONField()))
    placed_at = models.DateTimeField(_("Placed"), null=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the capital cost")
        verbose_name_plural = _("states of the capital cost")
