"""Where a line comes from: the contract that sets its price, or the development item that it pays for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from objects.models import Contract, DevelopmentItem
from web.tracking import tracked


@tracked(key="line_origin", shown=("contract", "item"), title="contract", is_inside=True)
class LineOrigin(models.Model):
    """The origin of a budget's line, which has the same lineage; it is copied with the budget, as the line is.

    It stays when the line is deleted, so that a line that is put back has it again.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="line_origins", verbose_name=_("Budget"))
    lineage = Lineage()
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="line_origins", verbose_name=_("Contract")
    )
    item = models.ForeignKey(
        DevelopmentItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="line_origins",
        verbose_name=_("development item"),
    )

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("origin of a line")
        verbose_name_plural = _("origins of lines")
        ordering = ["budget", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="line_origin_once"),
            models.CheckConstraint(
                condition=Q(contract__isnull=True) ^ Q(item__isnull=True), name="line_has_one_origin"
            ),
        ]

    def __str__(self) -> str:
        return str(self.contract or self.item)
