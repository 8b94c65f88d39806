"""A cost line: one planned cost of a product, or what lowers it or is earned, with three years' amounts in öre."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Floor, Sign
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models.base import COST_KINDS, BudgetScopedQuerySet, Lineage
from budgets.models.budget import Budget, BudgetProduct, amount_checks
from engine.lines import FIGURES
from engine.money import MAX_ORE
from engine.provenance import Sources, weakest
from engine.result import INCOMES, REDUCTIONS
from objects.models import GovernanceObject
from records.models import Provenance
from web.fields import OreField
from web.tracking import tracked

# What people write in a line.
LINE_FIELDS = ("text", *FIGURES, "governance_object_id", "note")


def rounded_product() -> Combinable:
    """Return quantity × unit price, rounded half away from zero, as money.multiply does."""
    exact = F("quantity") * F("unit_price_ore")
    return Sign(exact) * Floor(
        Abs(exact) + Value("0.5", output_field=models.DecimalField(max_digits=30, decimal_places=4))
    )


# Rule 2: the plan years become the first two, the last is indexed; quantity and price concern the old first year only.
# What nobody has looked at since is no surer than a copy; what made the last year is an index, as sure as that is.
YEAR_ON = {
    "provenance": "CASE WHEN 'assumed' IN (old.provenance, old.index_provenance) THEN 'assumed' ELSE 'copied' END",
    "index_provenance": "i.provenance",
    "amount_1_ore": "old.amount_2_ore",
    "amount_2_ore": "old.amount_3_ore",
    "amount_3_ore": "round(old.amount_3_ore * i.index)::bigint",
    "quantity": "NULL",
    "unit_price_ore": "NULL",
}


@tracked(
    key="line",
    shown=("cost_kind", "amount_1_ore", "amount_2_ore", "amount_3_ore"),
    copied={
        "provenance": "CASE WHEN old.provenance = 'calculated' AND NOT old.is_calculated THEN 'entered' ELSE old.provenance END"
    },
    year_on=YEAR_ON,
    meta={
        "indexes": [
            models.Index(fields=["budget", "lineage"], name="cost_line_events_by_lineage"),
            # Of all budgets together; those of one are found by an index of their own (records, migration 0008).
            models.Index(fields=["pgh_created_at"], name="cost_line_events_by_time"),
        ]
    },
)
class CostLine(models.Model):
    """Quantity and unit price are both set or both empty and give the first year's amount; typing it clears both."""

    # A constraint's index begins with the budget.
    budget = models.ForeignKey(
        Budget, models.PROTECT, db_index=False, related_name="cost_lines", verbose_name=_("Budget")
    )
    # Its index holds with it what the roll-up sums (migration 0014).
    budget_product = models.ForeignKey(
        BudgetProduct, models.PROTECT, db_index=False, related_name="cost_lines", verbose_name=_("Product")
    )
    lineage = Lineage()
    text = models.CharField(_("Text"), max_length=240)
    cost_kind = models.CharField(_("Cost kind"), max_length=20, choices=COST_KINDS)
    quantity = models.DecimalField(_("Quantity"), max_digits=14, decimal_places=4, null=True, blank=True)
    unit_price_ore = OreField(_("Unit price, SEK"), null=True, blank=True)
    amount_1_ore = OreField(_("Amount of the first year, SEK"), default=0)
    amount_2_ore = OreField(_("Amount of the second year, SEK"), default=0)
    amount_3_ore = OreField(_("Amount of the third year, SEK"), default=0)
    governance_object = models.ForeignKey(
        GovernanceObject,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cost_lines",
        verbose_name=_("Object that the cost is for"),
    )
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    position = models.IntegerField(_("Place in the order"), default=0)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    # Where the index comes from that made the last year's amount in a copy; empty when no index did.
    index_provenance = models.CharField(
        _("Source of the index"), max_length=10, choices=Provenance, blank=True, default="", db_default=""
    )
    # Written by the calculation and by nothing else; its source is that of what it is calculated from.
    is_calculated = models.BooleanField(_("Calculated"), default=False, db_default=False)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True, db_default=models.functions.Now())

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost line")
        verbose_name_plural = _("cost lines")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="cost_line_lineage_once_a_budget"),
            models.UniqueConstraint(
                fields=["budget_product", "cost_kind"],
                condition=Q(is_calculated=True),
                name="one_calculated_line_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(cost_kind__in=[kind for kind, _label in COST_KINDS]), name="cost_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True, unit_price_ore__isnull=True)
                | Q(quantity__isnull=False, unit_price_ore__isnull=False, amount_1_ore=rounded_product()),
                name="quantity_times_price_is_the_first_amount",
            ),
            models.CheckConstraint(
                condition=~Q(cost_kind__in=sorted(kind.value for kind in REDUCTIONS))
                | Q(amount_1_ore__lte=0, amount_2_ore__lte=0, amount_3_ore__lte=0),
                name="use_of_equity_lowers_cost",
            ),
            models.CheckConstraint(
                condition=~Q(cost_kind__in=sorted(kind.value for kind in INCOMES))
                | Q(amount_1_ore__gte=0, amount_2_ore__gte=0, amount_3_ore__gte=0),
                name="income_is_never_negative",
            ),
            *amount_checks("cost_line", MAX_ORE),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def amounts(self) -> tuple[int, int, int]:
        """The three years' amounts, öre."""
        return (self.amount_1_ore, self.amount_2_ore, self.amount_3_ore)

    @property
    def sources(self) -> Sources:
        """Where the three years' amounts come from; what an index made is no surer than the index."""
        index = [self.index_provenance] if self.index_provenance else []
        return self.provenance, self.provenance, weakest([self.provenance, *index])
