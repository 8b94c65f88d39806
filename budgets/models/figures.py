"""Figures as published: stored as printed, never computed, and compared with what the system computes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models.base import BudgetScopedQuerySet
from budgets.models.budget import Budget
from web.tracking import tracked


@tracked(key="figure", shown=("tkr",), title="label", is_bulk=True)
class PublishedFigure(models.Model):
    """One printed figure, in tkr; empty where the document prints an x (not yet known, which is not zero).

    `edition` says which year's figure of which kind it is (budget:2026, forecast:2024, actual:2025), so that the
    same figure is found in several tables whatever their columns are called.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="published_figures", verbose_name=_("Budget"))
    table = models.CharField(_("Table"), max_length=80)
    row = models.CharField(_("Row"), max_length=160)
    label = models.CharField(_("Heading"), max_length=160)
    column = models.CharField(_("Column"), max_length=40)
    edition = models.CharField(_("Year and kind of figure"), max_length=40)
    tkr = models.BigIntegerField(_("Amount, tkr"), null=True)
    is_unknown = models.BooleanField(_("Not yet known"), default=False)
    position = models.PositiveIntegerField(_("Place in the order"), default=0)
    note = models.CharField(pgettext_lazy("of a line", "Note"), max_length=240, blank=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ["table", "position"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "table", "row", "column", "edition"], name="figure_printed_once"),
            models.CheckConstraint(
                condition=Q(is_unknown=True) ^ Q(tkr__isnull=False), name="unknown_figure_has_no_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}"
