"""Reasons for differences in reconciliation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, BudgetScopedQuerySet
from web.tracking import tracked


@tracked(key="explanation", shown=("table", "row", "column"), hidden=("author",))
class ReconciliationReason(models.Model):
    """Why a published figure differs from the computed one, as a person has explained it. Never frozen."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="reconciliation_reasons", verbose_name=_("Budget"))
    table = models.CharField(_("Table"), max_length=80)
    row = models.CharField(_("Row"), max_length=160)
    column = models.CharField(_("Column"), max_length=40)
    text = models.TextField(_("Text"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reconciliation_reasons", verbose_name=_("Author")
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for a difference")
        verbose_name_plural = _("reasons for differences")
        ordering = ["table", "row", "column"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "table", "row", "column"], name="one_reason_per_figure")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}"
