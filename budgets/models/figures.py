"""Figures as published: stored as printed, never computed, and compared with what the system computes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from budgets.models.base import BudgetScopedQuerySet
from budgets.models.budget import Budget
from web.tracking import tracked


@tracked()
class PublishedFigure(models.Model):
    """One printed figure, in tkr; empty where the document prints an x (not yet known, which is not zero).

    `edition` says which year's figure of which kind it is (budget:2026, forecast:2024, actual:2025), so that the
    same figure is found in several tables whatever their columns are called.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="published_figures")
    table = models.CharField(max_length=80)
    row = models.CharField(max_length=160)
    label = models.CharField(max_length=160)
    column = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    tkr = models.BigIntegerField(null=True)
    is_unknown = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=240, blank=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        ordering = ["table", "position"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "table", "row", "column", "edition"], name="figure_printed_once"),
            models.CheckConstraint(
                condition=Q(is_unknown=True) ^ Q(tkr__isnull=False), name="unknown_figure_has_no_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}"
