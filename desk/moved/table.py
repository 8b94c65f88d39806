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

from budgets.models import Budget, BudgetProduct
from engine.years import AMOUNTS
from pricing.models import MovedCost
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, ProvenanceColumn, TkrColumn, total_label


class MovedTable(BaseTable):
    """From where to where, tkr of three years, and why."""

    reason = tables.Column(verbose_name=gettext_lazy("Reason"), footer=total_label)
    from_product = tables.Column(accessor="from_product__name", verbose_name=gettext_lazy("From"))
    to_product = tables.Column(accessor="to_product__name", verbose_name=gettext_lazy("To"))
    amount_1_ore = TkrColumn(total=True, css="now")
    amount_2_ore = TkrColumn(total=True, css="opt")
    amount_3_ore = TkrColumn(total=True, css="opt")
    provenance = ProvenanceColumn(verbose_name=gettext_lazy("Source"), attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No moved cost matches.")

    def __init__(self, data: Iterable[MovedCost], *, budget: Budget, totals: Mapping[str, int], can_edit: bool) -> None:
        caption = _("Cost that %(budget)s holds at another product than the budget before, tkr")
        super().__init__(data, caption=caption % {"budget": budget.name}, totals=totals)
        self.budget, self.can_edit = budget, can_edit
        for name, year in zip(AMOUNTS, budget.years, strict=True):
            self.columns[name].column.verbose_name = str(year)

    def render_reason(self, record: MovedCost) -> SafeString | str:
        """Return why, which leads to the record's page."""
        url = reverse("budgets:moved_cost", args=[self.budget.slug, record.lineage])
        return format_html('<a class="wrap" href="{}">{}</a>', url, record.reason)

    def render_from_product(self, record: MovedCost) -> SafeString:
        """Return a link to the product that it left."""
        return self._link(record.from_product)

    def render_to_product(self, record: MovedCost) -> SafeString:
        """Return a link to the product that holds it now."""
        return self._link(record.to_product)

    def _link(self, product: BudgetProduct) -> SafeString:
        url = reverse("budgets:product", args=[self.budget.slug, product.lineage])
        return format_html('<a href="{}">{}</a>', url, product.name)

    def value_from_product(self, record: MovedCost) -> str:
        """Return its name, for files."""
        return str(record.from_product.name)

    def value_to_product(self, record: MovedCost) -> str:
        """Return its name, for files."""
        return str(record.to_product.name)

    def value_reason(self, record: MovedCost) -> str:
        """Return why, for files."""
        return str(record.reason)


class MovedFilter(BaseFilterSet):
    """By words."""

    q = django_filters.CharFilter(label=gettext_lazy("Product or reason"), method="by_text")

    class Meta:
        model = MovedCost
        fields = ("q",)

    def by_text(self, rows: QuerySet[MovedCost], name: str, value: str) -> QuerySet[MovedCost]:
        """Keep those with the words in their reason or products."""
        return rows.filter(containing(value, "reason", "from_product__name", "to_product__name"))
