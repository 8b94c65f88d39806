"""An allocation key of a budget: by which weights a product's revenue is split on customers (rule 7).

The trick: weights are data. Equal parts, and inhabitants of a date, are copied in as weights, so that nobody's later count
changes what was decided.
"""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models.base import BudgetScopedQuerySet, Lineage
from budgets.models.budget import Budget
from engine.shares import fill_years
from objects.models import Customer, Decision
from records.models import Provenance
from web.days import DayField, day_checks
from web.ordering import in_swedish
from web.tracking import tracked


@tracked(key="key", shown=("basis",))
class AllocationKey(models.Model):
    """A named set of weights; copied with its budget and frozen by its adoption."""

    class Basis(models.TextChoices):
        EQUAL = "equal", _("equal parts")
        INHABITANTS = "inhabitants", _("inhabitants")
        FIXED = "fixed", _("fixed shares")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="allocation_keys", verbose_name=_("Budget"))
    lineage = Lineage()
    slug = models.SlugField(_("Name in the address"), max_length=60)
    name_sv = models.CharField(_("Name in Swedish"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=120)
    basis = models.CharField(_("Divided by"), max_length=12, choices=Basis)
    counted_on = DayField(_("Counted on"), null=True, blank=True, ahead=5)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allocation_keys",
        verbose_name=_("Set by the decision"),
    )

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation key")
        verbose_name_plural = _("allocation keys")
        ordering = ["budget", in_swedish("name_sv")]
        constraints = [
            models.UniqueConstraint(fields=["budget", "slug"], name="key_slug_once_a_budget"),
            models.UniqueConstraint(fields=["budget", "lineage"], name="key_lineage_once_a_budget"),
            # The target of the composite foreign key that keeps a product's key in its own budget.
            models.UniqueConstraint(fields=["id", "budget"], name="key_of_budget"),
            models.CheckConstraint(
                condition=Q(basis="inhabitants") ^ Q(counted_on__isnull=True),
                name="only_inhabitants_are_counted_on_a_date",
                violation_error_message=_("Write the date of the count for a key by inhabitants, and for no other."),
            ),
            *day_checks("key", "counted_on"),
        ]

    def __str__(self) -> str:
        return self.name_sv


WEIGHTS = ("weight", "weight_2", "weight_3")
# Those that pay in one of the years.
PAYING = Q(weight__gt=0) | Q(weight_2__gt=0) | Q(weight_3__gt=0)


class KeyWeightQuerySet(BudgetScopedQuerySet["KeyWeight"]):
    budget_path = "key__budget__"


# The plan years become the first two; empty ones go on as the year before.
YEAR_ON = {"weight": "COALESCE(old.weight_2, old.weight)", "weight_2": "old.weight_3", "weight_3": "NULL"}


@tracked(shown=WEIGHTS, title="customer", place="key", is_inside=True, year_on=YEAR_ON)
class KeyWeight(models.Model):
    """A customer's weight in a key: its part is the weight divided by the sum of the key's weights."""

    key = models.ForeignKey(AllocationKey, models.CASCADE, related_name="weights", verbose_name=_("Allocation key"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="key_weights", verbose_name=_("Customer"))
    weight = models.DecimalField(_("Weight"), max_digits=14, decimal_places=4, validators=[MinValueValidator(0)])
    # Of the plan years; one that is left empty is that of the year before, as engine.shares.fill_years has it.
    weight_2 = models.DecimalField(
        _("Weight in the second year"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    weight_3 = models.DecimalField(
        _("Weight in the third year"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    objects = KeyWeightQuerySet.as_manager()

    class Meta:
        verbose_name = _("weight in a key")
        verbose_name_plural = _("weights in keys")
        ordering = ["key", in_swedish("customer__name")]
        constraints = [
            models.UniqueConstraint(fields=["key", "customer"], name="weight_once_a_customer"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="weight_is_not_negative"),
            models.CheckConstraint(
                condition=Q(weight_2__gte=0) | Q(weight_2__isnull=True), name="second_weight_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(weight_3__gte=0) | Q(weight_3__isnull=True), name="third_weight_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.weight}"

    @property
    def years(self) -> tuple[Decimal, Decimal, Decimal]:
        """The weights of the three years."""
        return fill_years(self.weight, self.weight_2, self.weight_3)
