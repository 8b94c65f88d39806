"""The table of sub-budgets."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Budget
from budgets.selectors.sub_budgets import SubBudgetRow
from budgets.words import name_earlier
from web.numbers import format_growth
from web.tables import (
    OPTIONAL,
    BaseTable,
    ChangeColumn,
    CountColumn,
    PercentColumn,
    StatusColumn,
    TkrColumn,
    total_label,
)


class SubBudgetTable(BaseTable):
    """The sub-budgets of a budget beside the year before's, tkr."""

    name = tables.Column(verbose_name=gettext_lazy("Sub-budget"), footer=total_label)
    kind = tables.Column(
        verbose_name=gettext_lazy("Kind of object"),
        accessor="sub_budget__governance_object__get_kind_display",
        orderable=False,
        default=gettext_lazy("base grant"),
        attrs=OPTIONAL,
    )
    status = StatusColumn(accessor="sub_budget__state", verbose_name=gettext_lazy("Status"))
    line_count = CountColumn(verbose_name=gettext_lazy("Lines"), total=True, css="opt")
    now = TkrColumn(accessor="amounts__0", total=True, css="now")
    second = TkrColumn(accessor="amounts__1", total=True, css="opt")
    third = TkrColumn(accessor="amounts__2", total=True, css="opt")
    earlier = TkrColumn(total=True, css="cmp cmp-first opt")
    change = ChangeColumn(verbose_name=pgettext_lazy("amount", "Change"), total=True)
    percent = PercentColumn(verbose_name="%", css="cmp opt", signed=True, empty_values=())

    class Meta:
        empty_text = gettext_lazy("No sub-budget matches.")

    def __init__(self, data: Iterable[SubBudgetRow], *, budget: Budget) -> None:
        caption = _("Sub-budgets in %(budget)s, tkr") % {"budget": budget.name}
        super().__init__(data, caption=caption)
        self.budget = budget
        for name, year in zip(("now", "second", "third"), budget.years, strict=True):
            self.columns[name].column.verbose_name = str(year)
        self.columns["earlier"].column.verbose_name = name_earlier(budget)

    def render_percent(self, record: SubBudgetRow) -> str:
        """Return the change in per cent, or that the sub-budget is new."""
        return format_growth(record.growth)

    def value_percent(self, record: SubBudgetRow) -> Decimal | None:
        """Return the number, for files, where it can be counted with."""
        return record.percent

    def render_name(self, record: SubBudgetRow) -> SafeString:
        """Return a link to the sub-budget."""
        url = reverse("budgets:sub_budget", args=[self.budget.slug, record.sub_budget.slug])
        return format_html('<a href="{}">{}</a>', url, record.name)
