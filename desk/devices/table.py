"""The device register as a table, and what it can be filtered by."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.devices.words import MARKS
from investments.models import AssetClass, DeviceBatch
from investments.selectors.devices import narrow_by_age, sum_devices
from objects.models import Customer
from objects.models.roles import FEDERATION_ROLES, roles_of
from web import marks
from web.filters import BaseFilterSet, containing
from web.ordering import in_swedish
from web.tables import OPTIONAL, BaseTable, CountColumn, SekColumn, TkrColumn, ValueColumn, total_label
from web.workbook import Form

# Batches by how far they are from the month in which their cycle ends.
AGES = (
    ("past", _("past their cycle")),
    ("soon", _("due within a year")),
    ("later", _("due later")),
)


class MonthColumn(ValueColumn):
    """A month; in a file its first day."""

    form = Form.DATE

    def __init__(self, *args: object, css: str = "", **kwargs: object) -> None:
        names = {"th": {"class": css}, "td": {"class": f"nowrap {css}".strip()}, "tf": {"class": css}}
        kwargs.setdefault("attrs", names)
        super().__init__(*args, **kwargs)

    def render(self, value: date) -> str:
        """Return the month."""
        return f"{value:%Y-%m}"


class DeviceTable(BaseTable):
    """Batches of devices with what is left of them."""

    caption = _("Device register")
    caption_hidden = True
    model = tables.Column(verbose_name=_("Model or type"), footer=total_label)
    asset_class = tables.Column(accessor="asset_class__name", verbose_name=_("Asset class"))
    customer = tables.Column(accessor="customer__name", verbose_name=_("Customer"), default=_("the federation"))
    cost_centre = tables.Column(verbose_name=_("Cost centre"), attrs=OPTIONAL)
    taken_on = MonthColumn(verbose_name=_("In use from"))
    due_on = MonthColumn(verbose_name=_("Cycle ends"), default="–", css="opt")
    left = CountColumn(verbose_name=pgettext_lazy("of devices", "Left"), total=True)
    unit_price_ore = SekColumn(verbose_name=_("Price each, SEK"), css="opt")
    cost = TkrColumn(verbose_name=_("Cost, tkr"), total=True)
    state = tables.Column(verbose_name=pgettext_lazy("devices", "State"))
    provenance = tables.Column(verbose_name=_("Source"), attrs=OPTIONAL)

    class Meta:
        empty_text = _("Nothing in the register matches.")

    def __init__(self, data: QuerySet[DeviceBatch], **options: Any) -> None:
        super().__init__(data, totals=sum_devices(data), **options)

    def render_model(self, record: DeviceBatch) -> SafeString:
        """Return a link to the batch."""
        return format_html('<a href="{}">{}</a>', reverse("objects:device", args=[record.uuid]), record.model)

    def render_state(self, record: DeviceBatch) -> SafeString:
        """Return the state with its mark."""
        return marks.status(MARKS[record.state], record.get_state_display())

    def value_state(self, record: DeviceBatch) -> str:
        """Return the state in words, for files."""
        return str(record.get_state_display())

    def render_provenance(self, record: DeviceBatch) -> SafeString:
        """Return where the row comes from."""
        return marks.provenance(record.provenance)

    def value_provenance(self, record: DeviceBatch) -> str:
        """Return the same in words, for files."""
        return str(marks.PROVENANCES.get(record.provenance, record.provenance))


class DeviceFilter(BaseFilterSet):
    """By words, class with its children, customer, age and state."""

    q = django_filters.CharFilter(label=_("Model or cost centre"), method="by_text")
    asset_class = django_filters.ChoiceFilter(label=_("Asset class"), method="by_class", empty_label=_("All"))
    customer = django_filters.ChoiceFilter(label=_("Customer"), method="by_customer", empty_label=_("All"))
    age = django_filters.ChoiceFilter(label=_("Age"), choices=AGES, method="by_age", empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("devices", "State"), choices=DeviceBatch.State.choices, empty_label=_("All")
    )

    class Meta:
        model = DeviceBatch
        fields = ("q", "asset_class", "customer", "age", "state")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        classes = AssetClass.objects.visible_to(self.request.user).order_by("position", "pk")
        self.filters["asset_class"].extra["choices"] = list(classes.values_list("slug", "name"))
        customers = Customer.objects.visible_to(self.request.user).exclude(kind=Customer.Kind.BUYER)
        named: list[tuple[object, object]] = list(customers.order_by(in_swedish("name")).values_list("uuid", "name"))
        if roles_of(self.request.user) & FEDERATION_ROLES:
            named.insert(0, ("none", _("the federation")))
        self.filters["customer"].extra["choices"] = named

    def by_text(self, rows: QuerySet[DeviceBatch], name: str, value: str) -> QuerySet[DeviceBatch]:
        """Keep those with the words in one of their texts."""
        return rows.filter(containing(value, "model", "cost_centre", "note", "reference"))

    def by_class(self, rows: QuerySet[DeviceBatch], name: str, value: str) -> QuerySet[DeviceBatch]:
        """Keep those of a class and of its children."""
        return rows.filter(asset_class__slug=value) | rows.filter(asset_class__parent__slug=value)

    def by_customer(self, rows: QuerySet[DeviceBatch], name: str, value: str) -> QuerySet[DeviceBatch]:
        """Keep a customer's, or the federation's own."""
        return rows.filter(customer=None) if value == "none" else rows.filter(customer__uuid=value)

    def by_age(self, rows: QuerySet[DeviceBatch], name: str, value: str) -> QuerySet[DeviceBatch]:
        """Keep those whose cycle has ended, ends soon or later, of what is in use or in storage."""
        return narrow_by_age(rows, value, timezone.localdate())
