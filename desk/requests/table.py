"""Supplementary requests as a table."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Budget
from desk.requests.words import MARKS
from investments.models import SupplementaryRequest
from investments.models.requests import ASKED
from web import marks
from web.filters import BaseFilterSet, containing
from web.names import name_of
from web.tables import OPTIONAL, BaseTable, TkrColumn


class RequestTable(BaseTable):
    """What is asked for, by whom, how much and how it went."""

    name = tables.Column(verbose_name=gettext_lazy("What is asked for"))
    governance_object = tables.Column(verbose_name=gettext_lazy("Object"), default="–", attrs=OPTIONAL)
    about = tables.Column(
        verbose_name=gettext_lazy("For"), accessor="pk", order_by=("asset_class__name", "product__name"), attrs=OPTIONAL
    )
    amount_1_ore = TkrColumn(css="now")
    amount_2_ore = TkrColumn(css="opt")
    amount_3_ore = TkrColumn(css="opt")
    financing = tables.Column(verbose_name=gettext_lazy("Paid by"), attrs=OPTIONAL)
    state = tables.Column(verbose_name=pgettext_lazy("of a request", "State"))
    gathered_in = tables.Column(verbose_name=gettext_lazy("Gathered into"), default="–", attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No request matches.")

    def __init__(self, data: QuerySet[SupplementaryRequest], *, budget: Budget) -> None:
        caption = _("Supplementary requests of %(year)s, tkr") % {"year": budget.fiscal_year}
        super().__init__(data, caption=caption)
        self.budget = budget
        for name, year in zip(ASKED, budget.years, strict=True):
            self.columns[name].column.verbose_name = str(year)

    def render_name(self, record: SupplementaryRequest) -> SafeString:
        """Lead to the request."""
        address = reverse("forecasts:request", args=[self.budget.slug, record.uuid])
        return format_html('<a href="{}">{}</a>', address, record.name)

    def value_name(self, record: SupplementaryRequest) -> str:
        """Return the name, for files."""
        return record.name

    def render_governance_object(self, value: Any) -> str:
        """Return the object's name in the reader's language."""
        return name_of(value)

    def render_about(self, record: SupplementaryRequest) -> str:
        """Return the asset class or the product."""
        return str(record.asset_class or record.product)

    def render_state(self, record: SupplementaryRequest) -> SafeString:
        """Return the state with its mark."""
        return marks.status(MARKS[record.state], record.get_state_display())

    def value_state(self, record: SupplementaryRequest) -> str:
        """Return the state, for files."""
        return str(record.get_state_display())


class RequestFilter(BaseFilterSet):
    """By words and state."""

    q = django_filters.CharFilter(label=gettext_lazy("What is asked for"), method="by_words")
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a request", "State"),
        empty_label=gettext_lazy("All"),
        choices=SupplementaryRequest.State.choices,
    )

    class Meta:
        model = SupplementaryRequest
        fields = ("q", "state")

    def by_words(self, rows: QuerySet[SupplementaryRequest], name: str, value: str) -> QuerySet[SupplementaryRequest]:
        """Keep those with the words in what is asked for or why."""
        return rows.filter(containing(value, "name", "reason"))
