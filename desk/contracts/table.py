"""Contracts as a table, and what it can be filtered by."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.contracts.days import address_of
from desk.contracts.words import STATES, state_of
from objects.models import Contract
from web import marks
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, DayColumn, SekColumn


class ContractTable(BaseTable):
    """Contracts with what ends when."""

    caption = _("Contracts")
    name = tables.Column(verbose_name=_("Contract"))
    supplier = tables.Column(verbose_name=_("Supplier"))
    product = tables.Column(accessor="product__name", verbose_name=_("Product"), attrs=OPTIONAL)
    notice_by = DayColumn(verbose_name=_("Last day of notice"), orderable=False)
    ends_on = DayColumn(verbose_name=_("Ends"))
    amount_ore = SekColumn(verbose_name=_("Amount a year, SEK"))
    registry_no = tables.Column(verbose_name=_("Registry number"), attrs=OPTIONAL)
    state = tables.Column(accessor="pk", verbose_name=pgettext_lazy("contract", "State"), orderable=False)

    class Meta:
        empty_text = _("There is no contract yet, or none matches.")

    def render_name(self, record: Contract) -> SafeString:
        """Return a link to the contract."""
        return format_html('<a href="{}">{}</a>', address_of(record.uuid), record.name)

    def render_state(self, record: Contract) -> SafeString:
        """Return how it stands today."""
        mark, words = STATES[state_of(record, timezone.localdate())]
        return marks.status(mark, words)

    def value_state(self, record: Contract) -> str:
        """Return the same as words, for files."""
        return str(STATES[state_of(record, timezone.localdate())][1])


class ContractFilter(BaseFilterSet):
    """By words, and by the year in which it ends."""

    q = django_filters.CharFilter(label=_("Contract, supplier or product"), method="by_text")
    ends = django_filters.ChoiceFilter(label=_("Ends in"), field_name="ends_on__year", empty_label=_("All"))

    class Meta:
        model = Contract
        fields = ("q", "ends")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        days = self.queryset.exclude(ends_on=None).order_by("ends_on").values_list("ends_on__year", flat=True)
        self.filters["ends"].extra["choices"] = [(year, str(year)) for year in dict.fromkeys(days)]

    def by_text(self, rows: QuerySet[Contract], name: str, value: str) -> QuerySet[Contract]:
        """Keep those with the words in one of their texts."""
        return rows.filter(containing(value, "name", "supplier", "registry_no", "product__name", "note"))
