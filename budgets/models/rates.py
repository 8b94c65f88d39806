"""Planning rates: dated rows with their source, of which a budget uses those that it chose."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models.base import BudgetScopedQuerySet, Lineage
from budgets.models.budget import Budget
from objects.models.roles import FederationQuerySet
from records.models import Provenance
from web.days import DayField, day_checks
from web.fields import OreField
from web.tracking import tracked


class AgeClass(models.TextChoices):
    """Whose contributions differ by age."""

    YOUNG = "young", pgettext_lazy("age class", "young")
    SENIOR = "senior", pgettext_lazy("age class", "senior")


class RateKind(models.TextChoices):
    """What a planning rate is of."""

    WAGE_REVISION = "wage_revision", _("wage revision")
    ABSENCE = "absence", _("absence deduction")
    HOLIDAY_PAY = "holiday_pay", _("holiday pay")
    EMPLOYER_CONTRIBUTIONS = "employer_contributions", _("employer contributions")
    PENSION = "pension", _("pension")
    INSURANCE = "insurance", _("insurance")
    HOURS = "hours", _("hours per full-time equivalent")
    INTEREST = "interest", _("interest")
    VAT = "vat", _("VAT")


# A rate has no name of its own: its kind in the reader's words, and the day that it holds from.
RATE_NAME = Concat(
    Case(
        *(When(kind=kind.value, then=Value(kind.label, output_field=models.CharField())) for kind in RateKind),
        default="kind",
        output_field=models.CharField(),
    ),
    Value(" "),
    Cast("valid_from_on", models.CharField()),
    output_field=models.CharField(),
)


@tracked(key="rate", shown=("kind", "age_class", "valid_from_on", "value"), name=RATE_NAME)
class PlanningRate(models.Model):
    """A rate from a day on: per cent, or hours for HOURS. `engine.personnel` says how each is used.

    A rate of an age class states its ceiling, or says that it has none.
    """

    Kind = RateKind

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Rate"), max_length=24, choices=Kind)
    age_class = models.CharField(_("Age class"), max_length=10, choices=AgeClass, blank=True, default="")
    valid_from_on = DayField(_("Valid from"), ahead=10)
    value = models.DecimalField(_("Value, per cent or hours"), max_digits=9, decimal_places=3)
    ceiling_ore = OreField(_("Up to a month's pay of, SEK"), null=True, blank=True)
    is_uncapped = models.BooleanField(_("Without ceiling"), default=False)
    source = models.CharField(_("Where it is found"), max_length=200, blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("planning rate")
        verbose_name_plural = _("planning rates")
        ordering = ["kind", "age_class", "valid_from_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(value__gt=-100, value__lt=10000), name="planning_rate_is_sane"),
            models.CheckConstraint(
                condition=Q(age_class="", ceiling_ore__isnull=True, is_uncapped=False)
                | Q(age_class__in=AgeClass.values, kind="employer_contributions", ceiling_ore__gt=0, is_uncapped=False)
                | Q(
                    age_class__in=AgeClass.values,
                    kind="employer_contributions",
                    ceiling_ore__isnull=True,
                    is_uncapped=True,
                ),
                name="age_rate_states_its_ceiling",
                violation_error_message=_(
                    "Only employer contributions differ by age. Write the month's pay that the rate holds up to, or say that it has no ceiling."
                ),
            ),
            *day_checks("planning_rate", "valid_from_on"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from_on}: {self.value}"


@tracked(key="chosen_rate", title="rate")
class ChosenRate(models.Model):
    """A planning rate that a budget uses; copied with it and frozen by its adoption."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="chosen_rates", verbose_name=_("Budget"))
    lineage = Lineage()
    rate = models.ForeignKey(PlanningRate, models.PROTECT, related_name="chosen_by", verbose_name=_("Planning rate"))

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("chosen rate")
        verbose_name_plural = _("chosen rates")
        ordering = ["budget", "rate"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "rate"], name="rate_chosen_once"),
            models.UniqueConstraint(fields=["budget", "lineage"], name="chosen_rate_lineage_once_a_budget"),
        ]

    def __str__(self) -> str:
        return str(self.rate)
