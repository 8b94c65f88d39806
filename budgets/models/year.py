"""A budget's year: how it was started from another one, and the days that people set for it.

What is kept of a start is what no row of the new budget says: which rate made the last year, and what the budget was
when the start ended. The amounts themselves are in the history of its lines.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models.base import COST_KINDS, BudgetScopedQuerySet
from budgets.models.budget import Budget
from engine.days import DayKind
from records.models import Provenance
from web.days import DayField, YearField, day_checks
from web.tracking import tracked


class StartedIndexQuerySet(BudgetScopedQuerySet["StartedIndex"]):
    budget_path = "start__budget__"


@tracked(key="start", shown=("source",), hidden=("mark",), name=F("budget__name"), is_inside=True)
class BudgetStart(models.Model):
    """How a budget was started: from which one, what was left out, and its mark when the start ended."""

    budget = models.OneToOneField(Budget, models.PROTECT, related_name="start", verbose_name=_("Budget"))
    source = models.ForeignKey(Budget, models.PROTECT, related_name="starts", verbose_name=_("Copied from"))
    ended = models.TextField(_("Products that ended"), blank=True, default="")
    keeps_notes = models.BooleanField(_("Notes were copied"), default=True)
    # The newest events of the budget (budgets.services.shown): what is newer was changed by somebody.
    mark = models.TextField(_("Mark"), blank=True, default="")

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("start of a budget")
        verbose_name_plural = _("starts of budgets")

    def __str__(self) -> str:
        return f"{self.budget} ← {self.source}"


@tracked(key="started_index", shown=("cost_kind", "year", "percent", "source_text"), place="start", is_inside=True)
class StartedIndex(models.Model):
    """The index by which a start made the last year's amounts of a cost kind, as it was that day."""

    start = models.ForeignKey(BudgetStart, models.CASCADE, related_name="indexes", verbose_name=_("start of a budget"))
    cost_kind = models.CharField(_("Cost kind"), max_length=20, choices=COST_KINDS)
    year = YearField(_("Year"))
    percent = models.DecimalField(_("Per cent"), max_digits=6, decimal_places=3)
    valid_from_on = DayField(_("Decided from"), null=True, blank=True, ahead=5)
    source_text = models.CharField(_("Where it comes from"), max_length=200, blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, blank=True, default="")

    objects = StartedIndexQuerySet.as_manager()

    class Meta:
        verbose_name = _("index of a start")
        verbose_name_plural = _("indexes of a start")
        ordering = ["start", "cost_kind"]
        constraints = [
            models.UniqueConstraint(fields=["start", "cost_kind"], name="one_index_a_kind_of_a_start"),
            models.CheckConstraint(condition=Q(percent__gt=-100, percent__lt=1000), name="started_index_is_sane"),
            *day_checks("started_index", "valid_from_on"),
        ]

    def __str__(self) -> str:
        return f"{self.cost_kind} {self.year}: {self.percent} %"


@tracked(key="clock_step", shown=("code", "name", "on", "done_on"), is_inside=True)
class ClockStep(models.Model):
    """A day that people set in a budget's year, or that a step is done; what follows from others is never stored.

    `code` is one of `engine.clock.TYPED`, or empty for a step of the federation's own, which has a name.
    """

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="clock_steps", verbose_name=_("Budget"))
    code = models.CharField(pgettext_lazy("year clock", "Step"), max_length=30, blank=True, default="")
    name = models.CharField(_("Name"), max_length=120, blank=True, default="")
    who = models.CharField(_("Who does it"), max_length=80, blank=True, default="")
    on = DayField(_("Day"), null=True, blank=True, back=5, ahead=12)
    done_on = DayField(_("Done on"), null=True, blank=True, back=5, ahead=0, kind=DayKind.DONE)
    # Whether somebody stands up for the day; what a person saves is entered.
    provenance = models.CharField(
        _("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED, db_default="entered"
    )
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of the year clock")
        verbose_name_plural = _("steps of the year clock")
        ordering = ["budget", "on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "code"], condition=~Q(code=""), name="clock_step_once_a_budget"),
            models.CheckConstraint(condition=Q(code="") ^ Q(name=""), name="clock_step_is_known_or_named"),
            *day_checks("clock_step", "on", "done_on"),
        ]

    def __str__(self) -> str:
        return self.name or self.code
