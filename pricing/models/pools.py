"""Cost pools: what they cost beside their posts, and whom they serve by which weights (rule 5)."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetProduct, BudgetScopedQuerySet, Lineage
from budgets.models.budget import amount_checks
from engine.money import MAX_ORE
from engine.result import CostKind
from records.models import Provenance
from web.fields import OreField
from web.tracking import tracked

Row = TypeVar("Row", bound=models.Model, covariant=True)


@tracked(key="pool", shown=("unit", "gives"))
class CostPool(models.Model):
    """Cost that others use: its posts, its lines, and what other pools give it; all of it is placed on whom it serves.

    A pool that is part of another is told with it in the table of controllable costs. What products take of a pool is
    a cost of the kind that it `gives`; what the base grant takes of staff time is personnel there.
    """

    class Unit(models.TextChoices):
        HOURS = "hours", pgettext_lazy("weights of a pool", "hours")
        PERCENT = "percent", pgettext_lazy("weights of a pool", "per cent")

    class Gives(models.TextChoices):
        STAFF_TIME = CostKind.STAFF_TIME.value, _("Staff and overhead time")
        SERVER_OPERATION = CostKind.SERVER_OPERATION.value, _("Server operation")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="cost_pools", verbose_name=_("Budget"))
    lineage = Lineage()
    slug = models.SlugField(_("Name in the address"), max_length=60)
    name_sv = models.CharField(_("Name in Swedish"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=120)
    # The slug of the pool in whose row of that table it is told; empty for one that has a row.
    part_of = models.SlugField(_("Part of"), max_length=60, blank=True, default="")
    unit = models.CharField(_("Weights in"), max_length=10, choices=Unit, default=Unit.HOURS)
    gives = models.CharField(_("Is on products"), max_length=20, choices=Gives, default=Gives.STAFF_TIME)
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)
    # Where the weights come from, and with them what is calculated.
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost pool")
        verbose_name_plural = _("cost pools")
        ordering = ["budget", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "slug"], name="pool_slug_once_a_budget"),
            models.UniqueConstraint(fields=["budget", "lineage"], name="pool_lineage_once_a_budget"),
            models.CheckConstraint(condition=~Q(part_of=F("slug")), name="pool_is_not_part_of_itself"),
        ]

    def __str__(self) -> str:
        return self.name_sv


class PoolScopedQuerySet(BudgetScopedQuerySet[Row]):
    budget_path = "pool__budget__"


# What nobody has looked at since is no surer than a copy, and what was assumed, or raised by an assumed index, stays so.
COPIED = "CASE WHEN 'assumed' IN ({parts}) THEN 'assumed' ELSE 'copied' END"


@tracked(
    key="pool_line",
    shown=("row", "amount_1_ore", "amount_2_ore", "amount_3_ore"),
    place="pool",
    year_on={
        "amount_1_ore": "old.amount_2_ore",
        "amount_2_ore": "old.amount_3_ore",
        "amount_3_ore": "round(old.amount_3_ore * i.index)::bigint",
        "provenance": COPIED.format(parts="old.provenance, i.provenance"),
    },
    # It rises as the cost does that products take of it.
    indexed_by="(SELECT gives FROM pricing_costpool WHERE id = old.pool_id)",
)
class PoolLine(models.Model):
    """A cost of a pool that is no post; `row` is its row in the personnel table, or OTHER for what is no staff cost."""

    class Row(models.TextChoices):
        HIRED_STAFF = "hired_staff", _("hired staff")
        OTHER_STAFF = "other_staff", _("other staff cost")
        OTHER = "other", pgettext_lazy("cost of a pool", "other cost")

    pool = models.ForeignKey(CostPool, models.CASCADE, related_name="lines", verbose_name=_("Cost pool"))
    text = models.CharField(_("Text"), max_length=240)
    row = models.CharField(_("Kind"), max_length=12, choices=Row, default=Row.OTHER)
    amount_1_ore = OreField(_("Amount of the first year, SEK"), default=0)
    amount_2_ore = OreField(_("Amount of the second year, SEK"), default=0)
    amount_3_ore = OreField(_("Amount of the third year, SEK"), default=0)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = PoolScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost of a pool")
        verbose_name_plural = _("costs of pools")
        ordering = ["pool", "position", "pk"]
        constraints = [*amount_checks("pool_line", MAX_ORE)]

    def __str__(self) -> str:
        return self.text

    @property
    def amounts(self) -> tuple[int, int, int]:
        """The three years' amounts, öre."""
        return (self.amount_1_ore, self.amount_2_ore, self.amount_3_ore)


@tracked(
    key="pool_weight",
    shown=("weight_1", "weight_2", "weight_3"),
    place="pool",
    title="budget_product",
    year_on={
        "weight_1": "old.weight_2",
        "weight_2": "old.weight_3",
        "provenance": COPIED.format(parts="old.provenance"),
    },
)
class PoolWeight(models.Model):
    """How much of a pool another pool or a product uses, in each of the three years; the base grant by its products."""

    pool = models.ForeignKey(CostPool, models.CASCADE, related_name="weights", verbose_name=_("Cost pool"))
    to_pool = models.ForeignKey(
        CostPool, models.PROTECT, null=True, blank=True, related_name="paid_by", verbose_name=_("To the pool")
    )
    budget_product = models.ForeignKey(
        BudgetProduct, models.PROTECT, null=True, blank=True, related_name="pool_weights", verbose_name=_("Product")
    )
    weight_1 = models.DecimalField(_("Weight of the first year"), max_digits=12, decimal_places=2, default=0)
    weight_2 = models.DecimalField(_("Weight of the second year"), max_digits=12, decimal_places=2, default=0)
    weight_3 = models.DecimalField(_("Weight of the third year"), max_digits=12, decimal_places=2, default=0)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = PoolScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a pool")
        verbose_name_plural = _("uses of pools")
        ordering = ["pool", "to_pool", "budget_product"]
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "to_pool", "budget_product"], nulls_distinct=False, name="pool_weight_once"
            ),
            models.CheckConstraint(
                condition=Q(to_pool__isnull=True) ^ Q(budget_product__isnull=True), name="pool_serves_one"
            ),
            models.CheckConstraint(
                condition=Q(weight_1__gte=0, weight_2__gte=0, weight_3__gte=0), name="pool_weight_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool} → {self.to_pool or self.budget_product}"


@tracked(key="pool_product", title="budget_product", place="pool", is_inside=True)
class PoolProduct(models.Model):
    """A product of the base grant whose own lines are part of a pool's cost and stay where they are."""

    pool = models.ForeignKey(CostPool, models.CASCADE, related_name="products", verbose_name=_("Cost pool"))
    budget_product = models.ForeignKey(
        BudgetProduct, models.PROTECT, related_name="told_in_pools", verbose_name=_("Product")
    )

    objects = PoolScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("product of a pool")
        verbose_name_plural = _("products of pools")
        ordering = ["pool", "budget_product"]
        constraints = [models.UniqueConstraint(fields=["budget_product"], name="product_is_told_in_one_pool")]

    def __str__(self) -> str:
        return f"{self.pool}: {self.budget_product}"
