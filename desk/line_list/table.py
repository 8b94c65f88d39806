"""The table of cost lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Budget, CostLine
from budgets.selectors.lines import LEFT_OUT
from engine.years import AMOUNTS
from web.names import name_of
from web.tables import (
    OPTIONAL,
    BaseTable,
    ProvenanceColumn,
    SekColumn,
    total_label,
)


class LineTable(BaseTable):
    """Cost lines, SEK."""

    text = tables.Column(verbose_name=gettext_lazy("Line"), footer=total_label)
    product = tables.Column(accessor="budget_product__name", verbose_name=gettext_lazy("Product"))
    sub_budget = tables.Column(
        accessor="budget_product__sub_budget",
        order_by="budget_product__sub_budget__position",
        verbose_name=gettext_lazy("Sub-budget"),
        attrs=OPTIONAL,
    )
    cost_kind = tables.Column(verbose_name=gettext_lazy("Cost kind"), attrs=OPTIONAL)
    amount_1_ore = SekColumn(total=True, css="now")
    amount_2_ore = SekColumn(total=True, css="opt")
    amount_3_ore = SekColumn(total=True, css="opt")
    provenance = ProvenanceColumn(verbose_name=gettext_lazy("Source"), attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No line matches.")

    def __init__(self, data: Iterable[CostLine], *, budget: Budget, totals: Mapping[str, int]) -> None:
        caption = _("Cost lines in %(budget)s, SEK") % {"budget": budget.name}
        if totals.get(LEFT_OUT):
            caption += ". " + _("Income is not in the sum.")
        super().__init__(data, caption=caption, totals=totals)
        self.budget = budget
        for name, year in zip(AMOUNTS, budget.years, strict=True):
            self.columns[name].column.verbose_name = str(year)

    def render_text(self, record: CostLine) -> SafeString:
        """Return a link to the line in its sub-budget."""
        url = reverse("budgets:sub_budget", args=[self.budget.slug, record.budget_product.sub_budget.slug])
        return format_html('<a href="{}#line-{}">{}</a>', url, record.lineage, record.text)

    def render_sub_budget(self, record: CostLine) -> str:
        """Return its name in the reader's language."""
        return name_of(record.budget_product.sub_budget)
