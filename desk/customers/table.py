"""Customers and counts of inhabitants as tables, and what they can be filtered by."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from engine.identifiers import hyphenate
from objects.models import Customer, Inhabitants, Municipality
from records.models import Provenance
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, CountColumn, DayColumn, ProvenanceColumn


class CustomerTable(BaseTable):
    """Customers with their membership and newest count."""

    caption = gettext_lazy("Customers and municipalities")
    caption_hidden = True
    name = tables.Column(verbose_name=gettext_lazy("Name"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind of customer"))
    code = tables.Column(accessor="municipality__code", verbose_name=gettext_lazy("Code"), default="–", attrs=OPTIONAL)
    member_from = DayColumn(
        accessor="municipality__member_from_on", verbose_name=gettext_lazy("Member from"), default="–", css="opt"
    )
    member_to = DayColumn(
        accessor="municipality__member_to_on", verbose_name=gettext_lazy("Member to"), default="–", css="opt"
    )
    count = CountColumn(verbose_name=gettext_lazy("Inhabitants"), default="–")
    counted_on = DayColumn(verbose_name=gettext_lazy("Counted on"), default="–", css="opt")
    organisation_number = tables.Column(verbose_name=gettext_lazy("Organisation number"), default="–", attrs=OPTIONAL)
    gln = tables.Column(verbose_name=gettext_lazy("GLN"), default="–", attrs=OPTIONAL)
    provenance = ProvenanceColumn(verbose_name=gettext_lazy("Source"), attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No customer matches.")

    def render_organisation_number(self, value: str) -> str:
        """Return it with its hyphen."""
        return hyphenate(value)

    def value_organisation_number(self, value: str) -> str:
        """Return its digits, for files."""
        return value

    def render_name(self, record: Customer) -> SafeString:
        """Return a link to the customer."""
        return format_html('<a href="{}">{}</a>', reverse("objects:customer", args=[record.uuid]), record.name)


class CustomerFilter(BaseFilterSet):
    """By words, kind and source."""

    q = django_filters.CharFilter(label=gettext_lazy("Name, number or code"), method="by_words")
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of customer"), choices=Customer.Kind.choices, empty_label=gettext_lazy("All")
    )
    provenance = django_filters.ChoiceFilter(
        label=gettext_lazy("Source"), choices=Provenance.choices, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Customer
        fields = ("q", "kind", "provenance")

    def by_words(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """Keep those with the words in name, numbers or code."""
        own = containing(value, "name", "organisation_number", "gln", "municipality__name", "municipality__code")
        # An organisation number is often written with its hyphen.
        return rows.filter(own | Q(organisation_number__contains=value.replace("-", "") or value))


class CountTable(BaseTable):
    """Counts of inhabitants by day and municipality."""

    caption = gettext_lazy("Inhabitants")
    caption_hidden = True
    municipality = tables.Column(accessor="municipality__name", verbose_name=gettext_lazy("Municipality"))
    code = tables.Column(accessor="municipality__code", verbose_name=gettext_lazy("Code"), attrs=OPTIONAL)
    counted_on = DayColumn(verbose_name=gettext_lazy("Counted on"))
    count = CountColumn(verbose_name=gettext_lazy("Number of inhabitants"))
    provenance = ProvenanceColumn(verbose_name=gettext_lazy("Source"))

    class Meta:
        empty_text = gettext_lazy("No count matches.")

    def render_municipality(self, record: Inhabitants) -> SafeString:
        """Return a link to the municipality."""
        url = reverse("objects:customer", args=[record.municipality.customer.uuid])
        return format_html('<a href="{}">{}</a>', url, record.municipality.name)


class CountFilter(BaseFilterSet):
    """By municipality and year."""

    municipality = django_filters.ChoiceFilter(
        label=gettext_lazy("Municipality"), field_name="municipality__code", empty_label=gettext_lazy("All")
    )
    year = django_filters.ChoiceFilter(
        label=gettext_lazy("Year"), field_name="counted_on__year", empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Inhabitants
        fields = ("municipality", "year")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        names = Municipality.objects.values_list("code", "name")
        self.filters["municipality"].extra["choices"] = list(names)
        days = self.queryset.order_by("-counted_on").values_list("counted_on__year", flat=True)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in dict.fromkeys(days)]
