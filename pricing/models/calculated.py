"""What is calculated, what the calculation made, and whether it is up to date.

Posts' cost and pools' shares are stored, so that a page shows the figure that a line was made of; they can be made again,
so no history is kept of them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models import COST_KINDS, Budget, BudgetProduct, BudgetScopedQuerySet, Lineage
from engine.personnel import PersonnelRow
from pricing.models.pools import CostPool, PoolScopedQuerySet
from pricing.models.posts import PostPart, SalaryQuerySet
from web.tracking import refused_to_site, tracked


@tracked(
    key="calculated_kind",
    shown=("cost_kind",),
    title="budget_product",
    hidden=("replaced",),
    # What was replaced are lines of the budget that is copied, of its years.
    copied={"replaced": "'[]'::jsonb"},
)
class CalculatedKind(models.Model):
    """A product's cost of a kind is calculated; without such a row it is entered.

    `replaced` keeps the lines that stood there before, by the names of their fields, to be put back.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="calculated_kinds", verbose_name=_("Budget"))
    lineage = Lineage()
    budget_product = models.ForeignKey(
        BudgetProduct, models.CASCADE, related_name="calculated_kinds", verbose_name=_("Product")
    )
    cost_kind = models.CharField(_("Cost kind"), max_length=20, choices=COST_KINDS[:7])
    replaced = models.JSONField(_("Replaced lines"), default=list, db_default=models.Value([], models.JSONField()))

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calculated kind of cost")
        verbose_name_plural = _("calculated kinds of cost")
        ordering = ["budget", "budget_product", "cost_kind"]
        constraints = [
            models.UniqueConstraint(fields=["budget_product", "cost_kind"], name="kind_calculated_once"),
            models.UniqueConstraint(fields=["budget", "lineage"], name="calculated_kind_lineage_once_a_budget"),
            models.CheckConstraint(
                condition=Q(cost_kind__in=["personnel", "staff_time", "server_operation", "depreciation", "interest"]),
                name="kind_can_be_calculated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget_product}: {self.get_cost_kind_display()}"


class Amounts(models.Model):
    """Three years' amounts in öre."""

    amount_1_ore = models.BigIntegerField(_("Amount of the first year, SEK"), default=0)
    amount_2_ore = models.BigIntegerField(_("Amount of the second year, SEK"), default=0)
    amount_3_ore = models.BigIntegerField(_("Amount of the third year, SEK"), default=0)

    class Meta:
        abstract = True

    @property
    def amounts(self) -> tuple[int, int, int]:
        """The three years' amounts, öre."""
        return (self.amount_1_ore, self.amount_2_ore, self.amount_3_ore)


class PostCost(Amounts):
    """What a part of a post costs, by the row of the personnel table."""

    part = models.ForeignKey(PostPart, models.CASCADE, related_name="costs", verbose_name=_("part of a post"))
    row = models.CharField(_("Row"), max_length=24, choices=[(row.value, row.value) for row in PersonnelRow])

    objects = SalaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost of a post")
        verbose_name_plural = _("costs of posts")
        constraints = [models.UniqueConstraint(fields=["part", "row"], name="post_cost_once_a_row")]


class PoolShare(Amounts):
    """What a pool gives to another pool or to a product."""

    pool = models.ForeignKey(CostPool, models.CASCADE, related_name="shares", verbose_name=_("Cost pool"))
    to_pool = models.ForeignKey(
        CostPool, models.CASCADE, null=True, related_name="given", verbose_name=_("To the pool")
    )
    budget_product = models.ForeignKey(
        BudgetProduct, models.CASCADE, null=True, related_name="pool_shares", verbose_name=_("Product")
    )

    objects = PoolScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of a pool")
        verbose_name_plural = _("shares of pools")
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "to_pool", "budget_product"], nulls_distinct=False, name="pool_share_once"
            ),
        ]


@refused_to_site("DELETE")
class CalculationState(models.Model):
    """How many changes a budget's posts, pools and rates have seen, and how many its calculated lines hold.

    `problems` are what the last calculation found, as `pricing.services.problems` makes them; with one it wrote nothing.
    """

    budget = models.OneToOneField(
        Budget, models.DO_NOTHING, primary_key=True, related_name="calculation_state", verbose_name=_("Budget")
    )
    changed = models.BigIntegerField(_("Changes so far"), default=0, db_default=0)
    calculated = models.BigIntegerField(_("Changes in the calculated lines"), default=0, db_default=0)
    problems = models.JSONField(_("Problems"), default=list, db_default=models.Value([], models.JSONField()))
    calculated_at = models.DateTimeField(_("Calculated"), null=True)
    failed_at = models.DateTimeField(_("Failed"), null=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the calculation")
        verbose_name_plural = _("states of the calculation")


class CapitalQuerySet(BudgetScopedQuerySet["CapitalCost"]):
    budget_path = "budget_product__budget__"


class CapitalCost(Amounts):
    """What investments and loans give a product of depreciation or interest, by the asset class; empty for loans of none.

    Written by the app of investments, which knows them; here it is one more thing that a product's calculation is made of.
    """

    budget_product = models.ForeignKey(
        BudgetProduct, models.CASCADE, related_name="capital_costs", verbose_name=_("Product")
    )
    cost_kind = models.CharField(_("Cost kind"), max_length=20, choices=COST_KINDS[:7])
    part = models.CharField(_("Part"), max_length=60, blank=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    provenance = models.CharField(_("Source"), max_length=10)

    objects = CapitalQuerySet.as_manager()

    class Meta:
        verbose_name = _("capital cost of a product")
        verbose_name_plural = _("capital costs of products")
        constraints = [
            models.UniqueConstraint(fields=["budget_product", "cost_kind", "part"], name="capital_cost_once_a_part"),
            models.CheckConstraint(condition=Q(cost_kind__in=["depreciation", "interest"]), name="capital_cost_kind"),
        ]
