"""The table of a budget's moved cost, and what it can be filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Budget
from engine.years import AMOUNTS
from pricing.models import MovedCost
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, ProvenanceColumn, TkrColumn, total_label

ENDS = ("from_product", "to_product", "reason")


class MovedTable(BaseTable):
    """From where to where, tkr of three years, and why; a file has these apart."""

    move = tables.Column(
        accessor="reason",
        order_by=("from_product__name", "to_product__name"),
        verbose_name=gettext_lazy("From → to"),
        footer=total_label,
    )
    from_product = tables.Column(accessor="from_product__name", verbose_name=gettext_lazy("From"))
    to_product = tables.Column(accessor="to_product__name", verbose_name=gettext_lazy("To"))
    reason = tables.Column(verbose_name=gettext_lazy("Reason"))
    amount_1_ore = TkrColumn(total=True, css="now")
    amount_2_ore = TkrColumn(total=True, css="opt")
    amount_3_ore = TkrColumn(total=True, css="opt")
    provenance = ProvenanceColumn(verbose_name=gettext_lazy("Source"), attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("There is no moved cost yet, or none matches.")

    def __init__(
        self, data: Iterable[MovedCost], *, budget: Budget, totals: Mapping[str, int], as_file: bool = False
    ) -> None:
        caption = _("Cost that %(budget)s holds at another product than the budget before, tkr")
        left_out = ("move",) if as_file else ENDS
        super().__init__(data, caption=caption % {"budget": budget.name}, totals=totals, exclude=left_out)
        self.budget = budget
        for name, year in zip(AMOUNTS, budget.years, strict=True):
            self.columns[name].column.verbose_name = str(year)

    def render_move(self, record: MovedCost) -> SafeString:
        """Return from where to where, which leads to the record's page, and why."""
        return format_html(
            '<span class="wrap"><a href="{}">{} → {}</a><br><span class="muted small">{}</span></span>',
            reverse("budgets:moved_cost", args=[self.budget.slug, record.lineage]),
            record.from_product.name,
            record.to_product.name,
            record.reason,
        )


class MovedFilter(BaseFilterSet):
    """By words."""

    q = django_filters.CharFilter(label=gettext_lazy("Product or reason"), method="by_text")

    class Meta:
        model = MovedCost
        fields = ("q",)

    def by_text(self, rows: QuerySet[MovedCost], name: str, value: str) -> QuerySet[MovedCost]:
        """Keep those with the words in their reason or products."""
        return rows.filter(containing(value, "reason", "from_product__name", "to_product__name"))
